// What ThreadSanitizer has to know of Swift's Mutex: where threads wait for it the library's own code takes it and gives it
// on, which is not instrumented, so that all it protects would be reported. Empty in other builds.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define MUTEX __attribute__((swift_context)) void *mutex
#define SWIFT __attribute__((swiftcall, no_sanitize("thread")))

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

SWIFT void lock_slowly(uint32_t thread, MUTEX) __asm__(LOCK);
SWIFT void unlock_slowly(MUTEX) __asm__(UNLOCK);

SWIFT void lock_slowly(uint32_t thread, MUTEX) {
  typedef __attribute__((swiftcall)) void (*function)(uint32_t, MUTEX);
  ((function)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void unlock_slowly(MUTEX) {
  typedef __attribute__((swiftcall)) void (*function)(MUTEX);
  __tsan_release(mutex);
  ((function)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
#endif
#endif
