#include "CKernels.h"

int patches_equal(const float *a, const float *b, long extent, long pitch, long channels, long step) {
  for (long c = 0; c < channels; c++, a += step, b += step)
    for (long i = 0; i < extent; i++)
      for (long j = 0; j < extent; j++)
        if (a[i * pitch + j] != b[i * pitch + j]) return 0;
  return 1;
}
