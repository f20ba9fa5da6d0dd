// Softmax and layer normalisation of rows: included for each instruction set by tile.h, behind functions.h.
//
// A row's sums are taken in as many parts as a vector has lanes, the same whatever the row before it was.

INLINED float NAME(total)(NAME(vector) v) {
  float sum = 0;
  UNROLLED for (int i = 0; i < LANES; i++) sum += v[i];
  return sum;
}

INLINED float NAME(largest)(const float *x, long count) {
  NAME(vector) most = NAME(splat)(x[0]);
  long i = 0;
  for (; i + LANES <= count; i += LANES) most = NAME(larger)(NAME(load)(x + i), most);
  float largest = x[0];
  for (int l = 0; l < LANES; l++) largest = most[l] > largest ? most[l] : largest;
  for (; i < count; i++) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

// Σ over the row of what `term` makes of its element i; elements behind the row are zeros.
#define ROW_SUM(count, term) \
  ({ \
    NAME(vector) sum = {}; \
    EACH_VECTOR(count, sum += (term);) \
    NAME(total)(sum); \
  })
#define AT(x) NAME(load_some)((x) + i, left)
// 1 for elements of the row, 0 behind it.
#define INSIDE NAME(inside)(left)

INLINED NAME(vector) NAME(inside)(long count) {
  NAME(vector) v = {};
  for (long i = 0; i < LANES; i++) v[i] = i < count ? 1 : 0;
  return v;
}

static __attribute__((TARGET)) void NAME(softmax)(const float *x, long rows, long count, float *y) {
  for (long r = 0; r < rows; r++, x += count, y += count) {
    const float largest = NAME(largest)(x, count);
    EACH_VECTOR(count, NAME(store_some)(y + i, NAME(expf)(AT(x) - largest), left);)
    const float share = 1 / ROW_SUM(count, AT(y));
    EACH_VECTOR(count, NAME(store_some)(y + i, AT(y) * share, left);)
  }
}

static __attribute__((TARGET)) void NAME(softmax_product)(
    const float *p, const float *v, long rows, long count, float *y) {
  for (long r = 0; r < rows; r++, p += count, v += count, y += count) {
    const float mean = ROW_SUM(count, AT(p) * AT(v));
    EACH_VECTOR(count, NAME(store_some)(y + i, AT(p) * (AT(v) - mean), left);)
  }
}

// The mean of a row and the reciprocal of its deviation.
struct NAME(moments) {
  float mean, share;
};

INLINED struct NAME(moments) NAME(moments_of)(const float *x, float epsilon, long count) {
  const float mean = ROW_SUM(count, AT(x)) / count;
  const float variance = ROW_SUM(count, ({
    const NAME(vector) centred = left == LANES ? AT(x) - mean : (AT(x) - mean) * INSIDE;
    centred * centred;
  })) / count;
  return (struct NAME(moments)){mean, 1 / sqrtf(variance + epsilon)};
}

static __attribute__((TARGET)) void NAME(normalize)(
    const float *x, const float *scale, const float *bias, float epsilon, long rows, long count, float *y) {
  for (long r = 0; r < rows; r++, x += count, y += count) {
    const struct NAME(moments) m = NAME(moments_of)(x, epsilon, count);
    EACH_VECTOR(count, {
      NAME(vector) out = (AT(x) - m.mean) * m.share;
      if (scale) out *= AT(scale);
      if (bias) out += AT(bias);
      NAME(store_some)(y + i, out, left);
    })
  }
}

static __attribute__((TARGET)) void NAME(normalize_product)(
    const float *x, const float *v, const float *before, const float *after, float epsilon, long rows, long count,
    float *y) {
  for (long r = 0; r < rows; r++, x += count, v += count, y += count) {
    const struct NAME(moments) m = NAME(moments_of)(x, epsilon, count);
    EACH_VECTOR(count, NAME(store_some)(y + i, before ? AT(v) * AT(before) : AT(v), left);)
    const float mean = ROW_SUM(count, AT(y)) / count;
    const float turn = ROW_SUM(count, AT(y) * ((AT(x) - m.mean) * m.share)) / count;
    EACH_VECTOR(count, {
      NAME(vector) out = (AT(y) - mean - (AT(x) - m.mean) * m.share * turn) * m.share;
      if (after) out *= AT(after);
      NAME(store_some)(y + i, out, left);
    })
  }
}

static const struct row_kernels NAME(row_kernels) = {
    NAME(softmax), NAME(softmax_product), NAME(normalize), NAME(normalize_product)};
