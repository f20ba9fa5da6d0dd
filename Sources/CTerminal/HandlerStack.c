// Stacks for signal handlers: without one, the overflow of a thread's stack ends the process before any handler can run.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { STACK_SIZE = 64 * 1024 };

static pthread_key_t stack_key;
static pthread_once_t stack_once = PTHREAD_ONCE_INIT;

static void release_stack(void *stack) {
  stack_t off = {.ss_flags = SS_DISABLE};
  sigaltstack(&off, NULL);
  munmap(stack, STACK_SIZE);
}

static void make_stack_key(void) { pthread_key_create(&stack_key, release_stack); }

int crash_guard_protect_thread(void) {
  pthread_once(&stack_once, make_stack_key);
  if (pthread_getspecific(stack_key) != NULL) return 0;
  void *memory = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return -1;
  stack_t stack = {.ss_sp = memory, .ss_size = STACK_SIZE};
  if (sigaltstack(&stack, NULL) != 0) {
    munmap(memory, STACK_SIZE);
    return -1;
  }
  pthread_setspecific(stack_key, memory);
  return 0;
}

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

// Stands before the C library's own: Dispatch starts threads, its timers' among them, that run none of our code first.
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_body body, void *argument) {
  pthread_once(&maker_once, find_maker);
  struct birth *birth = make_thread ? malloc(sizeof *birth) : NULL;
  if (birth == NULL) return EAGAIN;
  *birth = (struct birth){body, argument};
  int error = make_thread(thread, attributes, run_protected, birth);
  if (error != 0) free(birth);
  return error;
}
