// Functions of every element, with their first two derivatives: included for each instruction set by tile.h.
//
// exp, erf, tanh and what else is not algebra are those of the C library for whole vectors (at most 4 ulp); an element's
// result does not depend on where in a vector it stands.

#if defined(__x86_64__) && defined(__GLIBC__)
#define FUNCTION(name, symbol) \
  NAME(vector) symbol(NAME(vector)) __attribute__((const, TARGET)); \
  INLINED NAME(vector) NAME(name)(NAME(vector) x) { return symbol(x); }
#else
#define FUNCTION(name, symbol) \
  INLINED NAME(vector) NAME(name)(NAME(vector) x) { \
    for (int i = 0; i < LANES; i++) x[i] = name(x[i]); \
    return x; \
  }
#endif
FUNCTION(expf, VECTOR_NAME(expf))
FUNCTION(logf, VECTOR_NAME(logf))
FUNCTION(log1pf, VECTOR_NAME(log1pf))
FUNCTION(expm1f, VECTOR_NAME(expm1f))
FUNCTION(tanhf, VECTOR_NAME(tanhf))
FUNCTION(erff, VECTOR_NAME(erff))
FUNCTION(erfcf, VECTOR_NAME(erfcf))

INLINED NAME(vector) NAME(powf)(NAME(vector) x, float p) {
  for (int i = 0; i < LANES; i++) x[i] = powf(x[i], p);
  return x;
}

typedef int NAME(mask) __attribute__((vector_size(LANES * 4)));

INLINED NAME(vector) NAME(choose)(NAME(mask) which, NAME(vector) a, NAME(vector) b) {
  return (NAME(vector))((which & (NAME(mask))a) | (~which & (NAME(mask))b));
}

INLINED NAME(vector) NAME(larger)(NAME(vector) a, NAME(vector) b) { return NAME(choose)(a > b, a, b); }

// φ, φ′ and φ″.
struct NAME(row) {
  NAME(vector) value, slope, bend;
};

#define FUNCTION_OF(name) INLINED struct NAME(row) NAME(name)(NAME(vector) x, const float *p)
#define ROW(...) ((struct NAME(row)){__VA_ARGS__})

// 1/(1 + e⁻ˣ), without an overflow.
INLINED NAME(vector) NAME(logistic)(NAME(vector) x) {
  const NAME(vector) e = NAME(expf)(-__builtin_elementwise_abs(x));
  return NAME(choose)(x >= 0, NAME(splat)(1), e) / (1 + e);
}

FUNCTION_OF(sigmoid) {
  const NAME(vector) s = NAME(logistic)(x);
  return ROW(s, s * (1 - s), s * (1 - s) * (1 - 2 * s));
}

FUNCTION_OF(tangent) {
  const NAME(vector) t = NAME(tanhf)(x);
  return ROW(t, 1 - t * t, -2 * t * (1 - t * t));
}

// log(1 + e^βx)/β
INLINED struct NAME(row) NAME(softplus_of)(NAME(vector) x, float beta) {
  const NAME(vector) z = beta * x, e = NAME(expf)(-__builtin_elementwise_abs(z));
  const NAME(vector) one = NAME(splat)(1), s = NAME(choose)(z >= 0, one, e) / (1 + e);
  return ROW(
      NAME(larger)(x, NAME(splat)(0)) + NAME(log1pf)(e) / beta, s, beta * e / ((1 + e) * (1 + e)));
}

FUNCTION_OF(softplus) { return NAME(softplus_of)(x, p[0]); }

FUNCTION_OF(softsign) {
  const NAME(vector) d = 1 / (1 + __builtin_elementwise_abs(x));
  return ROW(x * d, d * d, NAME(choose)(x < 0, NAME(splat)(2), NAME(splat)(-2)) * d * d * d);
}

// λx above 0, λα(eˣ − 1) below, with α = p[0] and λ = p[1].
FUNCTION_OF(exponential_unit) {
  const NAME(mask) above = x > 0;
  // What is above is not asked for: its exponential overflows.
  const NAME(vector) below = NAME(choose)(above, NAME(splat)(0), x), e = p[1] * p[0] * NAME(expf)(below);
  return ROW(
      NAME(choose)(above, p[1] * x, p[1] * p[0] * NAME(expm1f)(below)), NAME(choose)(above, NAME(splat)(p[1]), e),
      NAME(choose)(above, NAME(splat)(0), e));
}

FUNCTION_OF(error) {
  const NAME(vector) slope = 1.1283792f * NAME(expf)(-x * x);
  return ROW(NAME(erff)(x), slope, -2 * x * slope);
}

FUNCTION_OF(gelu) {
  const NAME(vector) share = 0.5f * NAME(erfcf)(-0.7071068f * x), density = 0.39894228f * NAME(expf)(-0.5f * x * x);
  return ROW(x * share, share + x * density, density * (2 - x * x));
}

FUNCTION_OF(gelu_tanh) {
  const float k = 0.79788456f, c = 0.044715f;
  const NAME(vector) t = NAME(tanhf)(k * (x + c * x * x * x)), d = 1 - t * t;
  const NAME(vector) u = k * (1 + 3 * c * x * x), v = 6 * k * c * x;
  return ROW(
      0.5f * x * (1 + t), 0.5f * (1 + t) + 0.5f * x * d * u, d * u + 0.5f * x * (d * v - 2 * t * d * u * u));
}

FUNCTION_OF(silu) {
  const NAME(vector) s = NAME(logistic)(x), d = s * (1 - s);
  return ROW(x * s, s + x * d, d * (2 + x * (1 - 2 * s)));
}

