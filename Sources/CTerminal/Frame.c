#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int frame_open_capture(void) { return memfd_create("frame", MFD_CLOEXEC); }

int frame_begin(int capture, int output) {
  return dup3(capture, output, O_CLOEXEC) < 0 ? -1 : 0;
}

long frame_end(int capture, int output, int terminal) {
  off_t count = lseek(capture, 0, SEEK_END);
  if (dup3(terminal, output, O_CLOEXEC) < 0) return -1;
  return (long)count;
}

long frame_take(int capture, char *bytes, long count) {
  ssize_t n = pread(capture, bytes, (size_t)count, 0);
  if (ftruncate(capture, 0) != 0 || lseek(capture, 0, SEEK_SET) != 0) return -1;
  return (long)n;
}

long frame_write(int terminal, const char *bytes, long count) {
  for (;;) {
    ssize_t n = write(terminal, bytes, (size_t)count);
    if (n >= 0) return (long)n;
    if (errno == EAGAIN) return 0;
    if (errno != EINTR) return -1;
  }
}

int frame_wait(int terminal, int milliseconds) {
  struct pollfd end = {.fd = terminal, .events = POLLOUT};
  return poll(&end, 1, milliseconds) > 0 && (end.revents & POLLOUT);
}

// MARK: Selection of graphic rendition, as far as the terminals' entries use it

enum { BOLD = 1, DIM = 2, UNDERLINE = 4, REVERSE = 8, PARAMETERS = 16 };

/// A colour as the parameters that select it: none for the terminal's own.
struct color {
  int count, values[5];
};

struct look {
  struct color fore, back;
  int style;
  /// Of the fonts 10 to 19; 0 is the first, which resetting all does not bring back.
  int font;
};

/// Everything but the font as it is at the beginning.
static struct look plain(const struct look *look) { return (struct look){.font = look->font}; }

static int is_same(const struct color *a, const struct color *b) {
  return a->count == b->count && memcmp(a->values, b->values, sizeof(int) * (size_t)a->count) == 0;
}

static char *put_number(char *out, int value) {
  char digits[12];
  int n = 0;
  do digits[n++] = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  while (n > 0) *out++ = digits[--n];
  return out;
}

static char *put_color(char *out, const struct color *color, int own, int *isFirst) {
  if (!*isFirst) *out++ = ';';
  *isFirst = 0;
  if (color->count == 0) return put_number(out, own);
  for (int i = 0; i < color->count; i++) {
    if (i > 0) *out++ = ';';
    out = put_number(out, color->values[i]);
  }
  return out;
}

/// Writes the shortest sequence from one look to another; `keepsFore` leaves the foreground as it is.
static char *put_look(char *out, struct look *from, const struct look *to, int keepsFore) {
  struct look want = *to;
  int removes = from->style & ~want.style;
  if (keepsFore) want.fore = from->fore;
  if (!removes && from->style == want.style && is_same(&from->fore, &want.fore) && is_same(&from->back, &want.back))
    return out;
  *out++ = '\033';
  *out++ = '[';
  if (want.style == 0 && want.back.count == 0 && (keepsFore || want.fore.count == 0)) {
    // Nothing is as short as to reset all.
    *from = plain(from);
    *out++ = 'm';
    return out;
  }
  int isFirst = 1;
  if (removes) {
    // A blank keeps the foreground only as long as nothing has to be reset.
    want.fore = to->fore;
    *from = plain(from);
    *out++ = '0';
    isFirst = 0;
  }
  static const int codes[] = {1, 2, 4, 7};
  for (int i = 0; i < 4; i++) {
    if (!(want.style & ~from->style & 1 << i)) continue;
    if (!isFirst) *out++ = ';';
    isFirst = 0;
    out = put_number(out, codes[i]);
  }
  if (!is_same(&from->fore, &want.fore)) out = put_color(out, &want.fore, 39, &isFirst);
  if (!is_same(&from->back, &want.back)) out = put_color(out, &want.back, 49, &isFirst);
  *out++ = 'm';
  *from = want;
  return out;
}

static void set_color(struct color *color, const int *values, int count) {
  color->count = count;
  memcpy(color->values, values, sizeof(int) * (size_t)count);
}

