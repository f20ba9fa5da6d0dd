// Sums over listed steps of the wide factor: included for each instruction set by tile.h.

INLINED void NAME(sum_listed)(const struct gathering *gathering, const int rows, const int vectors) {
  const struct gathering g = *gathering;
  NAME(vector) sums[most_tile_rows][most_tile_vectors];
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = g.start ? NAME(load)(g.start + j * LANES) : NAME(splat)(0);
  for (long run = 0; run < g.run_count; run++) {
    const long end = g.runs[2 * run + 1];
    _Pragma("clang loop unroll(disable)") for (long k = g.runs[2 * run]; k < end; k++) {
      const float *a = g.a + k, *b = g.b + g.steps[k] * g.b_step;
      NAME(vector) wide[most_tile_vectors];
      UNROLLED for (int j = 0; j < vectors; j++) wide[j] = NAME(load)(b + j * LANES);
      UNROLLED for (int i = 0; i < rows; i++) {
        const NAME(vector) narrow = NAME(splat)(a[i * g.a_pitch]);
        UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = FUSED(narrow, wide[j], sums[i][j]);
      }
    }
  }
  if (g.rectifies)
    UNROLLED for (int i = 0; i < rows; i++)
      UNROLLED for (int j = 0; j < vectors; j++)
        sums[i][j] = __builtin_elementwise_max(sums[i][j], (NAME(vector)){});
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < vectors; j++) NAME(store)(g.c + i * g.pitch + j * LANES, sums[i][j]);
}

#define DEFINE_GATHER(form, vectors, rows) \
  static __attribute__((TARGET)) void NAME(sum_listed_##vectors##_##rows)(const struct gathering *g) { NAME(sum_listed)(g, rows, vectors); }
TILES(DEFINE_GATHER)

#define GATHER(form, vectors, rows) [form][rows - 1] = NAME(sum_listed_##vectors##_##rows),

#ifndef LIST_NONZEROS
#define LIST_NONZEROS 0
#define TAKE_MARKED 0
#define TURN_PLACES 0
#endif

#ifndef LIST_CHANNELS
#define LIST_CHANNELS NAME(list_channels)
// No branch depends on the marks, as good as random.
static long NAME(list_channels)(
    const unsigned char *marks, unsigned char tap, long channels, const int first[2], const int size[2], int *elements,
    int *steps) {
  long n = 0;
  for (long c = 0; c < channels; c++) {
    elements[n] = first[0] + (int)c * size[0];
    steps[n] = first[1] + (int)c * size[1];
    n += marks[c] == tap;
  }
  return n;
}
#endif
