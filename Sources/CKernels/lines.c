#include "CKernels.h"
#include "clones.h"

// A copy is not a call: rows are short.
#define COPIES CLONED __attribute__((no_builtin("memcpy", "memmove")))

INLINED void copy_row(const float *restrict x, const float *restrict gate, long count, float *restrict out) {
  if (gate)
    SHORT for (long j = 0; j < count; j++) {
      const float value = x[j];
      out[j] = gate[j] > 0 ? value : 0;
    }
  else
    SHORT for (long j = 0; j < count; j++) out[j] = x[j];
}

INLINED void ask_for(const float *x, long count) {
  for (long j = 0; j < count; j += 16) __builtin_prefetch(x + j);
}

// What follows a row is asked for already: rows of a block are short, and the next block begins where they end.
COPIES void copy_rows(
    const float *restrict x, const float *restrict gate, long x_pitch, long rows, long columns,
    float *restrict out, long pitch) {
  for (long i = 0; i < rows; i++) {
    const float *source = x + i * x_pitch, *line = gate ? gate + i * x_pitch : 0;
    ask_for(source + columns, columns);
    if (line) ask_for(line + columns, columns);
    copy_row(source, line, columns, out + i * pitch);
  }
}

// A row is read to its end before the next, which begins far behind it.
COPIES void copy_panels(
    const float *restrict x, const float *restrict gate, long x_pitch, long rows, long columns, long width,
    float *restrict out) {
  for (long i = 0; i < rows; i++) {
    const float *source = x + i * x_pitch, *line = gate ? gate + i * x_pitch : 0;
    ask_for(source + x_pitch, columns);
    if (line) ask_for(line + x_pitch, columns);
    for (long j = 0; j < columns; j += width)
      copy_row(
          source + j, line ? line + j : 0, columns - j < width ? columns - j : width, out + j * rows + i * width);
  }
}

COPIES void copy_strided(const float *restrict x, long stride, long count, float *restrict out) {
  if (stride == 2)
    SHORT for (long j = 0; j < count; j++) out[j] = x[2 * j];
  else
    for (long j = 0; j < count; j++) out[j] = x[j * stride];
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

CLONED void scale_line(const float *x, float scale, float shift, long count, float *restrict out) {
  for (long i = 0; i < count; i++) out[i] = scale * x[i] + shift;
}

CLONED long nonzero_count(const float *x, const float *other, long count) {
  int n = 0;
  if (other)
    for (long i = 0; i < count; i++) n += (x[i] != 0) | (other[i] != 0);
  else
    for (long i = 0; i < count; i++) n += x[i] != 0;
  return n;
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
