#pragma once

// The innermost product of convolutions and dense layers: a tile of R rows and V vectors of sums that stay in registers,
//   c[i][j] = start + Σₖ a[k][i] · b[k][j],
// every sum taken in the order of k with fused multiply-adds, so that no result depends on the tile it is in.
//
// The narrow factor a is packed, R numbers a step. The wide factor b is read where it lies: vector j of step k of tap t
// at b[j] + taps[t] + k · step, in floats; a vector may begin anywhere.
struct tile {
  const float *a;
  const float *const *b;
  const long *taps;
  long tap_count;
  // Steps of one tap, and how far apart the steps of b are.
  long depth;
  long step;
  // Row i of the sums begins at c + i · pitch.
  float *c;
  long pitch;
  // Where the sums start: a number a row, or a number a column; zero where both are null.
  const float *row_start;
  const float *column_start;
  // Whether negative sums become zero.
  int rectifies;
};

typedef void (*tile_kernel)(const struct tile *);

enum { tile_forms = 4, most_tile_rows = 14 };

struct tile_form {
  int vectors, rows;
};

// The kernels of one instruction set. A tile of form f has forms[f].vectors vectors of `lanes` floats and at most
// forms[f].rows rows; kernels[f][r − 1] is the one of r rows.
struct kernel_set {
  const char *name;
  int lanes;
  struct tile_form forms[tile_forms];
  tile_kernel kernels[tile_forms][most_tile_rows];
};

// The sets that this processor and its system can run, the best first; null behind the last.
const struct kernel_set *kernel_set(int index);

// A maximum over windows of kernel[0]×kernel[1] taps of one plane; taps outside the plane do not count.
struct pool {
  long height, width;
  long output_height, output_width;
  long kernel[2], strides[2], dilations[2], before[2];
};

// out[place] ← the largest tap; taps[place], unless null, ← which one, the first of equals in reading order.
void pool_plane(const struct pool *, const float *plane, float *out, unsigned char *taps);

// out ← v where gate > 0, else 0.
void gate_line(const float *v, const float *gate, float *out, long count);

// out ← x + y, negative sums as 0 where `rectifies`.
void add_lines(const float *x, const float *y, float *out, long count, int rectifies);
