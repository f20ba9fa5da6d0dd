#if defined(__x86_64__)
#define NAME(x) avx512_##x
#define SET_NAME "AVX-512"
#define LANES 16
#define TARGET target("avx512f,avx512vl,avx512dq,avx512bw,fma")
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define FORMS(X) X(0, 1, 14) X(1, 2, 14) X(2, 4, 6) X(3, 6, 4)
#define UP_TO_4(X, f, v) X(f, v, 1) X(f, v, 2) X(f, v, 3) X(f, v, 4)
#define UP_TO_6(X, f, v) UP_TO_4(X, f, v) X(f, v, 5) X(f, v, 6)
#define UP_TO_14(X, f, v) \
  UP_TO_6(X, f, v) X(f, v, 7) X(f, v, 8) X(f, v, 9) X(f, v, 10) X(f, v, 11) X(f, v, 12) X(f, v, 13) X(f, v, 14)
#define TILES(X) UP_TO_14(X, 0, 1) UP_TO_14(X, 1, 2) UP_TO_6(X, 2, 4) UP_TO_4(X, 3, 6)
#include "tile.h"
#endif
