#include "CKernels.h"
#include "clones.h"

enum { most_points = 8, most_taps = 5 };

CLONED void transform_filters(
    const float *weights, long row_stride, const long *taps, long count, const double *g, long n, long r, float *out,
    long point) {
  double w[most_taps * most_taps][most_filters], half[most_points][most_taps][most_filters];
  for (long t = 0; t < r * r; t++)
    for (long f = 0; f < count; f++) w[t][f] = weights[f * row_stride + taps[t]];
  for (long i = 0; i < n; i++)
    for (long b = 0; b < r; b++) {
      double *sums = half[i][b];
      for (long f = 0; f < count; f++) sums[f] = g[i * r] * w[b][f];
      for (long a = 1; a < r; a++)
        for (long f = 0; f < count; f++) sums[f] += g[i * r + a] * w[a * r + b][f];
    }
  for (long i = 0; i < n; i++)
    for (long j = 0; j < n; j++) {
      double sums[most_filters];
      for (long f = 0; f < count; f++) sums[f] = half[i][0][f] * g[j * r];
      for (long b = 1; b < r; b++)
        for (long f = 0; f < count; f++) sums[f] += half[i][b][f] * g[j * r + b];
      for (long f = 0; f < count; f++) out[(i * n + j) * point + f] = (float)sums[f];
    }
}
