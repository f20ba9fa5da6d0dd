#pragma once
#include <stddef.h>
#include <stdint.h>

// Readers of picture files whose libraries cannot be called from Swift: libpng leaves by longjmp, libtiff takes its
// arguments without types. Each gives samples as the file has them; what they mean is decided in Swift.

/// What a reader ended with.
enum picture_status {
  picture_read = 0,
  picture_broken = 1,
  /// `width` and `height` are set; their product passes the limit.
  picture_too_large = 2,
};

/// The samples of a picture, rows from the top; give it back with picture_free.
struct picture_samples {
  uint32_t width, height;
  /// Samples of a pixel, and bits of a sample.
  uint16_t channels, bits;
  /// Packed rows, each beginning at a byte; the samples of a pixel side by side, or plane after plane.
  uint8_t *bytes;
  size_t count;
  /// What the library says is wrong.
  char message[200];
};

/// TIFF's own fields beside the samples, by the numbers of the TIFF 6.0 specification; 0 where the file says nothing.
struct picture_tiff_fields {
  uint16_t photometric, sample_format, planar, orientation, compression;
  /// The first extra sample's meaning plus one; 0 where there is none.
  uint16_t extra;
  /// Entries of the colour map, red, green and blue.
  uint16_t map[3][256];
  uint16_t map_count;
};

/// A PNG's colours: grey (1 channel) or RGB (3), transparency dropped, gamma ignored; 8 bits, but grey of 16 bits stays
/// so, in the machine's order.
int picture_read_png(const uint8_t *bytes, size_t count, size_t largest_area, struct picture_samples *out);

/// The first page of a TIFF. YCbCr comes as RGB; 16 and 32 bits come in the machine's order.
int picture_read_tiff(
    const uint8_t *bytes, size_t count, size_t largest_area, struct picture_samples *out,
    struct picture_tiff_fields *fields);

void picture_free(struct picture_samples *samples);
