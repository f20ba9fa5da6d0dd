"""Writes Tests/ImagesTests/Golden.swift: files and results of Pillow and NumPy that the tests of Images compare with.

    python images.py > ../ImagesTests/Golden.swift && swift format -i ../ImagesTests/Golden.swift
"""
import io
import struct
import zlib

import numpy as np
from PIL import Image


def pattern(width, height, channels):
    """The picture that the tests make for themselves: byte i is (37 i + 11 i²) mod 251."""
    i = np.arange(width * height * channels, dtype=np.int64)
    return ((37 * i + 11 * i * i) % 251).astype(np.uint8).reshape(height, width, channels)


def smooth(width, height):
    """Colours that change slowly, so that a lossy format keeps them."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, (x + y) * 127 // (width + height)], 2).astype(np.uint8)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def emit(name, data):
    digits = bytes(data).hex()
    lines = [digits[i:i + 90] for i in range(0, len(digits), 90)]
    print(f"  static let {name} = bytes(\n    \"\"\"")
    for line in lines:
        print(f"    {line}")
    print("    \"\"\")")


def resampled(width, height, channels, to, filter=Image.Resampling.BILINEAR):
    image = Image.fromarray(pattern(width, height, channels).squeeze())
    return np.asarray(image.resize(to, filter)).tobytes()


def numpy_file(array, version=(1, 0)):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version)
    return out.getvalue()


def huge_png():
    """A PNG that claims 60000×60000 pixels and holds none of them."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def archive(save):
    out = io.BytesIO()
    save(out, images=(np.arange(24).reshape(2, 3, 2, 2) * 10).astype(np.uint8), labels=np.array([4, 7], np.int64))
    return out.getvalue()


def main():
    print("// Written by Tests/Golden/images.py.\n\nenum Golden {")
    emit("down", resampled(13, 9, 3, (5, 7)))
    emit("up", resampled(5, 4, 3, (11, 9)))
    emit("mixed", resampled(16, 6, 1, (4, 13)))
    emit("half", resampled(12, 12, 3, (6, 6)))
    for filter in ("NEAREST", "BICUBIC", "LANCZOS"):
        emit(filter.lower(), resampled(9, 7, 3, (4, 11), Image.Resampling[filter]))
    rgba = np.array([[[200, 100, 0, 255], [200, 100, 0, 0]], [[200, 100, 0, 128], [0, 0, 0, 51]]], np.uint8)
    emit("alphaPNG", saved(Image.fromarray(rgba, "RGBA"), "PNG"))
    emit("palettePNG", saved(Image.fromarray(pattern(4, 3, 3)).quantize(4), "PNG"))
    emit("palettePixels", np.asarray(Image.fromarray(pattern(4, 3, 3)).quantize(4).convert("RGB")).tobytes())
    emit("greyPNG", saved(Image.fromarray(pattern(4, 3, 1)[:, :, 0]), "PNG"))
    deep = (pattern(3, 2, 1)[:, :, 0].astype(np.uint16) * 257)
    emit("deepPNG", saved(Image.fromarray(deep), "PNG"))
    emit("hugePNG", huge_png())
    jpeg = saved(Image.fromarray(smooth(16, 12)), "JPEG", quality=90)
    emit("jpeg", jpeg)
    emit("jpegPixels", np.asarray(Image.open(io.BytesIO(jpeg))).tobytes())
    emit("greyJPEG", saved(Image.fromarray(smooth(8, 8)[:, :, 0]), "JPEG", quality=90))
    emit("printingJPEG", saved(Image.fromarray(smooth(8, 8)).convert("CMYK"), "JPEG"))
    emit("gif", saved(Image.fromarray(pattern(4, 3, 3)), "GIF"))
    counted = np.arange(6).reshape(2, 3)
    emit("float64", numpy_file(counted.astype("<f8") / 4))
    emit("float16", numpy_file(np.array([0.5, -2, 65504, 6e-8, 0], "<f2")))
    emit("bigEndian", numpy_file(counted.astype(">f4") / 4))
    emit("fortran", numpy_file(np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("<i4"))))
    emit("version2", numpy_file(counted.astype("<i8"), (2, 0)))
    emit("version3", numpy_file(counted.astype("u1"), (3, 0)))
    emit("complex", numpy_file(counted.astype("<c8")))
    emit("storedNPZ", archive(np.savez))
    emit("deflatedNPZ", archive(np.savez_compressed))
    print("""
  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.filter { $0 != UInt8(ascii: "\\n") }.map { UInt8(hexDigit: $0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

extension UInt8 {
  fileprivate init(hexDigit digit: UInt8) {
    self = digit >= UInt8(ascii: "a") ? digit - UInt8(ascii: "a") + 10 : digit - UInt8(ascii: "0")
  }
}""")


if __name__ == "__main__":
    main()
