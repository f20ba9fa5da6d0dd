#include "CPictures.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
  const uint8_t *next;
  size_t left;
};

static void take(png_structp png, png_bytep out, size_t count) {
  struct source *source = png_get_io_ptr(png);
  if (count > source->left) png_error(png, "it ends too early");
  memcpy(out, source->next, count);
  source->next += count;
  source->left -= count;
}

static void fail(png_structp png, png_const_charp message) {
  struct picture_samples *out = png_get_error_ptr(png);
  snprintf(out->message, sizeof out->message, "%s", message);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) { (void)png, (void)message; }

// Asks for plain colours of 8 bits; png_set_expand would turn the transparent colour into alpha, which is stripped.
static void choose_transformations(png_structp png, png_infop info) {
  int color = png_get_color_type(png, info), bits = png_get_bit_depth(png, info);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && bits < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (bits == 16 && color != PNG_COLOR_TYPE_GRAY) png_set_strip_16(png);
  if (bits == 16 && color == PNG_COLOR_TYPE_GRAY) {
    uint16_t one = 1;
    if (*(uint8_t *)&one) png_set_swap(png);
  }
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
}

// `rows` is the caller's, so that a longjmp finds it where it was.
static int read_rows(
    png_structp png, png_infop info, size_t largest_area, struct picture_samples *out, uint8_t **volatile *rows) {
  if (setjmp(png_jmpbuf(png))) return out->message[0] ? picture_broken : picture_too_large;
  png_read_info(png, info);
  out->width = png_get_image_width(png, info);
  out->height = png_get_image_height(png, info);
  if ((size_t)out->width * out->height > largest_area) return picture_too_large;
  choose_transformations(png, info);
  out->channels = png_get_channels(png, info);
  out->bits = png_get_bit_depth(png, info);
  size_t line = png_get_rowbytes(png, info);
  out->count = line * out->height;
  out->bytes = malloc(out->count);
  *rows = malloc(out->height * sizeof(uint8_t *));
  if (!out->bytes || !*rows) png_error(png, "there is no memory for its pixels");
  for (uint32_t y = 0; y < out->height; y++) (*rows)[y] = out->bytes + y * line;
  png_read_image(png, *rows);
  return picture_read;
}

int picture_read_png(const uint8_t *bytes, size_t count, size_t largest_area, struct picture_samples *out) {
  memset(out, 0, sizeof *out);
  struct source source = {bytes, count};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, out, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  uint8_t **volatile rows = NULL;
  int status = picture_broken;
  if (info) {
    // The size is bounded by the area that is asked for; a colour profile that is out of order spoils no pixel.
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_read_fn(png, &source, take);
    status = read_rows(png, info, largest_area, out, &rows);
  } else {
    snprintf(out->message, sizeof out->message, "the PNG decoder does not start");
  }
  free(rows);
  png_destroy_read_struct(&png, &info, NULL);
  if (status != picture_read) picture_free(out);
  return status;
}

void picture_free(struct picture_samples *samples) {
  free(samples->bytes);
  samples->bytes = NULL;
}
