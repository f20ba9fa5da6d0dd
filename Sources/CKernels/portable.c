// Vectors of four floats: what every 64-bit processor has. Products are fused where it can do that at no price.
#define NAME(x) portable_##x
#define SET_NAME "portable"
#define LANES 4
#define TARGET
#if defined(__FP_FAST_FMAF) || defined(__aarch64__)
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define FUSED(a, b, c) ((a) * (b) + (c))
#endif
#define VECTOR_NAME(f) _ZGVbN4v_##f
#define FORMS(X) X(0, 1, 6) X(1, 2, 6) X(2, 3, 4) X(3, 4, 3)
#define UP_TO_3(X, f, v) X(f, v, 1) X(f, v, 2) X(f, v, 3)
#define UP_TO_6(X, f, v) UP_TO_3(X, f, v) X(f, v, 4) X(f, v, 5) X(f, v, 6)
#define TILES(X) UP_TO_6(X, 0, 1) UP_TO_6(X, 1, 2) UP_TO_3(X, 2, 3) X(2, 3, 4) UP_TO_3(X, 3, 4)
#include "tile.h"
