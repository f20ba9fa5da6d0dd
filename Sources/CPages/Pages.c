#include "CPages.h"

#include <cairo/cairo-pdf.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// What is called of cairo, by its name without the prefix.
#define FUNCTIONS(f) \
  f(pdf_surface_create_for_stream) f(pdf_surface_set_metadata) f(create) f(destroy) f(status) f(surface_destroy) \
  f(surface_finish) f(surface_status) f(set_source_rgba) f(select_font_face) f(set_font_size) f(text_extents) f(move_to) \
  f(line_to) f(show_text) f(new_path) f(close_path) f(stroke) f(fill) f(arc) f(set_line_width) f(set_line_join) f(set_line_cap) f(set_dash) f(rectangle) f(clip) \
  f(save) f(restore) f(translate) f(rotate) f(scale) f(paint) f(show_page) f(image_surface_create) \
  f(image_surface_get_data) f(image_surface_get_stride) f(image_surface_get_width) f(image_surface_get_height) f(surface_flush) f(surface_mark_dirty) f(set_source_surface) \
  f(get_source) f(pattern_set_filter) f(get_scaled_font) f(scaled_font_text_to_glyphs) f(glyph_free)

#define FIELD(name) __typeof__(cairo_##name) *name;
static struct { FUNCTIONS(FIELD) } cairo;
static int is_loaded;

static void load(void) {
  void *library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  is_loaded = 1;
#define FIND(name) *(void **)&cairo.name = dlsym(library, "cairo_" #name); if (!cairo.name) is_loaded = 0;
  FUNCTIONS(FIND)
}

struct Pages {
  cairo_surface_t *surface;
  cairo_t *context;
  unsigned char *bytes;
  size_t count, capacity;
  char family[128];
};

static cairo_status_t take(void *closure, const unsigned char *data, unsigned int length) {
  Pages *pages = closure;
  if (pages->count + length > pages->capacity) {
    size_t capacity = 2 * (pages->count + length);
    unsigned char *bytes = realloc(pages->bytes, capacity);
    if (!bytes) return CAIRO_STATUS_WRITE_ERROR;
    pages->bytes = bytes;
    pages->capacity = capacity;
  }
  memcpy(pages->bytes + pages->count, data, length);
  pages->count += length;
  return CAIRO_STATUS_SUCCESS;
}

int pages_are_there(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return is_loaded;
}

static Pages *begin(void) { return pages_are_there() ? calloc(1, sizeof(Pages)) : NULL; }

Pages *pages_begin(double width, double height, const char *title) {
  Pages *pages = begin();
  if (!pages) return NULL;
  pages->surface = cairo.pdf_surface_create_for_stream(take, pages, width, height);
  pages->context = cairo.create(pages->surface);
  cairo.pdf_surface_set_metadata(pages->surface, CAIRO_PDF_METADATA_TITLE, title);
  // Equal commands give equal bytes, whenever they are given.
  cairo.pdf_surface_set_metadata(pages->surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
  cairo.set_line_join(pages->context, CAIRO_LINE_JOIN_ROUND);
  return pages;
}

Pages *pages_begin_picture(double width, double height, double scale) {
  Pages *pages = begin();
  if (!pages) return NULL;
  pages->surface =
    cairo.image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * scale + 0.5), (int)(height * scale + 0.5));
  pages->context = cairo.create(pages->surface);
  cairo.scale(pages->context, scale, scale);
  cairo.set_line_join(pages->context, CAIRO_LINE_JOIN_ROUND);
  return pages;
}

void pages_subject(Pages *pages, const char *text) {
  cairo.pdf_surface_set_metadata(pages->surface, CAIRO_PDF_METADATA_SUBJECT, text);
}

void pages_font(Pages *pages, const char *family) {
  strncpy(pages->family, family, sizeof pages->family - 1);
}

void pages_ink(Pages *pages, double red, double green, double blue, double alpha) {
  cairo.set_source_rgba(pages->context, red, green, blue, alpha);
}

// The first family has Latin, Greek and Cyrillic; the others, where they are installed, what it lacks.
static const char *const families[] = {
    "DejaVu Sans", "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei", "IPAGothic", "Unifont",
    "Noto Sans Devanagari", "Noto Sans Thai", "Symbola", "sans-serif"};
enum { FAMILIES = sizeof families / sizeof *families };

