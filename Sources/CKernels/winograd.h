// Transforms of Winograd's minimal filtering F(m×m, r×r) on tiles of n×n, n = m + r − 1, with the points 0, ±1, ∞ for
// n = 4, 0, ±⅝, ±8/5, ∞ for n = 6 and 0, ±1, ±2, ±½, ∞ for n = 8: included for each instruction set by tile.h.
//
// Reciprocal points keep the transforms' numbers near 1: those of n = 6 round half as much as with 0, ±1, ±2 (points of this
// kind: Alam et al., ACM TECS 21(6), 2022). The others are written in differences, so that a constant line has one term only.

typedef float NAME(quad) __attribute__((vector_size(16)));
typedef float NAME(loose_quad) __attribute__((vector_size(16), aligned(4)));
typedef float NAME(loose_pair) __attribute__((vector_size(8), aligned(4)));

// Bᵀd along one line of n vectors.
INLINED void NAME(forward)(const int n, const NAME(vector) *d, NAME(vector) *t) {
  if (n == 4) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[3] - d[1];
  } else if (n == 6) {
    const float c = 0.625f, square = c * c, inverse = 2.56f;
    const NAME(vector) even = FUSED(NAME(splat)(-inverse), d[2], d[4]), odd = FUSED(NAME(splat)(-inverse), d[1], d[3]);
    const NAME(vector) even2 = FUSED(NAME(splat)(-square), d[2], d[4]), odd2 = FUSED(NAME(splat)(-square), d[1], d[3]);
    t[0] = FUSED(NAME(splat)(-square - inverse), d[2], d[0] + d[4]);
    t[1] = FUSED(NAME(splat)(c), odd, even);
    t[2] = FUSED(NAME(splat)(-c), odd, even);
    t[3] = FUSED(NAME(splat)(1 / c), odd2, even2);
    t[4] = FUSED(NAME(splat)(-1 / c), odd2, even2);
    t[5] = FUSED(NAME(splat)(-square - inverse), d[3], d[1] + d[5]);
  } else {
    const NAME(vector) a = d[4] - d[2], b = d[5] - d[3], c = d[6] - d[4], e = d[1] - d[3];
    const NAME(vector) even1 = FUSED(NAME(splat)(-4.25f), d[4], d[2] + d[6]);
    const NAME(vector) odd1 = FUSED(NAME(splat)(-4.25f), d[3], d[1] + d[5]);
    const NAME(vector) even2 = FUSED(NAME(splat)(-0.25f), a, c), odd2 = FUSED(NAME(splat)(2), b, 0.5f * e);
    const NAME(vector) even3 = FUSED(NAME(splat)(-4), a, c), odd3 = FUSED(NAME(splat)(2), e, 0.5f * b);
    t[0] = FUSED(NAME(splat)(5.25f), a, d[0] - d[6]);
    t[1] = even1 + odd1;
    t[2] = even1 - odd1;
    t[3] = even2 + odd2;
    t[4] = even2 - odd2;
    t[5] = even3 + odd3;
    t[6] = even3 - odd3;
    t[7] = FUSED(NAME(splat)(-5.25f), b, d[7] - d[1]);
  }
}

// Aᵀs along one line: m sums of n terms.
INLINED void NAME(backward)(const int n, const int m, const NAME(vector) *s, NAME(vector) *y) {
  const NAME(vector) even = s[1] + s[2], odd = s[1] - s[2];
  if (n == 4) {
    y[0] = s[0] + even;
    y[1] = odd + s[3];
    return;
  }
  const NAME(vector) even2 = s[3] + s[4], odd2 = s[3] - s[4];
  if (n == 6) {
    const float c = 0.625f, inverse = 1.6f;
    y[0] = s[0] + even + even2;
    y[1] = FUSED(NAME(splat)(inverse), odd2, c * odd);
    if (m == 4) {
      y[2] = FUSED(NAME(splat)(inverse * inverse), even2, c * c * even);
      y[3] = FUSED(NAME(splat)(inverse * inverse * inverse), odd2, c * c * c * odd);
    }
    y[m - 1] += s[5];
    return;
  }
  const NAME(vector) even3 = s[5] + s[6], odd3 = s[5] - s[6];
  y[0] = s[0] + even + even2 + even3;
  y[1] = FUSED(NAME(splat)(0.5f), odd3, FUSED(NAME(splat)(2), odd2, odd));
  y[2] = FUSED(NAME(splat)(0.25f), even3, FUSED(NAME(splat)(4), even2, even));
  y[3] = FUSED(NAME(splat)(0.125f), odd3, FUSED(NAME(splat)(8), odd2, odd)) + s[7];
}