FUNCTION_OF(mish) {
  const struct NAME(row) s = NAME(softplus_of)(x, 1);
  const NAME(vector) t = NAME(tanhf)(s.value), d = (1 - t * t) * s.slope;
  return ROW(x * t, t + x * d, 2 * d + x * (-2 * t * d * s.slope + (1 - t * t) * s.bend));
}

FUNCTION_OF(exponential) {
  const NAME(vector) e = NAME(expf)(x);
  return ROW(e, e, e);
}

FUNCTION_OF(logarithm) { return ROW(NAME(logf)(x), 1 / x, -1 / (x * x)); }

FUNCTION_OF(root) {
  const NAME(vector) s = __builtin_elementwise_sqrt(x);
  return ROW(s, 0.5f / s, -0.25f / (s * x));
}

FUNCTION_OF(reciprocal) {
  const NAME(vector) r = 1 / x;
  return ROW(r, -r * r, 2 * r * r * r);
}

FUNCTION_OF(power) {
  const float n = p[0];
  const NAME(vector) zero = NAME(splat)(0);
  return ROW(
      NAME(powf)(x, n), n == 0 ? zero : n * NAME(powf)(x, n - 1),
      n == 0 || n == 1 ? zero : n * (n - 1) * NAME(powf)(x, n - 2));
}

FUNCTION_OF(soft_rectifier) {
  const struct NAME(row) s = NAME(softplus_of)(x, p[1]);
  return ROW(p[0] * x + (1 - p[0]) * s.value, p[0] + (1 - p[0]) * s.slope, (1 - p[0]) * s.bend);
}

FUNCTION_OF(soft_clamp) {
  const float lower = p[0], upper = p[1];
  struct NAME(row) y = {x, NAME(splat)(1), NAME(splat)(0)};
  if (lower > -INFINITY) {
    const struct NAME(row) s = NAME(softplus_of)(lower - x, p[2]);
    y = ROW(y.value + s.value, y.slope - s.slope, y.bend + s.bend);
  }
  if (upper < INFINITY) {
    const struct NAME(row) s = NAME(softplus_of)(x - upper, p[2]);
    y = ROW(y.value - s.value, y.slope - s.slope, y.bend - s.bend);
  }
  return y;
}

FUNCTION_OF(soft_absolute) {
  const struct NAME(row) s = NAME(softplus_of)(x, p[0]), t = NAME(softplus_of)(-x, p[0]);
  return ROW(s.value + t.value, s.slope - t.slope, s.bend + t.bend);
}

// x above 0, p[0]·x elsewhere.
FUNCTION_OF(leaky_rectifier) {
  const NAME(vector) slope = NAME(choose)(x > 0, NAME(splat)(1), NAME(splat)(p[0]));
  return ROW(x * slope, slope, NAME(splat)(0));
}

// Between p[0] and p[1]; at its kinks the slope is 0.
FUNCTION_OF(clamp) {
  const NAME(vector) low = NAME(splat)(p[0]), high = NAME(splat)(p[1]), zero = NAME(splat)(0);
  const NAME(vector) y = NAME(choose)(x < low, low, x);
  return ROW(NAME(choose)(y > high, high, y), NAME(choose)((x > low) & (x < high), NAME(splat)(1), zero), zero);
}

FUNCTION_OF(absolute) {
  const NAME(vector) one = NAME(splat)(1), zero = NAME(splat)(0);
  const NAME(vector) sign = NAME(choose)(x > 0, one, NAME(choose)(x < 0, -one, zero));
  return ROW(x * sign, sign, zero);
}

// x·min(max(p[0]x + p[1], 0), 1)
FUNCTION_OF(hard_swish) {
  const float ends[] = {0, 1};
  const struct NAME(row) share = NAME(clamp)(p[0] * x + p[1], ends);
  return ROW(x * share.value, share.value + p[0] * x * share.slope, 2 * p[0] * share.slope);
}

// The same with a soft clamp of sharpness p[2].
FUNCTION_OF(soft_hard_swish) {
  const float ends[] = {0, 1, p[2]};
  const struct NAME(row) share = NAME(soft_clamp)(p[0] * x + p[1], ends);
  return ROW(
      x * share.value, share.value + p[0] * x * share.slope,
      2 * p[0] * share.slope + p[0] * p[0] * x * share.bend);
}

// The elements behind the last whole vector are a vector of their own.
#define EACH_VECTOR(count, body) \
  for (long i = 0; i < (count); i += LANES) { \
    const long left = (count) - i < LANES ? (count) - i : LANES; \
    body \
  }

#define DEFINE_LINE(name, part) \
  static __attribute__((TARGET)) void NAME(name##_##part)( \
      const float *x, const float *factor, const float *parameters, long count, float *y) { \
    if (factor) { \
      EACH_VECTOR(count, NAME(store_some)( \
          y + i, NAME(name)(NAME(load_some)(x + i, left), parameters).part * NAME(load_some)(factor + i, left), left);) \
    } else { \
      EACH_VECTOR(count, NAME(store_some)(y + i, NAME(name)(NAME(load_some)(x + i, left), parameters).part, left);) \
    } \
  }
#define DEFINE_FUNCTION(name) DEFINE_LINE(name, value) DEFINE_LINE(name, slope) DEFINE_LINE(name, bend)
EACH_FUNCTION(DEFINE_FUNCTION)

#define FUNCTION_ENTRY(name) \
  [function_##name] = {NAME(name##_value), NAME(name##_slope), NAME(name##_bend)},
