"""Writes Tests/ImagesTests/GoldenPictures.swift: small pictures of every kind with the pixels of Pillow's convert('RGB'),
and arrays of other programs with what they hold.

    python pictures.py > ../ImagesTests/GoldenPictures.swift && swift format -i ../ImagesTests/GoldenPictures.swift
"""
import io
import pickle
import struct
import zlib

import numpy as np
import scipy.io
from PIL import Image

from images import pattern, saved, smooth

WIDTH, HEIGHT = 7, 5
COLORS = pattern(WIDTH, HEIGHT, 3)
GREY = pattern(WIDTH, HEIGHT, 1)[:, :, 0]
DEEP = GREY.astype(np.uint16) * 199
EVEN = smooth(16, 16)
RGB, L = Image.fromarray(COLORS), Image.fromarray(GREY)
RGBA = Image.fromarray(np.dstack([COLORS, GREY]))
LA = Image.fromarray(np.dstack([GREY, COLORS[:, :, 0]]))
BITS = Image.fromarray(GREY > 99)
PALETTE = RGB.quantize(7)


def turned(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    return exif


def png(bits, color, samples, *chunks):
    """A PNG of rows of samples, with chunks before them: kinds that Pillow does not write."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + row.astype(">u2" if bits == 16 else "u1").tobytes() for row in samples)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, color, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunk(*c) for c in chunks)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def bmp(bits, rows, packing=0, head=40, masks=b"", palette=b"", colors=0, height=HEIGHT):
    """A BMP of rows from the bottom, or packed bytes."""
    body = rows if isinstance(rows, bytes) else b"".join(row.tobytes() + b"\0" * (-row.nbytes % 4) for row in rows)
    info = struct.pack("<IiiHHIIiiII", head, WIDTH, height, 1, bits, packing, len(body), 0, 0, colors, 0) + masks
    info += b"\0" * max(0, head - len(info))
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + info + palette + body


def runs(indices):
    """RLE8: a run, then a stretch as it is."""
    out = b""
    for row in indices:
        out += bytes([2, row[0], 0, 5]) + row[2:].tobytes() + b"\0\0\0"
    return out + b"\0\1"


def bitmaps():
    half = np.arange(WIDTH * HEIGHT, dtype="<u2").reshape(HEIGHT, WIDTH) * 1789
    full = np.arange(WIDTH * HEIGHT, dtype="<u4").reshape(HEIGHT, WIDTH) * 119_304_647
    indices = (GREY // 64).astype(np.uint8)
    indices[:, 1] = indices[:, 0]
    palette = bytes(range(5, 213))[:208]
    old = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 8) + palette[:96]
    old_rows = b"".join(row.tobytes() + b"\0" for row in indices)
    packed = np.packbits(np.unpackbits(indices[:, :, None], axis=2)[:, :, 4:].reshape(HEIGHT, -1), axis=1)
    return {
        "bmp rgb": saved(RGB, "BMP"), "bmp grey": saved(L, "BMP"), "bmp bits": saved(BITS, "BMP"),
        "bmp palette": saved(PALETTE, "BMP"), "bmp rgba": saved(RGBA, "BMP"),
        "bmp from the top": bmp(24, [np.ascontiguousarray(row[:, ::-1]) for row in COLORS], height=-HEIGHT),
        "bmp 555": bmp(16, half), "bmp 32": bmp(32, full),
        "bmp 565": bmp(16, half, 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)),
        "bmp v4": bmp(32, full, 3, 108, struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
        "bmp v5": bmp(32, full, 3, 124, struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
        "bmp rle8": bmp(8, runs(indices), 1, palette=palette[:16], colors=4),
        "bmp rle4": bmp(4, b"".join(bytes([0, 7]) + row.tobytes() + b"\0\0" for row in packed) + b"\0\1", 2,
                        palette=palette[:16], colors=4),
        "bmp os/2": b"BM" + struct.pack("<IHHI", 0, 0, 0, 26 + 96) + old + old_rows,
    }


def pictures():
    yield from bitmaps().items()
    yield "png rgb", saved(RGB, "PNG")
    yield "png rgba", saved(RGBA, "PNG")
    yield "png grey and alpha", saved(LA, "PNG")
    yield "png bits", saved(BITS, "PNG")
    yield "png palette", saved(PALETTE, "PNG")
    yield "png transparent entry", saved(PALETTE, "PNG", transparency=3)
    yield "png transparent entries", saved(PALETTE, "PNG", transparency=bytes(range(0, 70, 10)))
    yield "png transparent colour", saved(RGB, "PNG", transparency=tuple(int(v) for v in COLORS[0, 0]))
    yield "png deep grey", saved(Image.fromarray(DEEP), "PNG")
    yield "png deep", png(16, 2, COLORS.astype(np.uint16) * 259)
    yield "png deep with alpha", png(16, 6, np.dstack([COLORS, GREY]).astype(np.uint16) * 259)
    yield "png deep grey and alpha", png(16, 4, np.dstack([GREY, GREY]).astype(np.uint16) * 259)
    yield "png gamma", png(8, 2, COLORS, (b"gAMA", struct.pack(">I", 100000)))
    yield "png grey of 2 bits", png(2, 0, GREY[:, :2])
    yield "png grey of 4 bits", png(4, 0, GREY[:, :4])
    yield "png turned", saved(RGB, "PNG", exif=turned(6))
    yield "jpeg", saved(Image.fromarray(EVEN), "JPEG", quality=95)
    yield "jpeg progressive", saved(Image.fromarray(EVEN), "JPEG", progressive=True)
    yield "jpeg inks", saved(Image.fromarray(EVEN).convert("CMYK"), "JPEG", quality=95)
    yield "jpeg turned", saved(Image.fromarray(EVEN), "JPEG", exif=turned(3))
    yield "webp", saved(Image.fromarray(EVEN), "WEBP")
    yield "webp lossless", saved(RGB, "WEBP", lossless=True)
    yield "webp alpha", saved(RGBA, "WEBP", lossless=True, exact=True)
    yield "webp animation", saved(RGB, "WEBP", lossless=True, save_all=True, append_images=[BITS.convert("RGB")])
    yield "gif", saved(RGB, "GIF")
    yield "gif grey", saved(L, "GIF")
    yield "gif transparent", saved(PALETTE, "GIF", transparency=3)
    yield "gif animation", saved(RGB, "GIF", save_all=True, append_images=[BITS.convert("RGB")])
    yield "gif interlaced", saved(RGB, "GIF", interlace=1)
    for mode, image in dict(rgb=RGB, grey=L, bits=BITS, palette=PALETTE, rgba=RGBA, la=LA,
                            inks=RGB.convert("CMYK")).items():
        yield f"tiff {mode}", saved(image, "TIFF", compression="tiff_lzw")
    yield "tiff plain", saved(RGB, "TIFF")
    yield "tiff deflate", saved(RGB, "TIFF", compression="tiff_adobe_deflate")
    yield "tiff packbits", saved(RGB, "TIFF", compression="packbits")
    yield "tiff fax", saved(BITS, "TIFF", compression="group4")
    yield "tiff jpeg", saved(Image.fromarray(EVEN), "TIFF", compression="jpeg", quality=95)
    yield "tiff of 12 bits", twelve()
    yield "tiff deep grey", saved(Image.fromarray(DEEP), "TIFF")
    yield "tiff floats", saved(Image.fromarray(GREY.astype(np.float32) * 1.3 - 4), "TIFF")
    for orientation in range(2, 9):
        yield f"tiff turned {orientation}", saved(RGB, "TIFF", tiffinfo={274: orientation})
    yield "ppm", saved(RGB, "PPM")
    yield "pbm", saved(BITS, "PPM")
    yield "pbm in digits", b"P1\n# one\n7 5\n" + b"\n".join(b"".join(b"%d" % (v > 99) for v in row) for row in GREY)
    yield "pgm deep", saved(Image.fromarray(DEEP), "PPM")
    yield "pgm of 7", b"P5 7 5 7\n" + (GREY % 8).tobytes()
    yield "ppm deep", b"P6 7 5 1000\n" + (COLORS.astype(np.uint16) * 3).astype(">u2").tobytes()


def twelve():
    """Grey of 12 bits, two pixels in three bytes, which Pillow reads and does not write."""
    rows = b""
    for row in DEEP.astype(np.int64) % 4096:
        bits = "".join(f"{v:012b}" for v in row)
        rows += int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    height, width = DEEP.shape
    entries = [(256, 3, width), (257, 3, height), (258, 3, 12), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
               (278, 3, height), (279, 4, len(rows))]
    rows += b"\0" * (len(rows) % 2)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(rows))
    return head + rows + struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries) + b"\0" * 4


def matlab():
    """Three grey images of 4×6, whose pixels are 0…71, with the classes 2, 0 and 1; as MATLAB's programs and Python's write them."""
    images = np.arange(72, dtype=np.uint8).reshape(3, 4, 6)
    for name, x in {"H×W×N": images.transpose(1, 2, 0), "H×W×1×N": images.transpose(1, 2, 0)[:, :, None],
                    "N×H×W": images, "rows": images.reshape(3, 24), "rows as columns": images.reshape(3, 24).T}.items():
        out = io.BytesIO()
        scipy.io.savemat(out, {"X": x, "y": np.array([[2.0], [0.0], [1.0]])}, do_compression=True)
        yield name, out.getvalue()


def two_eyed(data, labels):
    """A pickle as Python 2 wrote CIFAR's batches."""
    def short(n):
        return b"K" + bytes([n])
    out = b"\x80\x02}q\x01(U\x06labelsq\x02]q\x03(" + b"".join(short(k) for k in labels) + b"eU\x04dataq\x04"
    out += b"cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\nndarray\nq\x06K\x00\x85q\x07U\x01bq\x08\x87q\x09Rq\x0a("
    out += b"K\x01" + short(data.shape[0]) + short(data.shape[1]) + b"\x86q\x0bcnumpy\ndtype\nq\x0cU\x02u1K\x00K\x01"
    out += b"\x87q\x0dRq\x0e(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0fb\x89T"
    return out + struct.pack("<I", data.size) + data.tobytes() + b"tq\x10bu."


def arrays():
    """Two images of 3×4×4, byte i being that of `pattern`, with the classes 2 and 0."""
    data = pattern(1, 96, 1).reshape(2, 48)
    yield "pickle of Python 2", two_eyed(data, [2, 0])
    for protocol in (2, 3, 4, 5):
        batch = {b"labels": [2, 0], b"data": data, b"filenames": [b"a", b"b"]}
        yield f"pickle of protocol {protocol}", pickle.dumps(batch, protocol=protocol)
    planes = data.reshape(2, 3, 4, 4)
    for packed in (False, True):
        out = io.BytesIO()
        scipy.io.savemat(out, {"X": planes.transpose(2, 3, 1, 0), "y": np.array([[2.0], [0.0]])}, do_compression=packed)
        yield f"MATLAB's, {'packed' if packed else 'plain'}", out.getvalue()


class Hostile:
    def __reduce__(self):
        return (print, ("run",))


def text(data):
    return "\"" + bytes(data).hex() + "\""


def main():
    print("// Written by Tests/Golden/pictures.py.\n\nextension Golden {")
    print("  /// Files with the size and the RGB of Pillow's convert('RGB').")
    print("  static let pictures: [(name: String, file: String, width: Int, height: Int, pixels: String)] = [")
    for name, file in pictures():
        right = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
        print(f'  ("{name}", {text(file)}, {right.shape[1]}, {right.shape[0]}, {text(right.tobytes())}),')
    print("  ]\n\n  /// Two images of 3×4×4 with the classes 2 and 0.\n  static let arrays: [(name: String, file: String)] = [")
    for name, file in arrays():
        print(f'  ("{name}", {text(file)}),')
    print("  ]\n\n  /// Three images of 1×4×6 with the classes 2, 0 and 1.")
    print("  static let matlab: [(name: String, file: String)] = [")
    for name, file in matlab():
        print(f'  ("{name}", {text(file)}),')
    print(f"  ]\n\n  static let hostilePickle = {text(pickle.dumps({'data': Hostile(), 'labels': [1]}))}\n}}")


if __name__ == "__main__":
    main()
