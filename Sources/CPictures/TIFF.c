#include "CPictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

struct source {
  const uint8_t *bytes;
  size_t count, at;
  struct picture_samples *out;
};

static tmsize_t take(thandle_t handle, void *out, tmsize_t count) {
  struct source *source = handle;
  size_t left = source->at < source->count ? source->count - source->at : 0;
  size_t got = (size_t)count < left ? (size_t)count : left;
  memcpy(out, source->bytes + source->at, got);
  source->at += got;
  return got;
}

static tmsize_t refuse(thandle_t handle, void *out, tmsize_t count) {
  (void)handle, (void)out, (void)count;
  return -1;
}

static toff_t seek(thandle_t handle, toff_t to, int whence) {
  struct source *source = handle;
  size_t from = whence == SEEK_CUR ? source->at : whence == SEEK_END ? source->count : 0;
  source->at = from + to;
  return source->at;
}

static toff_t size(thandle_t handle) { return ((struct source *)handle)->count; }

static int leave(thandle_t handle) {
  (void)handle;
  return 0;
}

static int keep(TIFF *tiff, void *handle, const char *module, const char *format, va_list arguments) {
  (void)tiff, (void)module;
  struct picture_samples *out = handle;
  if (!out->message[0]) vsnprintf(out->message, sizeof out->message, format, arguments);
  return 1;
}

static int ignore(TIFF *tiff, void *handle, const char *module, const char *format, va_list arguments) {
  (void)tiff, (void)handle, (void)module, (void)format, (void)arguments;
  return 1;
}

static int broken(struct picture_samples *out, const char *why) {
  if (!out->message[0]) snprintf(out->message, sizeof out->message, "%s", why);
  return picture_broken;
}

static void read_fields(TIFF *tiff, struct picture_samples *out, struct picture_tiff_fields *f) {
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &out->width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &out->height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &out->channels);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &out->bits);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &f->photometric);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &f->sample_format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &f->planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &f->orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &f->compression);
  uint16_t extras = 0, *kinds = NULL;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds) && extras) f->extra = kinds[0] + 1;
  uint16_t *red, *green, *blue;
  if (out->bits <= 8 && TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue)) {
    f->map_count = 1 << out->bits;
    for (int i = 0; i < f->map_count; i++)
      f->map[0][i] = red[i], f->map[1][i] = green[i], f->map[2][i] = blue[i];
  }
}

// A bomb of a few bytes may not make room for gigabytes: 8 samples of 32 bits a pixel are the most.
static int make_room(struct picture_samples *out, size_t line, size_t planes) {
  if (out->channels > 8 || out->bits > 32) return 0;
  out->count = line * out->height * planes;
  out->bytes = calloc(out->count ? out->count : 1, 1);
  return out->bytes != NULL;
}

static int read_strips(TIFF *tiff, struct picture_samples *out, size_t line, size_t planes) {
  uint32_t rows = out->height;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
  if (rows == 0 || rows > out->height) rows = out->height;
  uint32_t strip = 0;
  for (size_t plane = 0; plane < planes; plane++)
    for (uint32_t y = 0; y < out->height; y += rows, strip++) {
      uint32_t these = rows < out->height - y ? rows : out->height - y;
      tmsize_t want = (tmsize_t)(these * line);
      uint8_t *place = out->bytes + (plane * out->height + y) * line;
      if (TIFFReadEncodedStrip(tiff, strip, place, want) < want) return broken(out, "it ends too early");
    }
  return picture_read;
}