static void choose(Pages *pages, int family, double size, int is_bold) {
  const char *name = family == 0 && pages->family[0] ? pages->family : families[family];
  cairo.select_font_face(
    pages->context, name, CAIRO_FONT_SLANT_NORMAL, is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo.set_font_size(pages->context, size);
}

// Bytes of the character of UTF-8 that begins here.
static int character(const char *text) {
  int length = 1;
  while ((text[length] & 0xc0) == 0x80) length++;
  return length;
}

// Whether the chosen font has a glyph of its own for a character.
static int has_glyph(Pages *pages, const char *text, int length) {
  cairo_glyph_t *glyphs = NULL;
  int count = 0;
  cairo_status_t status = cairo.scaled_font_text_to_glyphs(
    cairo.get_scaled_font(pages->context), 0, 0, text, length, &glyphs, &count, NULL, NULL, NULL);
  int found = status == CAIRO_STATUS_SUCCESS && count > 0 && glyphs[0].index != 0;
  if (glyphs) cairo.glyph_free(glyphs);
  return found;
}

// The first family that has a character, the first of all where none has.
static int family_of(Pages *pages, const char *text, int length, double size, int is_bold) {
  if (length == 1) return 0;
  for (int family = 0; family < FAMILIES; family++) {
    choose(pages, family, size, is_bold);
    if (has_glyph(pages, text, length)) return family;
  }
  return 0;
}

// Goes through runs of one family each; shows them where asked to, and says how wide they are.
static double run_through(Pages *pages, const char *text, double size, int is_bold, int shows) {
  double width = 0;
  size_t bytes = strlen(text);
  char *run = malloc(bytes + 1);
  if (!run) return 0;
  while (*text) {
    int family = family_of(pages, text, character(text), size, is_bold);
    size_t length = 0;
    do {
      int next = character(text);
      memcpy(run + length, text, (size_t)next);
      length += (size_t)next;
      text += next;
    } while (*text && family_of(pages, text, character(text), size, is_bold) == family);
    run[length] = 0;
    choose(pages, family, size, is_bold);
    cairo_text_extents_t extents;
    cairo.text_extents(pages->context, run, &extents);
    width += extents.x_advance;
    if (shows) cairo.show_text(pages->context, run);
  }
  free(run);
  return width;
}

void pages_text(Pages *pages, double x, double y, const char *text, double size, int is_bold, double angle) {
  cairo.save(pages->context);
  cairo.translate(pages->context, x, y);
  cairo.rotate(pages->context, angle);
  cairo.move_to(pages->context, 0, 0);
  run_through(pages, text, size, is_bold, 1);
  cairo.restore(pages->context);
  cairo.new_path(pages->context);
}

double pages_text_width(Pages *pages, const char *text, double size, int is_bold) {
  return run_through(pages, text, size, is_bold, 0);
}

static void trace(Pages *pages, const double *points, int count) {
  cairo.new_path(pages->context);
  for (int i = 0; i < count; i++) cairo.line_to(pages->context, points[2 * i], points[2 * i + 1]);
}

void pages_line(Pages *pages, const double *points, int count, double width, const double *dashes, int dash_count) {
  trace(pages, points, count);
  cairo.set_line_width(pages->context, width);
  cairo.set_line_cap(pages->context, dash_count > 0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  cairo.set_dash(pages->context, dashes, dash_count, 0);
  cairo.stroke(pages->context);
}

void pages_clip(Pages *pages, double x, double y, double width, double height) {
  cairo.save(pages->context);
  cairo.rectangle(pages->context, x, y, width, height);
  cairo.clip(pages->context);
}

void pages_unclip(Pages *pages) { cairo.restore(pages->context); }

void pages_area(Pages *pages, const double *points, int count) {
  trace(pages, points, count);
  cairo.close_path(pages->context);
  cairo.fill(pages->context);
}

void pages_disc(Pages *pages, double x, double y, double radius) {
  cairo.new_path(pages->context);
  cairo.arc(pages->context, x, y, radius, 0, 6.283185307179586);
  cairo.fill(pages->context);
}

void pages_picture(
  Pages *pages, double x, double y, double width, double height, const unsigned char *rgb, int columns, int rows, int is_smooth
) {
  cairo_surface_t *image = cairo.image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
  if (cairo.surface_status(image) == CAIRO_STATUS_SUCCESS) {
    unsigned char *data = cairo.image_surface_get_data(image);
    int stride = cairo.image_surface_get_stride(image);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        const unsigned char *pixel = rgb + 3 * ((size_t)row * columns + column);
        unsigned int value = (unsigned)pixel[0] << 16 | (unsigned)pixel[1] << 8 | pixel[2];
        memcpy(data + (size_t)row * stride + 4 * (size_t)column, &value, 4);
      }
    }
    cairo.surface_mark_dirty(image);
    cairo.save(pages->context);
    cairo.translate(pages->context, x, y);
    cairo.scale(pages->context, width / columns, height / rows);
    cairo.set_source_surface(pages->context, image, 0, 0);
    cairo.pattern_set_filter(cairo.get_source(pages->context), is_smooth ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST);
    // A picture that is scaled smoothly fades out at its edges without its clip.
    cairo.rectangle(pages->context, 0, 0, columns, rows);
    cairo.clip(pages->context);
    cairo.paint(pages->context);
    cairo.restore(pages->context);
  }
  cairo.surface_destroy(image);
}

void pages_next(Pages *pages) { cairo.show_page(pages->context); }

static int is_whole(Pages *pages) {
  return cairo.status(pages->context) == CAIRO_STATUS_SUCCESS && cairo.surface_status(pages->surface) == CAIRO_STATUS_SUCCESS;
}

static void end(Pages *pages) {
  cairo.destroy(pages->context);
  cairo.surface_destroy(pages->surface);
  free(pages);
}

unsigned char *pages_end(Pages *pages, size_t *count) {
  cairo.show_page(pages->context);
  cairo.surface_finish(pages->surface);
  unsigned char *bytes = pages->bytes;
  *count = pages->count;
  if (!is_whole(pages)) {
    free(bytes);
    bytes = NULL;
  }
  end(pages);
  return bytes;
}

unsigned char *pages_end_picture(Pages *pages, int *columns, int *rows) {
  cairo.surface_flush(pages->surface);
  *columns = cairo.image_surface_get_width(pages->surface);
  *rows = cairo.image_surface_get_height(pages->surface);
  unsigned char *bytes = is_whole(pages) ? malloc(3 * (size_t)*columns * (size_t)*rows + 1) : NULL;
  const unsigned char *data = bytes ? cairo.image_surface_get_data(pages->surface) : NULL;
  for (int row = 0; bytes && row < *rows; row++) {
    for (int column = 0; column < *columns; column++) {
      unsigned int value;
      memcpy(&value, data + (size_t)row * cairo.image_surface_get_stride(pages->surface) + 4 * (size_t)column, 4);
      unsigned char *pixel = bytes + 3 * ((size_t)row * *columns + column);
      pixel[0] = value >> 16 & 255;
      pixel[1] = value >> 8 & 255;
      pixel[2] = value & 255;
    }
  }
  end(pages);
  return bytes;
}
