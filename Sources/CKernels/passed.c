#include "CKernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONED __attribute__((target_clones("avx512vl", "avx2", "default")))
#else
#define CLONED
#endif

enum { none = 255 };

// The tap that each element passes to, or none.
CLONED static void mark(
    const float *restrict gate, const unsigned char *restrict taps, long count, unsigned char *restrict marks) {
  if (gate)
    for (long i = 0; i < count; i++) {
      const unsigned char tap = taps[i];
      marks[i] = gate[i] > 0 ? tap : none;
    }
  else
    for (long i = 0; i < count; i++) marks[i] = taps[i];
}

// Writes first + c · size for those channels c whose mark is `tap`, side by side, and some more; returns their number.
// No branch depends on the marks, as good as random.
static long channels_plainly(
    const unsigned char *marks, unsigned char tap, long channels, const int first[2], const int size[2], int *elements,
    int *steps) {
  long n = 0;
  for (long c = 0; c < channels; c++) {
    elements[n] = first[0] + (int)c * size[0];
    steps[n] = first[1] + (int)c * size[1];
    n += marks[c] == tap;
  }
  return n;
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq"))) static long channels_by_16(
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
#endif

typedef long (*channels_of)(const unsigned char *, unsigned char, long, const int *, const int *, int *, int *);

static channels_of best_channels(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
    return channels_by_16;
#endif
  return channels_plainly;
}

// The windows that have a tap on element x of an axis, by their taps; returns how many they are.
static int windows_over(long x, const struct pool *p, int axis, long count, long *windows, int *taps) {
  int n = 0;
  for (int u = 0; u < p->kernel[axis]; u++) {
    const long start = x + p->before[axis] - u * p->dilations[axis], window = start / p->strides[axis];
    if (start < 0 || start % p->strides[axis] != 0 || window >= count) continue;
    windows[n] = window;
    taps[n++] = u;
  }
  return n;
}

long list_passed(
    const struct pool *p, const float *gate, const unsigned char *taps, long channels, struct step_sizes sizes,
    struct passed out, unsigned char *marks) {
  const long windows = p->output_height * p->output_width;
  const channels_of channels_of = best_channels();
  mark(gate, taps, channels * windows, marks);
  unsigned char *by_window = marks + channels * windows;
  for (long w = 0; w < windows; w++)
    for (long c = 0; c < channels; c++) by_window[w * channels + c] = marks[c * windows + w];
  const int size[2] = {(int)windows, sizes.channel};
  long n = 0;
  for (long y = 0; y < p->height; y++) {
    long rows[255], columns[255];
    int down[255], across[255];
    const int row_count = windows_over(y, p, 0, p->output_height, rows, down);
    for (long x = 0; x < p->width; x++) {
      out.starts[y * p->width + x] = n;
      const int column_count = windows_over(x, p, 1, p->output_width, columns, across);
      for (int r = 0; r < row_count; r++)
        for (int q = 0; q < column_count; q++) {
          const long window = rows[r] * p->output_width + columns[q];
          const int first[2] = {(int)window, (int)y * sizes.row + (int)x * sizes.column};
          const unsigned char tap = (unsigned char)(down[r] * p->kernel[1] + across[q]);
          n += channels_of(by_window + window * channels, tap, channels, first, size, out.elements + n, out.steps + n);
        }
    }
  }
  out.starts[p->height * p->width] = n;
  return n;
}

void take_passed(
    const float *y, long step, long rows, const int *elements, long count, float *restrict out) {
  for (long i = 0; i < rows; i++, y += step)
    for (long k = 0; k < count; k++) out[k * rows + i] = y[elements[k]];
}

void turn_lines(const float *x, long x_pitch, long rows, long columns, float *restrict out, long pitch) {
  for (long j = 0; j < columns; j++)
    for (long i = 0; i < rows; i++) out[j * pitch + i] = x[i * x_pitch + j];
}

void accumulate_line(const float *restrict x, long count, float *restrict out) {
  for (long i = 0; i < count; i++) out[i] += x[i];
}
