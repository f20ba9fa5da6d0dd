// Sums over listed steps of the wide factor: included for each instruction set by tile.h.

INLINED void NAME(sum_list)(
    const struct gathering *gathering, const float *narrows, const int *steps, const long *runs, float *c,
    const int rows, const int vectors) {
  const struct gathering g = *gathering;
  NAME(vector) sums[most_tile_rows][most_tile_vectors];
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = g.start ? NAME(load)(g.start + j * LANES) : NAME(splat)(0);
  for (long run = 0; run < g.run_count; run++) {
    const long end = runs[2 * run + 1];
    _Pragma("clang loop unroll(disable)") for (long k = runs[2 * run]; k < end; k++) {
      const float *a = narrows + k, *b = g.b + steps[k] * g.b_step;
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
    UNROLLED for (int j = 0; j < vectors; j++) NAME(store)(c + i * g.pitch + j * LANES, sums[i][j]);
}

INLINED void NAME(sum_lists)(const struct gathering *g, const int rows, const int vectors) {
  for (long l = 0; l < g->list_count; l++)
    NAME(sum_list)(
        g, g->a + l * g->a_list, g->steps + l * g->step_list, g->runs + 2 * l * g->run_count, g->c + l * g->c_list, rows,
        vectors);
}

#define DEFINE_GATHER(form, vectors, rows) \
  static __attribute__((TARGET)) void NAME(sum_listed_##vectors##_##rows)(const struct gathering *g) { NAME(sum_lists)(g, rows, vectors); }
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