// Copies the part of a tile that lies inside the picture; tiles begin at whole bytes, being multiples of 16 wide.
static int read_tiles(TIFF *tiff, struct picture_samples *out, size_t line, size_t planes) {
  uint32_t wide = 0, high = 0;
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &wide);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &high);
  tmsize_t size = TIFFTileSize(tiff), row = TIFFTileRowSize(tiff);
  if (!wide || !high || size <= 0 || size > 1 << 28 || row <= 0) return broken(out, "its tiles are impossible");
  size_t pixel = (size_t)out->bits * (planes > 1 ? 1 : out->channels);
  uint8_t *tile = malloc(size);
  if (!tile) return broken(out, "there is no memory for its pixels");
  int status = picture_read;
  for (size_t plane = 0; plane < planes && status == picture_read; plane++)
    for (uint32_t y = 0; y < out->height && status == picture_read; y += high)
      for (uint32_t x = 0; x < out->width && status == picture_read; x += wide) {
        uint32_t number = TIFFComputeTile(tiff, x, y, 0, (uint16_t)plane);
        if (TIFFReadEncodedTile(tiff, number, tile, size) < size) {
          status = broken(out, "it ends too early");
          break;
        }
        size_t first = (size_t)x * pixel / 8, part = line - first;
        if (part > (size_t)row) part = row;
        for (uint32_t i = 0; i < high && y + i < out->height; i++)
          memcpy(out->bytes + (plane * out->height + y + i) * line + first, tile + i * row, part);
      }
  free(tile);
  return status;
}

// YCbCr that is not unpacked by the JPEG decoder, by libtiff's own conversion, in the order that the file has its rows.
static int read_converted(TIFF *tiff, struct picture_samples *out, struct picture_tiff_fields *f) {
  out->channels = 3, out->bits = 8, f->photometric = PHOTOMETRIC_RGB, f->planar = PLANARCONFIG_CONTIG, f->extra = 0;
  size_t area = (size_t)out->width * out->height;
  uint32_t *pixels = malloc(area * 4);
  if (!pixels || !make_room(out, (size_t)out->width * 3, 1)) {
    free(pixels);
    return broken(out, "there is no memory for its pixels");
  }
  int done = TIFFReadRGBAImageOriented(tiff, out->width, out->height, pixels, f->orientation, 1);
  for (size_t i = 0; done && i < area; i++) {
    out->bytes[3 * i] = TIFFGetR(pixels[i]);
    out->bytes[3 * i + 1] = TIFFGetG(pixels[i]);
    out->bytes[3 * i + 2] = TIFFGetB(pixels[i]);
  }
  free(pixels);
  return done ? picture_read : broken(out, "its colours do not decode");
}

static int read_page(
    TIFF *tiff, size_t largest_area, struct picture_samples *out, struct picture_tiff_fields *f) {
  read_fields(tiff, out, f);
  if (!out->width || !out->height) return broken(out, "it has no size");
  if ((size_t)out->width * out->height > largest_area) return picture_too_large;
  int by_jpeg = f->compression == COMPRESSION_JPEG && f->planar == PLANARCONFIG_CONTIG;
  if (f->compression == COMPRESSION_OJPEG || (f->photometric == PHOTOMETRIC_YCBCR && !by_jpeg))
    return read_converted(tiff, out, f);
  if (f->photometric == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    f->photometric = PHOTOMETRIC_RGB;
  }
  size_t planes = f->planar == PLANARCONFIG_SEPARATE ? out->channels : 1;
  size_t line = ((size_t)out->width * out->bits * (planes > 1 ? 1 : out->channels) + 7) / 8;
  if (!make_room(out, line, planes)) return broken(out, "its samples take more room than a picture's do");
  return TIFFIsTiled(tiff) ? read_tiles(tiff, out, line, planes) : read_strips(tiff, out, line, planes);
}

int picture_read_tiff(
    const uint8_t *bytes, size_t count, size_t largest_area, struct picture_samples *out,
    struct picture_tiff_fields *fields) {
  memset(out, 0, sizeof *out);
  memset(fields, 0, sizeof *fields);
  struct source source = {bytes, count, 0, out};
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, keep, out);
  TIFFOpenOptionsSetWarningHandlerExtR(options, ignore, NULL);
  // Files that were written on another machine are read as well; memory is not mapped.
  TIFF *tiff = TIFFClientOpenExt("", "rm", &source, take, refuse, seek, leave, size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  int status = tiff ? read_page(tiff, largest_area, out, fields) : broken(out, "its header does not parse");
  if (tiff) TIFFClose(tiff);
  if (status != picture_read) picture_free(out);
  return status;
}
