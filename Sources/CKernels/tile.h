// The kernels of one instruction set: included with NAME(x), LANES, TARGET, FUSED(a, b, c) and SET_NAME defined, and
// with FORMS(X), a list of X(form, vectors, rows), and TILES(X), a list of X(form, vectors, r) for every kernel.
#include "CKernels.h"
#include <math.h>

typedef float NAME(vector) __attribute__((vector_size(LANES * 4)));
typedef float NAME(unaligned) __attribute__((vector_size(LANES * 4), aligned(4)));

#define INLINED static inline __attribute__((always_inline, TARGET))
#define UNROLLED _Pragma("clang loop unroll(full)")

INLINED NAME(vector) NAME(load)(const float *p) { return *(const NAME(unaligned) *)p; }
INLINED void NAME(store)(float *p, NAME(vector) v) { *(NAME(unaligned) *)p = v; }
INLINED NAME(vector) NAME(splat)(float x) { return x - (NAME(vector)){}; }

// The first `count` elements, the others zero.
INLINED NAME(vector) NAME(load_some)(const float *p, long count) {
  if (count == LANES) return NAME(load)(p);
#ifdef LOAD_FIRST
  return (NAME(vector))LOAD_FIRST(p, count);
#else
  NAME(vector) v = {};
  for (long i = 0; i < count; i++) v[i] = p[i];
  return v;
#endif
}

// Stores the first `count` elements.
INLINED void NAME(store_some)(float *p, NAME(vector) v, long count) {
  if (count == LANES) return NAME(store)(p, v);
#ifdef STORE_FIRST
  STORE_FIRST(p, v, count);
#else
  for (long i = 0; i < count; i++) p[i] = v[i];
#endif
}

// Arrays are of one size, and so in registers once the loops are unrolled.
INLINED void NAME(tile)(const struct tile *tile, const int rows, const int vectors) {
  const struct tile t = *tile;
  NAME(vector) sums[most_tile_rows][most_tile_vectors];
  UNROLLED for (int i = 0; i < rows; i++) {
    const NAME(vector) start = NAME(splat)(t.row_start ? t.row_start[i] : 0);
    UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = start;
  }
  if (t.column_start)
    UNROLLED for (int i = 0; i < rows; i++)
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = NAME(load)(t.column_start + j * LANES);
  if (t.continues)
    UNROLLED for (int i = 0; i < rows; i++)
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = NAME(load)(t.c + i * t.pitch + j * LANES);
  const float *a = t.a;
  for (long tap = 0; tap < t.tap_count; tap++) {
    const float *b[most_tile_vectors];
    UNROLLED for (int j = 0; j < vectors; j++) b[j] = t.b[j] + t.taps[tap];
    long offset = 0;
    _Pragma("clang loop unroll(disable)") for (long k = 0; k < t.depth; k++) {
      NAME(vector) wide[most_tile_vectors];
      UNROLLED for (int j = 0; j < vectors; j++) wide[j] = NAME(load)(b[j] + offset);
      UNROLLED for (int i = 0; i < rows; i++) {
        const NAME(vector) narrow = NAME(splat)(a[i]);
        UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = FUSED(narrow, wide[j], sums[i][j]);
      }
      a += t.a_step;
      offset += t.step;
    }
  }
  if (t.adds)
    UNROLLED for (int i = 0; i < rows; i++)
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = NAME(load)(t.c + i * t.pitch + j * LANES) + sums[i][j];
  if (t.rectifies)
    UNROLLED for (int i = 0; i < rows; i++)
      UNROLLED for (int j = 0; j < vectors; j++)
        sums[i][j] = __builtin_elementwise_max(sums[i][j], (NAME(vector)){});
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < vectors; j++) NAME(store)(t.c + i * t.pitch + j * LANES, sums[i][j]);
}

#define DEFINE(form, vectors, rows) \
  static __attribute__((TARGET)) void NAME(tile_##vectors##_##rows)(const struct tile *t) { NAME(tile)(t, rows, vectors); }
TILES(DEFINE)

#include "winograd.h"
#include "gather.h"
#include "functions.h"
#include "rows.h"
#include "planes.h"

#define FORM(form, vectors, rows) [form] = {vectors, rows},
#define ENTRY(form, vectors, rows) [form][rows - 1] = NAME(tile_##vectors##_##rows),
const struct kernel_set NAME(kernels) = {
    .name = SET_NAME, .lanes = LANES, .forms = {FORMS(FORM)}, .kernels = {TILES(ENTRY)}, .gathers = {TILES(GATHER)},
    .list_channels = LIST_CHANNELS, .list_nonzeros = LIST_NONZEROS, .take_marked = TAKE_MARKED, .turn_places = TURN_PLACES,
    .filterings = {FILTERINGS(FILTERING)}, .functions = {EACH_FUNCTION(FUNCTION_ENTRY)}, .rows = NAME(row_kernels),
    .sum_plane = NAME(sum_plane)};
