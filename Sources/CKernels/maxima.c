#include "windows.h"
#include <math.h>
#include <stddef.h>

INLINED void unpool_line(
    const float *restrict y, const float *restrict gate, const unsigned char *restrict taps, long count,
    float *restrict upper, float *restrict lower) {
  for (long j = 0; j < count; j++) {
    const float value = gate == NULL || gate[j] > 0 ? y[j] : 0;
    const int tap = taps[j];
    upper[2 * j] = tap == 0 ? value : 0;
    upper[2 * j + 1] = tap == 1 ? value : 0;
    lower[2 * j] = tap == 2 ? value : 0;
    lower[2 * j + 1] = tap == 3 ? value : 0;
  }
}

CLONED void unpool_halves(
    const float *y, const float *gate, const unsigned char *taps, long rows, long columns, float *out, long pitch) {
  for (long i = 0; i < rows; i++) {
    const long first = i * columns;
    float *upper = out + 2 * i * pitch;
    if (gate)
      unpool_line(y + first, gate + first, taps + first, columns, upper, upper + pitch);
    else
      unpool_line(y + first, NULL, taps + first, columns, upper, upper + pitch);
  }
}

#define WIDE(n, e) typedef e e##x##n __attribute__((vector_size(n * sizeof(e)), aligned(sizeof(e))))
typedef unsigned char byte;
WIDE(16, float); WIDE(16, int); WIDE(16, byte); WIDE(8, float); WIDE(8, int); WIDE(8, byte);
WIDE(4, float); WIDE(4, int); WIDE(4, byte);

// n windows side by side, all of whose columns lie on the plane; strides are 1 or 2. Values two apart are the even ones
// of two vectors, of which the second ends with the last value needed, so that nothing behind it is read.
#define EVEN_4(a, b) __builtin_shufflevector(a, b, 0, 2, 5, 7)
#define EVEN_8(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 9, 11, 13, 15)
#define EVEN_16(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31)
#define POOL(n)                                                                                                     \
  INLINED void pool_##n(                                                                                            \
      const struct pool *p, const float *plane, long i, long j, const int stride, float *out, byte *taps) {         \
    floatx##n best = (floatx##n){} - INFINITY;                                                                      \
    intx##n tap = (intx##n){} + 255;                                                                                \
    for (long u = 0; u < p->kernel[0]; u++) {                                                                       \
      const long y = i * p->strides[0] + u * p->dilations[0] - p->before[0];                                        \
      if (y < 0 || y >= p->height) continue;                                                                        \
      const float *x = plane + y * p->width + j * stride - p->before[1];                                            \
      for (long v = 0; v < p->kernel[1]; v++, x += p->dilations[1]) {                                               \
        const floatx##n first = *(const floatx##n *)x;                                                              \
        const floatx##n value = stride == 1 ? first : EVEN_##n(first, *(const floatx##n *)(x + n - 1));             \
        const intx##n larger = value > best;                                                                        \
        best = (floatx##n)(((intx##n)value & larger) | ((intx##n)best & ~larger));                                  \
        if (taps) tap = (((intx##n){} + (int)(u * p->kernel[1] + v)) & larger) | (tap & ~larger);                   \
      }                                                                                                             \
    }                                                                                                               \
    *(floatx##n *)(out + j) = best;                                                                                 \
    if (taps) *(bytex##n *)(taps + j) = __builtin_convertvector(tap, bytex##n);                                     \
  }
POOL(4)
POOL(8)
POOL(16)

INLINED void pool_place(const struct pool *p, const float *plane, long i, long j, float *out, byte *taps) {
  float best = -INFINITY;
  long tap = 255;
  for (long u = 0; u < p->kernel[0]; u++) {
    const long y = i * p->strides[0] + u * p->dilations[0] - p->before[0];
    if (y < 0 || y >= p->height) continue;
    for (long v = 0; v < p->kernel[1]; v++) {
      const long x = j * p->strides[1] + v * p->dilations[1] - p->before[1];
      if (x < 0 || x >= p->width || !(plane[y * p->width + x] > best)) continue;
      best = plane[y * p->width + x];
      tap = u * p->kernel[1] + v;
    }
  }
  out[j] = best;
  if (taps) taps[j] = (byte)tap;
}

// Places computed twice come out the same, so that the last ones may share vectors with those before.
INLINED void pool_line(
    const struct pool *p, const float *plane, long i, long first, long end, const int stride, float *out, byte *taps) {
  const long count = end - first, n = count < 8 ? 4 : count < 16 ? 8 : 16;
  for (long j = 0; j < first; j++) pool_place(p, plane, i, j, out, taps);
  for (long j = end; j < p->output_width; j++) pool_place(p, plane, i, j, out, taps);
  for (long k = first; k < end; k += n) {
    const long j = least(k, end - n);
    if (n == 16)
      pool_16(p, plane, i, j, stride, out, taps);
    else if (n == 8)
      pool_8(p, plane, i, j, stride, out, taps);
    else
      pool_4(p, plane, i, j, stride, out, taps);
  }
}

// Windows of 2×2, 2 apart, on whole rows: the same in one pass.
INLINED void pool_halves(
    const float *restrict upper, const float *restrict lower, long count, float *restrict out,
    byte *restrict taps) {
  for (long j = 0; j < count; j++) {
    const float x[4] = {upper[2 * j], upper[2 * j + 1], lower[2 * j], lower[2 * j + 1]};
    float best = -INFINITY;
    int tap = 255;
    for (int k = 0; k < 4; k++) {
      const int larger = x[k] > best;
      best = larger ? x[k] : best;
      tap = larger ? k : tap;
    }
    out[j] = best;
    if (taps) taps[j] = (byte)tap;
  }
}

static int halves(const struct pool *p) {
  for (int i = 0; i < 2; i++)
    if (p->kernel[i] != 2 || p->strides[i] != 2 || p->dilations[i] != 1 || p->before[i] != 0) return 0;
  return 2 * p->output_height <= p->height && 2 * p->output_width <= p->width;
}

CLONED void pool_plane(const struct pool *p, const float *plane, float *out, unsigned char *taps) {
  if (halves(p)) {
    for (long i = 0; i < p->output_height; i++) {
      const float *upper = plane + 2 * i * p->width;
      float *line = out + i * p->output_width;
      if (taps)
        pool_halves(upper, upper + p->width, p->output_width, line, taps + i * p->output_width);
      else
        pool_halves(upper, upper + p->width, p->output_width, line, NULL);
    }
    return;
  }
  // Columns of places whose windows lie on the plane's columns.
  const long reach = (p->kernel[1] - 1) * p->dilations[1];
  long first, end, ignored;
  range(-p->before[1], p->strides[1], p->width, p->output_width, &first, &ignored);
  range(reach - p->before[1], p->strides[1], p->width, p->output_width, &ignored, &end);
  if (p->strides[1] > 2 || end - first < 4) first = end = p->output_width;
  for (long i = 0; i < p->output_height; i++, out += p->output_width) {
    if (taps && p->strides[1] == 1)
      pool_line(p, plane, i, first, end, 1, out, taps);
    else if (taps)
      pool_line(p, plane, i, first, end, 2, out, taps);
    else if (p->strides[1] == 1)
      pool_line(p, plane, i, first, end, 1, out, NULL);
    else
      pool_line(p, plane, i, first, end, 2, out, NULL);
    if (taps) taps += p->output_width;
  }
}
