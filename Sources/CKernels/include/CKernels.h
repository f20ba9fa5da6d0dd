#pragma once

// The innermost product of convolutions and dense layers: a tile of R rows and V vectors of sums that stay in registers,
//   c[i][j] = start + Σₖ a[k][i] · b[k][j],
// every sum taken in the order of k with fused multiply-adds, so that no result depends on the tile it is in.
//
// The narrow factor a has R numbers a step, and a_step from one step to the next. The wide factor b is read where it lies: vector j of step k of tap t
// at b[j] + taps[t] + k · step, in floats; a vector may begin anywhere.
struct tile {
  const float *a;
  long a_step;
  const float *const *b;
  const long *taps;
  long tap_count;
  // Steps of one tap, and how far apart the steps of b are.
  long depth;
  long step;
  // Row i of the sums begins at c + i · pitch.
  float *c;
  long pitch;
  // Where the sums start: a number a row, or a number a column; zero where both are null.
  const float *row_start;
  const float *column_start;
  // Whether they go on from what stands at c, and whether they are added to it in the end: several short chains of sums
  // round less than a long one.
  int continues, adds;
  // Whether negative sums become zero.
  int rectifies;
};

typedef void (*tile_kernel)(const struct tile *);

enum { tile_forms = 4, most_tile_rows = 14, most_tile_vectors = 6 };

struct tile_form {
  int vectors, rows;
};

// Sums over listed steps, for each of `list_count` lists:
//   c[i][j] = start[j] + Σ a[i · a_pitch + k] · b[steps[k] · b_step + j · lanes]
// over the k of `run_count` runs from runs[2n] to before runs[2n + 1], in this order. From list to list the runs lie behind
// one another, and what a, steps and c point to as far apart as a_list, step_list and c_list say.
struct gathering {
  long list_count;
  const float *a;
  long a_pitch, a_list;
  const float *b;
  long b_step;
  const int *steps;
  long step_list;
  const long *runs;
  long run_count;
  // Row i of the sums begins at c + i · pitch.
  float *c;
  long pitch, c_list;
  // A number a column, or null for zero.
  const float *start;
  // Whether negative sums become zero.
  int rectifies;
};

typedef void (*gather_kernel)(const struct gathering *);

// Writes first + c · size, two numbers, for those channels c whose mark is `tap`, side by side, and behind them up to a
// vector more; returns how many channels they are.
typedef long (*list_channels)(
    const unsigned char *marks, unsigned char tap, long channels, const int first[2], const int size[2], int *elements,
    int *steps);

// Those of a product's inputs that are not zero, at `square_count` times as many places as there are lanes: channel c of
// place p of square s is x[c · step + squares[s] + p], zero where there is a gate and that, which lies as x does, is not
// positive.
//
// `together` neighbours, one or two, share a list: the channels in which any of them is not zero, in their order. With
// another image, which may have a gate of its own, the two share a list for each place.
struct nonzeros {
  const float *x, *gate;
  const float *other, *other_gate;
  long step, channels;
  const long *squares;
  long square_count;
  int together;
  // List l of square s begins at listed + (s · lanes + l) · room, with room for a vector more than there are channels, and
  // holds runs[2(s · lanes + l)] = 0 to before runs[2(s · lanes + l) + 1].
  int *listed;
  long room;
  long *runs;
  // Each of these only where it is not null: the values of place p of square s as listed, from
  // values + (s · lanes + p) · room, of two images from values + ((s · lanes + p) · 2 + image) · room; and a bit a
  // channel for list l at marks[s · room + c / lanes · lanes + l].
  float *values;
  unsigned short *marks;
};

typedef void (*list_nonzeros)(const struct nonzeros *);

// Values of lists made before, from another x that lies as that did: those of place p of square s go to
// values + (s · lanes + p) · pitch, and behind them up to a vector more. Runs are made anew.
typedef void (*take_marked)(const struct nonzeros *, long pitch);

// Sums at as many places as there are lanes, whose channels lie side by side, back to channels whose places do:
// out[c · pitch + p] ← x[p · width + c] for c < channels; `width` is whole vectors.
typedef void (*turn_places)(const float *x, long width, long channels, float *out, long pitch);

// Tiles of n×n elements each, one a lane, on their way into a filtering F(m×m, r×r), n = m + r − 1:
//   v[p · point + c · width + tile] = (Bᵀ d B)[p], p = 0 … n² − 1, for every channel c.
// Up to three elements behind a tile's rows are read.
struct filtering_input {
  // The upper left elements of as many tiles as there are lanes, in channel 0.
  const float *const *tiles;
  // From one row to the next, one channel to the next.
  long pitch, step;
  long channels;
  float *v;
  long point, width;
};

