#include "CKernels.h"
#include "clones.h"
#include <math.h>
#include <stddef.h>

#define INLINED static inline __attribute__((always_inline))

// Rows are mostly short: not unrolled, they have few elements left over.
#define SHORT _Pragma("clang loop vectorize(enable) interleave_count(1)")

// What follows a row is asked for already: rows of a block are short, and the next block begins where they end.
CLONED __attribute__((no_builtin("memcpy", "memmove"))) void copy_rows(
    const float *restrict x, const float *restrict gate, long x_pitch, long rows, long columns,
    float *restrict out, long pitch) {
  for (long i = 0; i < rows; i++) {
    const float *source = x + i * x_pitch;
    float *target = out + i * pitch;
    for (long j = 0; j < columns; j += 16) __builtin_prefetch(source + columns + j);
    if (gate) {
      const float *line = gate + i * x_pitch;
      for (long j = 0; j < columns; j += 16) __builtin_prefetch(line + columns + j);
      SHORT for (long j = 0; j < columns; j++) {
        const float value = source[j];
        target[j] = line[j] > 0 ? value : 0;
      }
    } else {
      SHORT for (long j = 0; j < columns; j++) target[j] = source[j];
    }
  }
}

CLONED void add_lines(const float *x, const float *y, float *restrict out, long count, int rectifies) {
  if (rectifies)
    for (long i = 0; i < count; i++) {
      const float sum = x[i] + y[i];
      out[i] = sum > 0 ? sum : 0;
    }
  else
    for (long i = 0; i < count; i++) out[i] = x[i] + y[i];
}

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

INLINED long least(long a, long b) { return a < b ? a : b; }

// The larger of `count` values and those so far stays, with its tap; values lie `stride` apart.
INLINED void compare_singly(
    const float *restrict x, const long stride, long count, float *restrict out, unsigned char tap,
    unsigned char *restrict taps) {
  for (long j = 0; j < count; j++) {
    const float value = x[j * stride];
    if (value > out[j]) {
      out[j] = value;
      if (taps) taps[j] = tap;
    }
  }
}

#define WIDE(n, e) typedef e e##x##n __attribute__((vector_size(n * sizeof(e)), aligned(sizeof(e))))
typedef unsigned char byte;
WIDE(16, float); WIDE(16, int); WIDE(16, byte); WIDE(8, float); WIDE(8, int); WIDE(8, byte);