/// Takes the parameters of one sequence; 0 where some of them say what a look does not hold.
static int take(struct look *look, const int *values, int count) {
  int isAll = 1;
  for (int i = 0; i < count; i++) {
    int v = values[i];
    if (v == 0) *look = plain(look);
    else if (v == 1) look->style |= BOLD;
    else if (v == 2) look->style |= DIM;
    else if (v == 4) look->style |= UNDERLINE;
    else if (v == 7) look->style |= REVERSE;
    else if (v == 24) look->style &= ~UNDERLINE;
    else if (v == 27) look->style &= ~REVERSE;
    else if ((v >= 30 && v <= 37) || (v >= 90 && v <= 97)) set_color(&look->fore, values + i, 1);
    else if ((v >= 40 && v <= 47) || (v >= 100 && v <= 107)) set_color(&look->back, values + i, 1);
    else if (v == 39) look->fore.count = 0;
    else if (v == 49) look->back.count = 0;
    else if (v == 10 + look->font) continue;
    else if (v >= 10 && v <= 19) look->font = v - 10, isAll = 0;
    else if (v == 38 || v == 48 || v == 58) {
      int length = i + 1 < count && values[i + 1] == 5 ? 3 : i + 1 < count && values[i + 1] == 2 ? 5 : 0;
      if (length == 0 || i + length > count) return 0;
      if (v == 58) isAll = 0;
      else set_color(v == 38 ? &look->fore : &look->back, values + i, length);
      i += length - 1;
    } else {
      isAll = 0;
    }
  }
  return isAll;
}

/// The end of an escape sequence that begins at `at`; `count` where it is cut off.
static long end_of_escape(const char *bytes, long at, long count) {
  long i = at + 1;
  if (i < count && bytes[i] == '[') {
    for (i++; i < count; i++)
      if (bytes[i] >= 0x40 && bytes[i] <= 0x7e) return i + 1;
    return count;
  }
  while (i < count && bytes[i] >= 0x20 && bytes[i] <= 0x2f) i++;
  return i < count ? i + 1 : count;
}

static int parameters(const char *bytes, long from, long to, int *values) {
  int count = 0;
  values[0] = 0;
  for (long i = from; i < to; i++) {
    if (bytes[i] >= '0' && bytes[i] <= '9') {
      if (values[count] < 100000) values[count] = 10 * values[count] + bytes[i] - '0';
    } else if (bytes[i] == ';' && count + 1 < PARAMETERS) {
      values[++count] = 0;
    } else {
      return 0;
    }
  }
  return count + 1;
}

/// Whether a sequence only moves the cursor, which no look touches.
static int only_moves(const char *bytes, long from, long to) {
  return to - from > 2 && bytes[from + 1] == '[' && bytes[from + 2] != '?' && strchr("HfABCDEFGd`", bytes[to - 1]);
}

static char *put(char *out, const char *bytes, long count) {
  memcpy(out, bytes, (size_t)count);
  return out + count;
}

struct compaction {
  struct look now, wanted;
  /// What ESC ( designated last.
  char designated;
};

static char *take_escape(struct compaction *state, char *out, const char *bytes, long from, long to) {
  int values[PARAMETERS];
  if (bytes[to - 1] == 'm' && bytes[from + 1] == '[') {
    struct look look = state->wanted;
    int count = parameters(bytes, from + 2, to - 1, values);
    int isAll = count > 0 && take(&look, values, count);
    if (!isAll) {
      out = put_look(out, &state->now, &state->wanted, 0);
      out = put(out, bytes + from, to - from);
      state->now = look;
    }
    state->wanted = look;
    return out;
  }
  if (to - from == 3 && bytes[from + 1] == '(') {
    if (state->designated == bytes[to - 1]) return out;
    state->designated = bytes[to - 1];
  } else if (!only_moves(bytes, from, to)) {
    out = put_look(out, &state->now, &state->wanted, 0);
  }
  return put(out, bytes + from, to - from);
}

long frame_compact(const char *bytes, long count, char *compact) {
  struct compaction state = {0};
  char *out = compact;
  for (long i = 0; i < count;) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte == 033) {
      long end = end_of_escape(bytes, i, count);
      out = take_escape(&state, out, bytes, i, end);
      i = end;
      continue;
    }
    if (byte >= 0x20) {
      int isBlank = byte == ' ' && !(state.wanted.style & (UNDERLINE | REVERSE));
      out = put_look(out, &state.now, &state.wanted, isBlank);
    }
    *out++ = bytes[i++];
  }
  return put_look(out, &state.now, &state.wanted, 0) - compact;
}
