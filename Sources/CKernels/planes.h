// Sums over the taps of a plane: included for each instruction set by tile.h.

// Taps one below the other: a vector, once loaded, goes into the sums of all rows that it lies under.
INLINED void NAME(sum_column)(
    const float *x, long pitch, const float *weights, NAME(vector) *sums, const int rows, const int count) {
  NAME(vector) w[most_column_taps];
  UNROLLED for (int u = 0; u < count; u++) w[u] = NAME(splat)(weights[u]);
  UNROLLED for (int r = 0; r < rows + count - 1; r++) {
    const NAME(vector) wide = NAME(load)(x + r * pitch);
    UNROLLED for (int u = 0; u < count; u++)
      if (r - u >= 0 && r - u < rows) sums[r - u] = FUSED(w[u], wide, sums[r - u]);
  }
}

// A vector of columns at so many rows from this one on.
INLINED void NAME(sum_block)(const struct plane_sums *p, long row, long column, const int rows) {
  NAME(vector) sums[most_plane_rows];
  UNROLLED for (int i = 0; i < rows; i++) sums[i] = NAME(splat)(p->start);
  const float *x = p->x + row * p->x_pitch + column, *w = p->weights;
  for (long k = 0; k < p->column_count; k++) {
    const struct tap_column c = p->columns[k];
    switch (c.count) {
#define TAPS(n) case n: NAME(sum_column)(x + c.offset, p->x_pitch, w, sums, rows, n); break;
      TAPS(1) TAPS(2) TAPS(3) TAPS(4) TAPS(5) TAPS(6) TAPS(7)
#undef TAPS
    }
    w += c.count;
  }
  if (p->rectifies)
    UNROLLED for (int i = 0; i < rows; i++) sums[i] = __builtin_elementwise_max(sums[i], (NAME(vector)){});
  float *y = p->y + row * p->width + column;
  const long left = p->width - column < LANES ? p->width - column : LANES;
  UNROLLED for (int i = 0; i < rows; i++) NAME(store_some)(y + i * p->width, sums[i], left);
}

#define DEFINE_ROWS(n) \
  static __attribute__((TARGET)) void NAME(sum_rows_##n)(const struct plane_sums *p, long row) { \
    for (long column = 0; column < p->width; column += LANES) NAME(sum_block)(p, row, column, n); \
  }
DEFINE_ROWS(1) DEFINE_ROWS(2) DEFINE_ROWS(3) DEFINE_ROWS(4) DEFINE_ROWS(5) DEFINE_ROWS(6) DEFINE_ROWS(7) DEFINE_ROWS(8)

// In blocks of rows that differ by one at most.
static __attribute__((TARGET)) void NAME(sum_plane)(const struct plane_sums *p) {
  static void (*const sum_rows[])(const struct plane_sums *, long) = {
      0, NAME(sum_rows_1), NAME(sum_rows_2), NAME(sum_rows_3), NAME(sum_rows_4),
      NAME(sum_rows_5), NAME(sum_rows_6), NAME(sum_rows_7), NAME(sum_rows_8)};
  const long blocks = (p->height + most_plane_rows - 1) / most_plane_rows;
  for (long b = 0; b < blocks; b++) {
    const long row = b * p->height / blocks, end = (b + 1) * p->height / blocks;
    sum_rows[end - row](p, row);
  }
}
