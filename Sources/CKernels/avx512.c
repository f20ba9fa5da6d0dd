#if defined(__x86_64__)
#define NAME(x) avx512_##x
#define SET_NAME "AVX-512"
#define LANES 16
#define TARGET target("avx512f,avx512vl,avx512dq,avx512bw,fma")
#define VECTOR_NAME(f) _ZGVeN16v_##f
#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)
#define FORMS(X) X(0, 1, 14) X(1, 2, 14) X(2, 4, 6) X(3, 6, 4)
#define UP_TO_4(X, f, v) X(f, v, 1) X(f, v, 2) X(f, v, 3) X(f, v, 4)
#define UP_TO_6(X, f, v) UP_TO_4(X, f, v) X(f, v, 5) X(f, v, 6)
#define UP_TO_14(X, f, v) \
  UP_TO_6(X, f, v) X(f, v, 7) X(f, v, 8) X(f, v, 9) X(f, v, 10) X(f, v, 11) X(f, v, 12) X(f, v, 13) X(f, v, 14)
#define TILES(X) UP_TO_14(X, 0, 1) UP_TO_14(X, 1, 2) UP_TO_6(X, 2, 4) UP_TO_4(X, 3, 6)
#include "CKernels.h"
#include <immintrin.h>

#define FIRST_LANES(count) ((__mmask16)((1u << (count)) - 1))
#define LOAD_FIRST(p, count) _mm512_maskz_loadu_ps(FIRST_LANES(count), p)
#define STORE_FIRST(p, v, count) _mm512_mask_storeu_ps(p, FIRST_LANES(count), (__m512)(v))

#define LIST_CHANNELS avx512_list_channels
static __attribute__((TARGET)) long avx512_list_channels(
    const unsigned char *marks, unsigned char tap, long channels, const int first[2], const int size[2], int *elements,
    int *steps) {
  long n = 0;
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  __m512i element = _mm512_add_epi32(_mm512_set1_epi32(first[0]), _mm512_mullo_epi32(lane, _mm512_set1_epi32(size[0])));
  __m512i step = _mm512_add_epi32(_mm512_set1_epi32(first[1]), _mm512_mullo_epi32(lane, _mm512_set1_epi32(size[1])));
  for (long c = 0; c < channels; c += 16) {
    const long left = channels - c;
    const __mmask16 inside = left < 16 ? (__mmask16)((1 << left) - 1) : 0xffff;
    const __m128i own = _mm_maskz_loadu_epi8(inside, marks + c);
    const __mmask16 passes = _mm_mask_cmpeq_epi8_mask(inside, own, _mm_set1_epi8((char)tap));
    _mm512_storeu_si512(elements + n, _mm512_maskz_compress_epi32(passes, element));
    _mm512_storeu_si512(steps + n, _mm512_maskz_compress_epi32(passes, step));
    n += __builtin_popcount(passes);
    element = _mm512_add_epi32(element, _mm512_set1_epi32(16 * size[0]));
    step = _mm512_add_epi32(step, _mm512_set1_epi32(16 * size[1]));
  }
  return n;
}

#include "avx512_nonzeros.h"
#include "tile.h"
#endif
