// Lists of inputs that are not zero: squares of 16 channels × 16 places are turned, and each place's channels
// compressed.
#define LIST_NONZEROS avx512_list_nonzeros
#define TAKE_MARKED avx512_take_marked
#define TURN_PLACES avx512_turn_places
#define SQUARE static inline __attribute__((always_inline, TARGET))
#define EACH _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++)

// Rows become columns: by ones, twos, fours and halves.
SQUARE void turn_16(__m512 *r) {
  __m512 t[16];
  _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
  _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 4)
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 2; k++) {
      const __m512d low = _mm512_castps_pd(t[i + k]), high = _mm512_castps_pd(t[i + k + 2]);
      r[i + 2 * k] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
      r[i + 2 * k + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
    }
  _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 8)
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) {
      t[i + k] = _mm512_shuffle_f32x4(r[i + k], r[i + k + 4], 0x88);
      t[i + k + 4] = _mm512_shuffle_f32x4(r[i + k], r[i + k + 4], 0xdd);
    }
  _Pragma("clang loop unroll(full)") for (int k = 0; k < 8; k++) {
    r[k] = _mm512_shuffle_f32x4(t[k], t[k + 8], 0x88);
    r[k + 8] = _mm512_shuffle_f32x4(t[k], t[k + 8], 0xdd);
  }
}

// Sixteen lines of x, turned, zero behind the last and where the gate is not positive. Those of the next channels are
// asked for: they are met next.
SQUARE void load_square(const float *x, const float *gate, long step, const int lines, __m512 *r) {
  EACH {
    if (i < lines) {
      r[i] = _mm512_loadu_ps(x + i * step);
      _mm_prefetch((const char *)(x + (i + 16) * step), _MM_HINT_T1);
      if (gate) {
        r[i] = _mm512_maskz_mov_ps(
            _mm512_cmp_ps_mask(_mm512_loadu_ps(gate + i * step), _mm512_setzero_ps(), _CMP_GT_OQ), r[i]);
        if (gate != x) _mm_prefetch((const char *)(gate + (i + 16) * step), _MM_HINT_T1);
      }
    } else {
      r[i] = _mm512_setzero_ps();
    }
  }
  turn_16(r);
}

SQUARE __mmask16 nonzero_lanes(__m512 v) {
  return _mm512_test_epi32_mask(_mm512_castps_si512(v), _mm512_set1_epi32(0x7fffffff));
}

// Which sums share a list: those of one place, of two neighbours, or of a place of two images.
enum sharing { one_place, neighbours, two_images };

// Sixteen channels from c, of which `lines` exist, at the places of square s.
SQUARE void list_square(const struct nonzeros *z, long s, long c, const int lines, const enum sharing sharing) {
  __m512 r[16], other[16];
  const long first = c * z->step + z->squares[s], room = z->room;
  load_square(z->x + first, z->gate ? z->gate + first : 0, z->step, lines, r);
  if (sharing == two_images)
    load_square(z->other + first, z->other_gate ? z->other_gate + first : 0, z->step, lines, other);
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i channel = _mm512_add_epi32(lane, _mm512_set1_epi32((int)c));
  const int lists = sharing == neighbours ? 8 : 16, rows = sharing == one_place ? 1 : 2;
  long *runs = z->runs + s * 32;
  float *values = z->values ? z->values + s * lists * rows * room : 0;
  int *listed = z->listed + s * 16 * room;
  _Pragma("clang loop unroll(full)") for (int l = 0; l < lists; l++) {
    const __m512 one = sharing == neighbours ? r[2 * l] : r[l];
    const __m512 two = sharing == neighbours ? r[2 * l + 1] : sharing == two_images ? other[l] : one;
    const __mmask16 any = nonzero_lanes(_mm512_or_ps(one, two));
    const long n = runs[2 * l + 1];
    if (values) {
      _mm512_storeu_ps(values + l * rows * room + n, _mm512_maskz_compress_ps(any, one));
      if (rows == 2) _mm512_storeu_ps(values + (l * rows + 1) * room + n, _mm512_maskz_compress_ps(any, two));
    }
    if (z->marks) z->marks[s * room + c + l] = any;
    _mm512_storeu_si512(listed + l * room + n, _mm512_maskz_compress_epi32(any, channel));
    runs[2 * l + 1] = n + __builtin_popcount(any);
  }
}

SQUARE void list_places(const struct nonzeros *z, const enum sharing sharing) {
  for (long l = 0; l < z->square_count * 32; l++) z->runs[l] = 0;
  long c = 0;
  for (; c + 16 <= z->channels; c += 16)
    for (long s = 0; s < z->square_count; s++) list_square(z, s, c, 16, sharing);
  if (c < z->channels)
    for (long s = 0; s < z->square_count; s++) list_square(z, s, c, (int)(z->channels - c), sharing);
}

static __attribute__((TARGET)) void avx512_list_nonzeros(const struct nonzeros *z) {
  const struct nonzeros own = *z;
  if (own.other)
    list_places(&own, two_images);
  else if (own.together == 1)
    list_places(&own, one_place);
  else
    list_places(&own, neighbours);
}

SQUARE void take_square(const struct nonzeros *z, long s, long c, const int lines, long pitch) {
  __m512 r[16];
  load_square(z->x + c * z->step + z->squares[s], 0, z->step, lines, r);
  const unsigned short *marks = z->marks + s * z->room + c;
  long *runs = z->runs + s * 32;
  float *values = z->values + s * 16 * pitch;
  EACH {
    const long n = runs[2 * i + 1];
    _mm512_storeu_ps(values + i * pitch + n, _mm512_maskz_compress_ps(marks[i], r[i]));
    runs[2 * i + 1] = n + __builtin_popcount(marks[i]);
  }
}

static __attribute__((TARGET)) void avx512_take_marked(const struct nonzeros *z, long pitch) {
  const struct nonzeros own = *z;
  for (long l = 0; l < own.square_count * 32; l++) own.runs[l] = 0;
  long c = 0;
  for (; c + 16 <= own.channels; c += 16)
    for (long s = 0; s < own.square_count; s++) take_square(&own, s, c, 16, pitch);
  if (c < own.channels)
    for (long s = 0; s < own.square_count; s++) take_square(&own, s, c, (int)(own.channels - c), pitch);
}

static __attribute__((TARGET)) void avx512_turn_places(const float *x, long width, long channels, float *out, long pitch) {
  for (long c = 0; c < channels; c += 16) {
    __m512 r[16];
    EACH r[i] = _mm512_loadu_ps(x + i * width + c);
    turn_16(r);
    if (channels - c >= 16) {
      EACH _mm512_storeu_ps(out + (c + i) * pitch, r[i]);
    } else {
      EACH if (i < channels - c) _mm512_storeu_ps(out + (c + i) * pitch, r[i]);
    }
  }
}
