#pragma once
#include <cblas.h>

// LAPACK by its Fortran names: Debian's OpenBLAS is built without LAPACKE.
void dsyev_(const char *job, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
            const int *lwork, int *info);
void ssyevd_(const char *job, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
void dgesdd_(const char *job, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
             const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info);

// OpenBLAS 0.3.21 chooses its kernels when it loads; of processors it does not know it takes some for AVX2 ones, and
// others, where a guest hides a feature, for those of 2004.
// These two, exported by every DYNAMIC_ARCH build, drop that choice and make it again from OPENBLAS_CORETYPE.
void gotoblas_dynamic_quit(void) __attribute__((weak));
void gotoblas_dynamic_init(void) __attribute__((weak));
// Its own thread chooses kernels too, as long as nobody has taken memory: while it does, the choice must not be dropped.
void *blas_memory_alloc(int) __attribute__((weak));
void blas_memory_free(void *) __attribute__((weak));
static inline void choose_kernels_again(void) {
  if (!gotoblas_dynamic_quit || !gotoblas_dynamic_init || !blas_memory_alloc || !blas_memory_free) return;
  blas_memory_free(blas_memory_alloc(0));
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
}

// The widest of OpenBLAS's kernel families that this processor and its system can run: 0 older, 1 Haswell, 2 SkylakeX,
// 3 Cooperlake.
#if defined(__x86_64__)
#include <cpuid.h>
static inline int widest_kernel_family(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) return 0; // OSXSAVE
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((low & 6) != 6 || !(c & (1u << 12)) || !(c & (1u << 28))) return 0; // 256-bit registers, FMA, AVX
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & (1u << 5))) return 0; // AVX2
  if ((low & 0xe6) != 0xe6) return 1; // the system saves the 512-bit registers
  const unsigned skylakex = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31); // F, DQ, BW, VL
  if ((b & skylakex) != skylakex) return 1;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 5))) return 3; // BF16
  return 2;
}
#else
static inline int widest_kernel_family(void) { return 0; }
#endif

// Has the allocator keep freed blocks: given back to the system after each operation, activations of a few megabytes
// cost more in page faults than their arithmetic takes. 32 MiB is the largest threshold that glibc accepts. As few arenas as
// threads compute: each job has a thread of its own, and what is free in one arena is of no use in another.
#include <malloc.h>
#include <sys/sysinfo.h>
static inline void keep_freed_memory(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_ARENA_MAX, 2 + get_nprocs());
#endif
}

// Gives what is free in all arenas back: each thread that ended leaves its own behind.
static inline void give_back_freed_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
