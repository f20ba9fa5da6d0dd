#include "windows.h"

// Places whose window's column v lies on the plane.
struct span {
  long first, end;
};

INLINED void find_spans(const struct pool *p, struct span *spans) {
  for (long v = 0; v < p->kernel[1]; v++)
    range(
        v * p->dilations[1] - p->before[1], p->strides[1], p->width, p->output_width, &spans[v].first, &spans[v].end);
}

// places[j] + the elements of x, a row, under the window's columns at place j.
INLINED void add_taps(
    const struct pool *p, const struct span *spans, const float *restrict x, float *restrict places) {
  for (long v = 0; v < p->kernel[1]; v++) {
    const long offset = v * p->dilations[1] - p->before[1], stride = p->strides[1];
    const struct span span = spans[v];
    if (stride == 2)
      SHORT for (long j = span.first; j < span.end; j++) places[j] += x[2 * j + offset];
    else
      for (long j = span.first; j < span.end; j++) places[j] += x[j * stride + offset];
  }
}

INLINED void spread_taps(
    const struct pool *p, const struct span *spans, const float *restrict places, float *restrict x) {
  for (long v = 0; v < p->kernel[1]; v++) {
    const long offset = v * p->dilations[1] - p->before[1], stride = p->strides[1];
    const struct span span = spans[v];
    if (stride == 2)
      SHORT for (long j = span.first; j < span.end; j++) x[2 * j + offset] += places[j];
    else
      for (long j = span.first; j < span.end; j++) x[j * stride + offset] += places[j];
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
  struct span spans[p->kernel[1] > 0 ? p->kernel[1] : 1];
  find_spans(p, spans);
  for (long i = 0; i < p->output_height; i++, out += p->output_width, shares += p->output_width) {
    for (long j = 0; j < p->width; j++) line[j] = 0;
    for (long u = 0; u < p->kernel[0]; u++) {
      const long y = row_under(p, i, u);
      if (y >= 0) add_line(plane + y * p->width, line, p->width);
    }
    for (long j = 0; j < p->output_width; j++) out[j] = 0;
    add_taps(p, spans, line, out);
    for (long j = 0; j < p->output_width; j++) out[j] *= shares[j];
  }
}

CLONED void spread_plane(const struct pool *p, const float *y, const float *shares, float *plane) {
  for (long i = 0; i < p->height * p->width; i++) plane[i] = 0;
  float line[p->width > 0 ? p->width : 1], places[p->output_width > 0 ? p->output_width : 1];
  struct span spans[p->kernel[1] > 0 ? p->kernel[1] : 1];
  find_spans(p, spans);
  for (long i = 0; i < p->output_height; i++, y += p->output_width, shares += p->output_width) {
    for (long j = 0; j < p->output_width; j++) places[j] = y[j] * shares[j];
    for (long j = 0; j < p->width; j++) line[j] = 0;
    spread_taps(p, spans, places, line);
    for (long u = 0; u < p->kernel[0]; u++) {
      const long row = row_under(p, i, u);
      if (row >= 0) add_line(line, plane + row * p->width, p->width);
    }
  }
}
