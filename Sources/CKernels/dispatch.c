#include "CKernels.h"
#include <stddef.h>

extern const struct kernel_set portable_kernels;

#if defined(__x86_64__)
extern const struct kernel_set avx512_kernels, avx2_kernels;

static int runs_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}

static int runs_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

const struct kernel_set *kernel_set(int index) {
  __builtin_cpu_init();
  if (runs_avx512() && index-- == 0) return &avx512_kernels;
  if (runs_avx2() && index-- == 0) return &avx2_kernels;
  return index == 0 ? &portable_kernels : NULL;
}
#else
const struct kernel_set *kernel_set(int index) { return index == 0 ? &portable_kernels : NULL; }
#endif
