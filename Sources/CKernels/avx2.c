#if defined(__x86_64__)
#define NAME(x) avx2_##x
#define SET_NAME "AVX2"
#define LANES 8
#define TARGET target("avx2,fma")
#define VECTOR_NAME(f) _ZGVdN8v_##f
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define FORMS(X) X(0, 1, 6) X(1, 2, 6) X(2, 3, 4) X(3, 4, 3)
#define UP_TO_3(X, f, v) X(f, v, 1) X(f, v, 2) X(f, v, 3)
#define UP_TO_6(X, f, v) UP_TO_3(X, f, v) X(f, v, 4) X(f, v, 5) X(f, v, 6)
#define TILES(X) UP_TO_6(X, 0, 1) UP_TO_6(X, 1, 2) UP_TO_3(X, 2, 3) X(2, 3, 4) UP_TO_3(X, 3, 4)
#include <immintrin.h>

#define FIRST_LANES(count) \
  _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define LOAD_FIRST(p, count) _mm256_maskload_ps(p, FIRST_LANES(count))
#define STORE_FIRST(p, v, count) _mm256_maskstore_ps(p, FIRST_LANES(count), (__m256)(v))

#include "CKernels.h"
#include "tile.h"
#endif
