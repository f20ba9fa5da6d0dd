#pragma once
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <termios.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

// What Swift cannot import: macros with casts, variadic functions, mutable globals. Static, so that there is no
// library to link besides ncurses.

extern int wcwidth(wchar_t);
// From term.h, whose macros would rename every "lines" and "columns" that follows.
extern struct term *cur_term;
extern int setupterm(const char *, int, int *);
extern struct term *set_curterm(struct term *);
extern int del_curterm(struct term *);

/// A cell as ncurses is told about it; `pair` 0 is the terminal's own colours.
struct curses_cell {
  uint32_t glyph, marks[2]; // 0: none
  int32_t pair;
  uint8_t bold, dim, underline, reverse;
};

/// Columns of a glyph; −1 when the C library does not know it and ncurses would silently draw nothing.
static inline int curses_width(uint32_t glyph) { return wcwidth((wchar_t)glyph); }

/// Puts one row of the standard window. `buffer` has room for `count` cells.
static inline void curses_put_row(int row, const struct curses_cell *cells, int count, cchar_t *buffer) {
  for (int i = 0; i < count; i++) {
    attr_t attributes = (cells[i].bold ? A_BOLD : 0) | (cells[i].dim ? A_DIM : 0)
        | (cells[i].underline ? A_UNDERLINE : 0) | (cells[i].reverse ? A_REVERSE : 0);
    wchar_t text[4] = {(wchar_t)cells[i].glyph, (wchar_t)cells[i].marks[0], (wchar_t)cells[i].marks[1], 0};
    int pair = cells[i].pair;
    // The pointer carries pairs beyond the 16 bits of the parameter before it.
    if (setcchar(&buffer[i], text, attributes, 0, &pair) == ERR) {
      text[0] = L'?';
      text[1] = 0;
      setcchar(&buffer[i], text, A_NORMAL, 0, NULL);
    }
  }
  mvwadd_wchnstr(stdscr, row, 0, buffer, count);
}

/// Colours of an installed terminfo entry, and whether it has 24-bit ones; −1 when there is no such entry.
static inline int curses_colors_of(const char *name, int terminal, int *direct) {
  int status = 0;
  struct term *before = cur_term;
  *direct = 0;
  if (setupterm(name, terminal, &status) == ERR) return -1;
  int colors = tigetnum("colors");
  *direct = tigetflag("RGB") > 0 || tigetnum("RGB") > 0;
  struct term *probe = cur_term;
  set_curterm(before);
  del_curterm(probe);
  return colors < 0 ? 0 : colors;
}

/// Opens a screen; NULL when ncurses refuses. `in` and `out` are closed by the caller, after curses_close.
static inline SCREEN *curses_open(const char *name, FILE *out, FILE *in, int escape_delay) {
  SCREEN *screen = newterm(name, out, in);
  if (screen == NULL) return NULL;
  set_term(screen);
  set_escdelay(escape_delay);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  cbreak();
  noecho();
  nonl();
  // ncurses ignores SIGTSTP while it writes a frame, and a ^Z of that moment would be lost: it arrives as a key.
  struct termios modes;
  if (tcgetattr(fileno(in), &modes) == 0) {
    modes.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(fileno(in), TCSADRAIN, &modes);
    def_prog_mode();
  }
  curs_set(0);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  typeahead(-1);
  return screen;
}

/// A window that only reads: reading from the standard one would draw it first.
static inline WINDOW *curses_open_input(void) {
  WINDOW *window = newpad(1, 1);
  if (window == NULL) return NULL;
  keypad(window, TRUE);
  nodelay(window, TRUE);
  intrflush(window, FALSE);
  // Mouse reports are decoded here whatever the entry says about them.
  keyok(KEY_MOUSE, FALSE);
  return window;
}

static inline void curses_size(int *rows, int *columns) {
  *rows = getmaxy(stdscr);
  *columns = getmaxx(stdscr);
}

static inline int curses_pairs(void) { return COLOR_PAIRS; }
static inline int curses_colors(void) { return COLORS; }
static inline void curses_forget_pairs(void) { reset_color_pairs(); }
static inline void curses_erase(void) { werase(stdscr); }
static inline void curses_flush(void) {
  wnoutrefresh(stdscr);
  doupdate();
}
/// Everything is drawn again at the next flush, whatever ncurses believes to be on the screen.
static inline void curses_redraw_all(void) { clearok(curscr, TRUE); }