// Elements of two vectors within each four lanes, 0 … 3 of the first and 4 … 7 of the second.
#define PICK(b, i) ((i) < 4 ? 4 * (b) + (i) : LANES + 4 * (b) + (i) - 4)
#define PICKS(b, i, j, k, l) PICK(b, i), PICK(b, j), PICK(b, k), PICK(b, l)
#if LANES == 16
#define SHUFFLED(x, y, ...) \
  __builtin_shufflevector(x, y, PICKS(0, __VA_ARGS__), PICKS(1, __VA_ARGS__), PICKS(2, __VA_ARGS__), PICKS(3, __VA_ARGS__))
#elif LANES == 8
#define SHUFFLED(x, y, ...) __builtin_shufflevector(x, y, PICKS(0, __VA_ARGS__), PICKS(1, __VA_ARGS__))
#else
#define SHUFFLED(x, y, ...) __builtin_shufflevector(x, y, PICKS(0, __VA_ARGS__))
#endif

// Every four lanes of four vectors, transposed.
INLINED void NAME(transpose)(NAME(vector) *x) {
  const NAME(vector) a = SHUFFLED(x[0], x[1], 0, 4, 1, 5), b = SHUFFLED(x[2], x[3], 0, 4, 1, 5);
  const NAME(vector) c = SHUFFLED(x[0], x[1], 2, 6, 3, 7), d = SHUFFLED(x[2], x[3], 2, 6, 3, 7);
  x[0] = SHUFFLED(a, b, 0, 1, 4, 5);
  x[1] = SHUFFLED(a, b, 2, 3, 6, 7);
  x[2] = SHUFFLED(c, d, 0, 1, 4, 5);
  x[3] = SHUFFLED(c, d, 2, 3, 6, 7);
}

