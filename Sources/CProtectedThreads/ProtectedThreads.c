// Gives every thread of the program a stack for signal handlers, whoever starts it. Linked into programs alone: what
// stands before a function of the C library does so in the whole process. Sanitizers know of threads by a pthread_create
// of their own, which must stay the first.
#define _GNU_SOURCE
#include "CProtectedThreads.h"

#include <CTerminal.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define HAS_OTHER_MAKER 1
#endif
#endif

#ifndef HAS_OTHER_MAKER
typedef void *(*thread_body)(void *);
typedef int (*thread_maker)(pthread_t *, const pthread_attr_t *, thread_body, void *);

struct birth {
  thread_body body;
  void *argument;
};

static void *run_protected(void *argument) {
  struct birth birth = *(struct birth *)argument;
  free(argument);
  crash_guard_protect_thread();
  return birth.body(birth.argument);
}

static thread_maker make_thread;
static pthread_once_t maker_once = PTHREAD_ONCE_INIT;

static void find_maker(void) { make_thread = (thread_maker)dlsym(RTLD_NEXT, "pthread_create"); }

// Seconds that Dispatch, which asks again for ever, may ask for a thread in vain.
enum { PATIENCE = 4 };

static _Atomic long refused_since;

static void note(int error) {
  if (error != EAGAIN) {
    atomic_store(&refused_since, 0);
    return;
  }
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long none = 0;
  if (!atomic_compare_exchange_strong(&refused_since, &none, now.tv_sec) && now.tv_sec - none >= PATIENCE)
    end_by_missing_memory();
}

// Stands before the C library's own: Dispatch starts threads, its timers' among them, that run none of our code first.
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_body body, void *argument) {
  pthread_once(&maker_once, find_maker);
  struct birth *birth = make_thread ? malloc(sizeof *birth) : NULL;
  if (birth == NULL) return EAGAIN;
  *birth = (struct birth){body, argument};
  int error = make_thread(thread, attributes, run_protected, birth);
  if (error != 0) free(birth);
  note(error);
  return error;
}
#endif