// The same for n values side by side. Values two apart are the even ones of two vectors, of which the second ends with
// the last value needed, so that nothing behind it is read.
#define EVEN_8(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 9, 11, 13, 15)
#define EVEN_16(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31)
#define COMPARE(n)                                                                                              \
  INLINED void compare_##n(const float *x, const long stride, float *out, byte tap, byte *taps) {               \
    const floatx##n first = *(const floatx##n *)x, best = *(floatx##n *)out;                                    \
    const floatx##n value = stride == 1 ? first : EVEN_##n(first, *(const floatx##n *)(x + n - 1));             \
    const intx##n larger = value > best;                                                                        \
    *(floatx##n *)out = (floatx##n)(((intx##n)value & larger) | ((intx##n)best & ~larger));                     \
    if (taps) {                                                                                                 \
      const bytex##n mask = __builtin_convertvector(larger, bytex##n), old = *(bytex##n *)taps;                 \
      *(bytex##n *)taps = (mask & tap) | (old & ~mask);                                                         \
    }                                                                                                           \
  }
COMPARE(8)
COMPARE(16)

// A value compared twice changes nothing, so that the last values may share a vector with those before.
INLINED void compare(const float *x, const long stride, long count, float *out, byte tap, byte *taps) {
  if (count < 8) return compare_singly(x, stride, count, out, tap, taps);
  const long n = count < 16 ? 8 : 16;
  for (long i = 0; i < count; i += n) {
    const long j = least(i, count - n);
    if (n == 16)
      compare_16(x + j * stride, stride, out + j, tap, taps ? taps + j : NULL);
    else
      compare_8(x + j * stride, stride, out + j, tap, taps ? taps + j : NULL);
  }
}

// The places 0 ≤ i < count of an axis at which the tap at `offset` lies on one of `extent` elements.
INLINED void range(long offset, long stride, long extent, long count, long *first, long *end) {
  *first = offset >= 0 ? 0 : (stride - 1 - offset) / stride;
  const long last = extent - 1 - offset;
  *end = last < 0 ? 0 : least(count, last / stride + 1);
  *first = least(*first, *end);
}

INLINED void pool_line(const struct pool *p, const float *plane, long i, float *out, unsigned char *taps) {
  for (long j = 0; j < p->output_width; j++) out[j] = -INFINITY;
  if (taps)
    for (long j = 0; j < p->output_width; j++) taps[j] = 255;
  for (long u = 0; u < p->kernel[0]; u++) {
    const long y = i * p->strides[0] + u * p->dilations[0] - p->before[0];
    if (y < 0 || y >= p->height) continue;
    for (long v = 0; v < p->kernel[1]; v++) {
      const long x = v * p->dilations[1] - p->before[1], stride = p->strides[1];
      long first, end;
      range(x, stride, p->width, p->output_width, &first, &end);
      const float *source = plane + y * p->width + x + first * stride;
      unsigned char *marks = taps ? taps + first : NULL;
      const byte tap = (byte)(u * p->kernel[1] + v);
      if (stride == 1)
        compare(source, 1, end - first, out + first, tap, marks);
      else if (stride == 2)
        compare(source, 2, end - first, out + first, tap, marks);
      else
        compare_singly(source, stride, end - first, out + first, tap, marks);
    }
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
  for (long i = 0; i < p->output_height; i++)
    pool_line(p, plane, i, out + i * p->output_width, taps ? taps + i * p->output_width : NULL);
}

// places[j] + the elements of x, a row, under the window's columns at place j.
INLINED void add_taps(const struct pool *p, const float *restrict x, float *restrict places) {
  for (long v = 0; v < p->kernel[1]; v++) {
    const long offset = v * p->dilations[1] - p->before[1], stride = p->strides[1];
    long first, end;
    range(offset, stride, p->width, p->output_width, &first, &end);
    if (stride == 2)
      SHORT for (long j = first; j < end; j++) places[j] += x[2 * j + offset];
    else
      for (long j = first; j < end; j++) places[j] += x[j * stride + offset];
  }
}

INLINED void spread_taps(const struct pool *p, const float *restrict places, float *restrict x) {
  for (long v = 0; v < p->kernel[1]; v++) {
    const long offset = v * p->dilations[1] - p->before[1], stride = p->strides[1];
    long first, end;
    range(offset, stride, p->width, p->output_width, &first, &end);
    for (long j = first; j < end; j++) x[j * stride + offset] += places[j];
  }
}

// The row of the plane under vertical tap u of place i; outside the plane −1.
INLINED long row_under(const struct pool *p, long i, long u) {
  const long y = i * p->strides[0] + u * p->dilations[0] - p->before[0];
  return y < p->height ? y : -1;
}

INLINED void add_line(const float *restrict x, float *restrict sum, long count) {
  SHORT for (long j = 0; j < count; j++) sum[j] += x[j];
}

// Windows are rectangles: rows are summed before columns.
CLONED void mean_plane(const struct pool *p, const float *plane, const float *shares, float *out) {
  float line[p->width > 0 ? p->width : 1];
  for (long i = 0; i < p->output_height; i++, out += p->output_width, shares += p->output_width) {
    for (long j = 0; j < p->width; j++) line[j] = 0;
    for (long u = 0; u < p->kernel[0]; u++) {
      const long y = row_under(p, i, u);
      if (y >= 0) add_line(plane + y * p->width, line, p->width);
    }
    for (long j = 0; j < p->output_width; j++) out[j] = 0;
    add_taps(p, line, out);
    for (long j = 0; j < p->output_width; j++) out[j] *= shares[j];
  }
}

CLONED void spread_plane(const struct pool *p, const float *y, const float *shares, float *plane) {
  for (long i = 0; i < p->height * p->width; i++) plane[i] = 0;
  float line[p->width > 0 ? p->width : 1], places[p->output_width > 0 ? p->output_width : 1];
  for (long i = 0; i < p->output_height; i++, y += p->output_width, shares += p->output_width) {
    for (long j = 0; j < p->output_width; j++) places[j] = y[j] * shares[j];
    for (long j = 0; j < p->width; j++) line[j] = 0;
    spread_taps(p, places, line);
    for (long u = 0; u < p->kernel[0]; u++) {
      const long row = row_under(p, i, u);
      if (row >= 0) add_line(line, plane + row * p->width, p->width);
    }
  }
}

// No branch depends on the numbers: they are as good as random.
long nonzero_groups(const float *a, long width, long count, long *found) {
  long n = 0;
  for (long k = 0; k < count; k++, a += width) {
    int any = 0;
    for (long i = 0; i < width; i++) any |= a[i] != 0;
    found[n] = k;
    n += any;
  }
  return n;
}