// Four elements of every fourth tile.
INLINED NAME(vector) NAME(gather)(const float *const *tiles, long offset) {
  NAME(quad) x[LANES / 4];
  UNROLLED for (int b = 0; b < LANES / 4; b++) x[b] = *(const NAME(loose_quad) *)(tiles[4 * b] + offset);
#if LANES == 16
  const __auto_type lower = __builtin_shufflevector(x[0], x[1], 0, 1, 2, 3, 4, 5, 6, 7);
  const __auto_type upper = __builtin_shufflevector(x[2], x[3], 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(lower, upper, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif LANES == 8
  return __builtin_shufflevector(x[0], x[1], 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return x[0];
#endif
}

// Bᵀ d B of one channel, which lies `channel` behind the tiles' elements of channel 0.
INLINED void NAME(transform_channel)(
    const int n, const float *const *tiles, long channel, long pitch, float *v, const long point) {
  NAME(vector) d[8][8];
  for (int k = 0; k < (n + 3) / 4 * 4; k++) {
    NAME(vector) line[8], t[8];
    UNROLLED for (int i = 0; i < n; i++)
      line[i] = NAME(gather)(tiles + k % 4, channel + i * pitch + k / 4 * 4);
    NAME(forward)(n, line, t);
    UNROLLED for (int i = 0; i < n; i++) d[i][k] = t[i];
  }
  for (int i = 0; i < n; i++) {
    NAME(vector) line[8], t[8];
    UNROLLED for (int j = 0; j < (n + 3) / 4 * 4; j++) line[j] = d[i][j];
    UNROLLED for (int j = 0; j < n; j += 4) NAME(transpose)(line + j);
    NAME(forward)(n, line, t);
    UNROLLED for (int j = 0; j < n; j++) NAME(store)(v + (i * n + j) * point, t[j]);
  }
}

INLINED void NAME(filtering_input)(const int n, const struct filtering_input *input) {
  const struct filtering_input own = *input;
  for (long c = 0; c < own.channels; c++)
    NAME(transform_channel)(n, own.tiles, c * own.step, own.pitch, own.v + c * own.width, own.point);
}

// A channel's products are added as soon as it is transformed, of two channels at once. Chains of sums are kept short, for
// long ones round more than the transforms; shorter than where sums stay in registers, since here they lie in memory anyway.
enum { channels_in_one_chain = 32 };

INLINED void NAME(filtering_few_outputs)(const int n, const struct filtering_few_outputs *few) {
  const struct filtering_few_outputs own = *few;
  const long sums = n * n * own.outputs;
  float v[2][64 * LANES] __attribute__((aligned(64))), part[64 * LANES / 2 * LANES] __attribute__((aligned(64)));
  for (long i = 0; i < sums; i++) NAME(store)(own.sums + i * LANES, (NAME(vector)){});
  for (long c = 0; c < own.channels; c += 2) {
    const int both = c + 1 < own.channels;
    NAME(transform_channel)(n, own.tiles, c * own.step, own.pitch, v[0], LANES);
    if (both) NAME(transform_channel)(n, own.tiles, (c + 1) * own.step, own.pitch, v[1], LANES);
    const float *first = own.w + c * sums, *second = first + sums;
    if (c % channels_in_one_chain == 0)
      for (long i = 0; i < sums; i++) NAME(store)(part + i * LANES, (NAME(vector)){});
    float *target = part;
    for (int p = 0; p < n * n; p++) {
      const NAME(vector) a = NAME(load)(v[0] + p * LANES), b = NAME(load)(v[1] + p * LANES);
      for (long o = 0; o < own.outputs; o++, target += LANES) {
        NAME(vector) sum = FUSED(NAME(splat)(*first++), a, NAME(load)(target));
        if (both) sum = FUSED(NAME(splat)(*second++), b, sum);
        NAME(store)(target, sum);
      }
    }
    if ((c + 2) % channels_in_one_chain == 0 || c + 2 >= own.channels)
      for (long i = 0; i < sums; i++)
        NAME(store)(own.sums + i * LANES, NAME(load)(own.sums + i * LANES) + NAME(load)(part + i * LANES));
  }
}

INLINED void NAME(scatter)(const int m, const struct filtering_output *output, const NAME(vector) *y) {
  const float *sums = (const float *)y;
  if (output->rows < m || output->columns < m || output->count < LANES) {
    for (long o = 0; o < output->count; o++)
      for (long i = 0; i < output->rows; i++)
        for (long j = 0; j < output->columns; j++)
          output->targets[o][i * output->pitch + j] = sums[(i * m + j) * LANES + o];
    return;
  }
  UNROLLED for (int k = 0; k < m * m; k += 4) {
    NAME(vector) x[4];
    UNROLLED for (int i = 0; i < 4; i++) x[i] = y[k + i];
    NAME(transpose)(x);
    UNROLLED for (int o = 0; o < LANES; o++) {
      float *target = output->targets[o] + k / m * output->pitch;
      const float *four = (const float *)&x[o % 4] + o / 4 * 4;
      if (m == 4) {
        *(NAME(loose_quad) *)target = *(const NAME(quad) *)four;
      } else {
        *(NAME(loose_pair) *)target = *(const NAME(loose_pair) *)four;
        *(NAME(loose_pair) *)(target + output->pitch) = *(const NAME(loose_pair) *)(four + 2);
      }
    }
  }
}

// Aᵀ s A from Aᵀ s, whose rows are given.
INLINED void NAME(finish)(
    const int n, const int m, const NAME(vector) (*s)[8], const struct filtering_output *output) {
  NAME(vector) y[16];
  const NAME(vector) start = NAME(load)(output->start);
  UNROLLED for (int i = 0; i < m; i++) {
    NAME(backward)(n, m, s[i], y + i * m);
  }
  UNROLLED for (int k = 0; k < m * m; k++) {
    y[k] += start;
    if (output->rectifies) y[k] = __builtin_elementwise_max(y[k], (NAME(vector)){});
  }
  NAME(scatter)(m, output, y);
}

INLINED void NAME(filtering_output)(const int n, const int m, const struct filtering_output *output) {
  NAME(vector) s[4][8];
  for (int j = 0; j < n; j++) {
    NAME(vector) line[8], sums[4];
    UNROLLED for (int i = 0; i < n; i++) line[i] = NAME(load)(output->sums + (i * n + j) * output->point);
    NAME(backward)(n, m, line, sums);
    UNROLLED for (int i = 0; i < m; i++) s[i][j] = sums[i];
  }
  NAME(finish)(n, m, s, output);
}

// Two tiles at a time, so that a vector of weights serves both.
INLINED void NAME(filtering_few_inputs)(const int n, const int m, const struct filtering_few_inputs *few) {
  NAME(vector) s[2][4][8];
  const float *first = few->v[0], *second = few->v[1];
  for (int j = 0; j < n; j++) {
    NAME(vector) line[2][8], sums[4];
    UNROLLED for (int i = 0; i < n; i++) line[0][i] = line[1][i] = (NAME(vector)){};
    _Pragma("clang loop unroll(disable)") for (long c = 0; c < few->channels; c++) {
      const long channel = (c * n * n + j) * LANES;
      UNROLLED for (int i = 0; i < n; i++) {
        const long at = channel + i * n * LANES;
        const NAME(vector) weights = NAME(load)(few->w + at);
        line[0][i] = FUSED(NAME(splat)(first[at]), weights, line[0][i]);
        line[1][i] = FUSED(NAME(splat)(second[at]), weights, line[1][i]);
      }
    }
    UNROLLED for (int tile = 0; tile < 2; tile++) {
      NAME(backward)(n, m, line[tile], sums);
      UNROLLED for (int i = 0; i < m; i++) s[tile][i][j] = sums[i];
    }
  }
  for (int tile = 0; tile < 2; tile++) NAME(finish)(n, m, s[tile], few->outputs + tile);
}

#define FILTERINGS(X) X(4, 2) X(6, 2) X(6, 4) X(8, 4)
#define DEFINE_FILTERING(n, m)                                                                              \
  static __attribute__((TARGET)) void NAME(input_##n##_##m)(const struct filtering_input *input) {          \
    NAME(filtering_input)(n, input);                                                                        \
  }                                                                                                         \
  static __attribute__((TARGET)) void NAME(output_##n##_##m)(const struct filtering_output *output) {       \
    NAME(filtering_output)(n, m, output);                                                                   \
  }                                                                                                         \
  static __attribute__((TARGET)) void NAME(few_inputs_##n##_##m)(const struct filtering_few_inputs *few) {  \
    NAME(filtering_few_inputs)(n, m, few);                                                                  \
  }                                                                                                         \
  static __attribute__((TARGET)) void NAME(few_outputs_##n##_##m)(const struct filtering_few_outputs *few) { \
    NAME(filtering_few_outputs)(n, few);                                                                    \
  }
FILTERINGS(DEFINE_FILTERING)
#define FILTERING(n, m)                                                                                     \
  {n,                                                                                                       \
   m,                                                                                                       \
   NAME(input_##n##_##m),                                                                                   \
   NAME(output_##n##_##m),                                                                                  \
   NAME(few_inputs_##n##_##m),                                                                              \
   NAME(few_outputs_##n##_##m)},
