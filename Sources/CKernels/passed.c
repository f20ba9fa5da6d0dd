#include "CKernels.h"
#include "clones.h"

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
    list_channels list_channels, struct passed out, unsigned char *marks) {
  const long windows = p->output_height * p->output_width;
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
          n += list_channels(
              by_window + window * channels, tap, channels, first, size, out.elements + n, out.steps + n);
        }
    }
  }
  out.starts[p->height * p->width] = n;
  return n;
}

void take_passed(
    const float *y, long step, long rows, const int *elements, long count, float *restrict out) {
  for (long i = 0; i < rows; i++, y += step)
    for (long k = 0; k < count; k++) out[i * count + k] = y[elements[k]];
}

void accumulate_line(const float *restrict x, long count, float *restrict out) {
  for (long i = 0; i < count; i++) out[i] += x[i];
}
