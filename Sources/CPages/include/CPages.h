#ifndef CPAGES_H
#define CPAGES_H

#include <stddef.h>

/// A PDF document or a picture that is being drawn: lengths in points of 1/72 inch from the upper left corner, text in
/// UTF-8.
///
/// Drawn by cairo, which is loaded when the first is begun, so that nothing else waits for it.
typedef struct Pages Pages;

/// Whether cairo can be loaded.
int pages_are_there(void);

/// The first page of a document of pages of this size; NULL where cairo cannot be loaded or has no memory.
Pages *pages_begin(double width, double height, const char *title);

/// A picture of this size with `scale` pixels a point, all of them clear; NULL as above.
Pages *pages_begin_picture(double width, double height, double scale);

/// What the document is about, in its metadata.
void pages_subject(Pages *pages, const char *text);

/// The font that text is tried in first.
void pages_font(Pages *pages, const char *family);

/// The colour of what follows, each of 0…1.
void pages_ink(Pages *pages, double red, double green, double blue, double alpha);

/// A line of text, its baseline at (x, y), turned by `angle` in radians, clockwise.
void pages_text(Pages *pages, double x, double y, const char *text, double size, int is_bold, double angle);
double pages_text_width(Pages *pages, const char *text, double size, int is_bold);

/// A line through points x, y, x, y …; `dashes` are the lengths of strokes and gaps in turn, none for a solid line.
void pages_line(Pages *pages, const double *points, int count, double width, const double *dashes, int dash_count);
/// The area within them.
void pages_area(Pages *pages, const double *points, int count);
void pages_disc(Pages *pages, double x, double y, double radius);

/// A picture of `columns`×`rows` pixels, three bytes each, that fills `width`×`height`.
void pages_picture(
  Pages *pages, double x, double y, double width, double height, const unsigned char *rgb, int columns, int rows, int is_smooth);

/// What follows is cut off outside a rectangle, up to ``pages_unclip``.
void pages_clip(Pages *pages, double x, double y, double width, double height);
void pages_unclip(Pages *pages);

void pages_next(Pages *pages);

/// Ends the document: its bytes, to be freed with `free`; NULL where memory ran out.
unsigned char *pages_end(Pages *pages, size_t *count);

/// Ends a picture: red, green and blue of its pixels row after row, to be freed with `free`; NULL where memory ran out.
unsigned char *pages_end_picture(Pages *pages, int *columns, int *rows);

#endif
