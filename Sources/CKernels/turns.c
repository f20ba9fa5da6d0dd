#include "CKernels.h"
#include "clones.h"

typedef float eight __attribute__((vector_size(32), aligned(4)));

#define LOWER(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define UPPER(x, y) __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOWER_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define UPPER_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOWER_HALVES(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11)
#define UPPER_HALVES(x, y) __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15)

// A square of 8×8, by twos, fours and halves.
INLINED void turn_square(const float *x, long x_pitch, float *out, long pitch) {
  eight lines[8], twos[8], fours[8];
  for (int i = 0; i < 8; i++) lines[i] = *(const eight *)(x + i * x_pitch);
  for (int i = 0; i < 8; i += 2) {
    twos[i] = LOWER(lines[i], lines[i + 1]);
    twos[i + 1] = UPPER(lines[i], lines[i + 1]);
  }
  for (int i = 0; i < 8; i += 4)
    for (int k = 0; k < 2; k++) {
      fours[i + 2 * k] = LOWER_PAIRS(twos[i + k], twos[i + k + 2]);
      fours[i + 2 * k + 1] = UPPER_PAIRS(twos[i + k], twos[i + k + 2]);
    }
  for (int j = 0; j < 4; j++) {
    *(eight *)(out + j * pitch) = LOWER_HALVES(fours[j], fours[j + 4]);
    *(eight *)(out + (j + 4) * pitch) = UPPER_HALVES(fours[j], fours[j + 4]);
  }
}

// Rows of eight and more go by whole squares, of which the last may overlap the one before it; fewer, and columns beyond
// whole squares, one by one.
CLONED void turn_lines(const float *x, long x_pitch, long rows, long columns, float *restrict out, long pitch) {
  const long across = rows < 8 ? 0 : columns / 8 * 8;
  for (long j = 0; j < across; j += 8)
    for (long first = 0; first < rows; first += 8) {
      const long i = first + 8 > rows ? rows - 8 : first;
      turn_square(x + i * x_pitch + j, x_pitch, out + j * pitch + i, pitch);
    }
  for (long j = across; j < columns; j++)
    _Pragma("clang loop vectorize(disable)") for (long i = 0; i < rows; i++) out[j * pitch + i] = x[i * x_pitch + j];
}
