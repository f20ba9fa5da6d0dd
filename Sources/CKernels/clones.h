// A function that is compiled for several instruction sets, of which the loader takes the best that the processor runs.
#pragma once

// ThreadSanitizer's compiler instruments what chooses among them, which runs before its runtime can: there is one then.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define IS_ONE 1
#endif
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(IS_ONE)
#define CLONED __attribute__((target_clones("avx512vl", "avx2", "default")))
#else
#define CLONED
#endif

#define INLINED static inline __attribute__((always_inline))

// Rows are mostly short: not unrolled, they have few elements left over.
#define SHORT _Pragma("clang loop vectorize(enable) interleave_count(1)")