// The same, and the sums over the channels of the products with the filters of few outputs, a tile a lane:
//   sums[(p · outputs + o) · lanes] = Σ w[(c · n² + p) · outputs + o] · (Bᵀ d B)[p] over the channels c, in their order.
struct filtering_few_outputs {
  const float *const *tiles;
  long pitch, step;
  long channels;
  const float *w;
  long outputs;
  float *sums;
};

// Their way out, an output or a tile a lane: targets[lane][i · pitch + j] = start[lane] + (Aᵀ s A)[i][j], with
// s[p] = sums[p · point + lane]. Of the m×m elements `rows` × `columns` are stored, of the first `count` lanes.
struct filtering_output {
  const float *sums;
  long point;
  const float *start;
  int rectifies;
  float *const *targets;
  long pitch;
  long rows, columns, count;
};

// The same for two tiles of few channels, whose sums are taken on the way:
//   s[p] = Σ v[(c · n² + p) · lanes] · w[(c · n² + p) · lanes + lane] over the channels c, in their order.
struct filtering_few_inputs {
  const float *v[2];
  const float *w;
  long channels;
  // Their `sums` and `point` do not count.
  struct filtering_output outputs[2];
};

struct filtering {
  int n, m;
  void (*input)(const struct filtering_input *);
  void (*output)(const struct filtering_output *);
  void (*few_inputs)(const struct filtering_few_inputs *);
  void (*few_outputs)(const struct filtering_few_outputs *);
};

enum { filtering_count = 4 };

// Functions of one number; what their parameters are is said where they are defined.
#define EACH_FUNCTION(X) \
  X(sigmoid) X(tangent) X(softplus) X(softsign) X(exponential_unit) X(error) X(gelu) X(gelu_tanh) X(silu) X(mish) \
  X(exponential) X(logarithm) X(root) X(reciprocal) X(power) X(soft_rectifier) X(soft_clamp) X(soft_absolute) \
  X(leaky_rectifier) X(clamp) X(absolute) X(hard_swish) X(soft_hard_swish)
#define NUMBER(name) function_##name,
enum scalar_function { EACH_FUNCTION(NUMBER) function_count };
#undef NUMBER

// y[i] ← φ(x[i]), or a derivative of it, times factor[i] unless that is null.
typedef void (*function_line)(const float *x, const float *factor, const float *parameters, long count, float *y);

// Operations on rows of `count` numbers, `rows` of them one behind the other.
struct row_kernels {
  // y ← e^x / Σ e^x.
  void (*softmax)(const float *x, long rows, long count, float *y);
  // y ← p∘(v − ⟨p, v⟩), the product with the Jacobian of the softmax whose output is p.
  void (*softmax_product)(const float *p, const float *v, long rows, long count, float *y);
  // y ← scale∘x̂ + bias with x̂ = (x − mean)/√(variance + ε); scale and bias have a number for each of the row.
  void (*normalize)(
      const float *x, const float *scale, const float *bias, float epsilon, long rows, long count, float *y);
  // y ← after∘P(before∘v) with the symmetric Jacobian P of x̂ at x: P·w = (w − mean(w) − x̂·mean(x̂w))/√(variance + ε);
  // factors that are null are 1.
  void (*normalize_product)(
      const float *x, const float *v, const float *before, const float *after, float epsilon, long rows, long count,
      float *y);
};

enum { most_column_taps = 7, most_plane_rows = 8 };

// Taps one below the other: of element (i, j) the first lies `offset` behind it, `count` ≤ most_column_taps of them in
// rows that follow one another.
struct tap_column {
  long offset, count;
};

// Sums over the taps of one plane, or of few: over columns and their taps in this order,
//   y[i][j] = start + Σ w · x[i · x_pitch + j + offset + u · x_pitch],
// the weights w side by side. Up to two vectors behind a row are read.
struct plane_sums {
  const float *x;
  long x_pitch;
  const struct tap_column *columns;
  long column_count;
  const float *weights;
  float start;
  // Whether negative sums become zero.
  int rectifies;
  // height×width, one row behind the other.
  float *y;
  long height, width;
};

typedef void (*sum_plane)(const struct plane_sums *);

// The kernels of one instruction set. A tile of form f has forms[f].vectors vectors of `lanes` floats and at most
// forms[f].rows rows; kernels[f][r − 1] and gathers[f][r − 1] are those of r rows.
struct kernel_set {
  const char *name;
  int lanes;
  struct tile_form forms[tile_forms];
  tile_kernel kernels[tile_forms][most_tile_rows];
  gather_kernel gathers[tile_forms][most_tile_rows];
  list_channels list_channels;
  // Null where the instructions have nothing that is fast enough.
  list_nonzeros list_nonzeros;
  take_marked take_marked;
  turn_places turn_places;
  struct filtering filterings[filtering_count];
  // The function, its slope and its bend.
  function_line functions[function_count][3];
  struct row_kernels rows;
  sum_plane sum_plane;
};

// The sets that this processor and its system can run, the best first; null behind the last.
const struct kernel_set *kernel_set(int index);

enum { most_filters = 32 };

// G w Gᵀ of a minimal filtering for up to most_filters filters side by side, summed in double precision:
// out[p · point + f] for filter f, whose r×r weights lie at weights + f · row_stride + taps[…]; g is G, n×r.
void transform_filters(
    const float *weights, long row_stride, const long *taps, long count, const double *g, long n, long r, float *out,
    long point);

// Whether two patches of extent×extent elements are equal in every channel; rows and channels of the planes that they
// lie in begin `pitch` and `step` elements apart.
int patches_equal(const float *a, const float *b, long extent, long pitch, long channels, long step);

// A maximum over windows of kernel[0]×kernel[1] taps of one plane; taps outside the plane do not count.
struct pool {
  long height, width;
  long output_height, output_width;
  long kernel[2], strides[2], dilations[2], before[2];
};

// out[place] ← the largest tap; taps[place], unless null, ← which one, the first of equals in reading order.
void pool_plane(const struct pool *, const float *plane, float *out, unsigned char *taps);

// How far the steps of what passes lie apart from one channel, row and column of a plane to the next.
struct step_sizes {
  int channel, row, column;
};

// What passes a maximum over windows, by its place in the plane and within a place by channel: those of place q are
// starts[q] to before starts[q + 1]. elements[k] is the one of the pooled planes, steps[k] = (channel, row, column) · sizes.
struct passed {
  // Room for one more than the plane has places.
  long *starts;
  // Room for `passed_slack` more than the pooled planes have elements.
  int *elements;
  int *steps;
};

enum { passed_slack = 16 };

// Fills the lists with those elements of the pooled planes that have a tap, and whose gate is positive where one is
// given; returns how many they are. A window has fewer than 255 taps. `marks` is room for two bytes an element.
long list_passed(
    const struct pool *, const float *gate, const unsigned char *taps, long channels, struct step_sizes,
    list_channels, struct passed, unsigned char *marks);

// out[i][k] ← element elements[k] of pooled planes i, which begin `step` apart.
void take_passed(const float *y, long step, long rows, const int *elements, long count, float *out);

// out ← out + x.
void accumulate_line(const float *x, long count, float *out);

// out[j · pitch + i] ← x[i · x_pitch + j].
void turn_lines(const float *x, long x_pitch, long rows, long columns, float *out, long pitch);

// out[place] ← shares[place] · the sum under the window; taps outside the plane count as zeros.
void mean_plane(const struct pool *, const float *plane, const float *shares, float *out);

// The adjoint: every element of the plane ← the sum of shares[place] · y[place] over the windows it is under.
void spread_plane(const struct pool *, const float *y, const float *shares, float *plane);

// The adjoint of a maximum over windows of 2×2, 2 apart: y[i][j] to the place of its tap, 0 … 3, in rows of `pitch`,
// and zeros to the others; with a gate those y only where it is positive.
void unpool_halves(
    const float *y, const float *gate, const unsigned char *taps, long rows, long columns, float *out, long pitch);

// Copies rows that begin x_pitch elements apart to rows that begin `pitch` apart; with a gate, which lies as x does,
// elements where it is not positive become 0.
void copy_rows(const float *x, const float *gate, long x_pitch, long rows, long columns, float *out, long pitch);

// out[j] ← x[j · stride].
void copy_strided(const float *x, long stride, long count, float *out);

// The same in panels of `width` columns, one behind the other: element j of row i goes to out[(j / width · rows + i) · width + j mod width].
void copy_panels(const float *x, const float *gate, long x_pitch, long rows, long columns, long width, float *out);

// out ← x + y, negative sums as 0 where `rectifies`.
void add_lines(const float *x, const float *y, float *out, long count, int rectifies);

// out ← scale·x + shift.
void scale_line(const float *x, float scale, float shift, long count, float *out);

// At how many of `count` places x is not zero, or where it is not null another.
long nonzero_count(const float *x, const float *other, long count);

// Which of `count` groups of `width` numbers have one that is not zero: their indices, in order, and how many they are.
long nonzero_groups(const float *a, long width, long count, long *found);

// Asks for lines of memory that are soon read, into a core's second cache.
static inline void ask_for_lines(const float *x, long count) {
  for (long i = 0; i < count; i += 16) __builtin_prefetch(x + i, 0, 2);
}

// Tells the processor that a thread looks out for what another one writes.
static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
