"""Draws an asciicast as a GIF for pages that play none.

    python3 Assets/recording/gif.py demo.cast Assets/recording/demo.gif

Waits are cut to two seconds, and stretches in which only work reports pass ten times as fast. Needs pyte, pillow and the font DejaVu Sans Mono.
"""
import json, sys
import pyte
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, LONGEST, SHORTEST, COLORS = 7, 14, 2.0, 0.4, 255
REPORTS, HASTE = 0.5, 10
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono%s.ttf"
BASE = dict(black=(12, 12, 12), red=(197, 15, 31), green=(19, 161, 14), brown=(193, 156, 0), blue=(0, 55, 218),
            magenta=(136, 23, 152), cyan=(58, 150, 221), white=(204, 204, 204))
QUARTERS = {glyph: mask for mask, glyph in enumerate(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█") if mask}
fonts = [ImageFont.truetype(FONT % style, 12) for style in ("", "-Bold")]


def color(name, default):
    if name in BASE:
        return BASE[name]
    return default if name == "default" else tuple(int(name[i:i + 2], 16) for i in (0, 2, 4))


def draw(image, row, column, cell):
    """In a tile of its own: glyphs reach over the edges of their cells."""
    fore, back = color(cell.fg, (204, 204, 204)), color(cell.bg, (12, 12, 12))
    if cell.reverse:
        fore, back = back, fore
    tile = Image.new("RGB", (WIDTH, HEIGHT), back)
    page = ImageDraw.Draw(tile)
    mask = QUARTERS.get(cell.data, 0)
    left, top = (WIDTH + 1) // 2, HEIGHT // 2
    boxes = [(0, 0, left, top), (left, 0, WIDTH, top), (0, top, left, HEIGHT), (left, top, WIDTH, HEIGHT)]
    for quarter, (x0, y0, x1, y1) in enumerate(boxes):
        if mask >> quarter & 1:
            page.rectangle((x0, y0, x1 - 1, y1 - 1), fill=fore)
    if not mask and cell.data.strip():
        page.text((0, -1), cell.data, font=fonts[cell.bold], fill=fore)
    if cell.underscore:
        page.line((0, HEIGHT - 1, WIDTH - 1, HEIGHT - 1), fill=fore)
    image.paste(tile, (column * WIDTH, row * HEIGHT))


def with_one_palette(frames):
    """What does not change from frame to frame keeps its bytes, and costs none."""
    colors = {}
    for frame in frames:
        for count, rgb in frame.getcolors(1 << 24):
            colors[rgb] = colors.get(rgb, 0) + count
    # The commonest as they are, the others by the nearest of a palette of theirs.
    most = sorted(colors, key=colors.get, reverse=True)
    kept, rest = most[:COLORS // 2], most[COLORS // 2:4096]
    sample = Image.new("RGB", (len(rest) or 1, 1))
    sample.putdata(rest)
    others = sample.quantize(COLORS - len(kept), dither=Image.Dither.NONE, kmeans=1).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for rgb in kept for part in rgb] + others[:3 * (COLORS - len(kept))])
    return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]


def main():
    source, target = sys.argv[1:3]
    lines = open(source, encoding="utf-8").read().splitlines()
    header, events = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    image = Image.new("RGB", (screen.columns * WIDTH, screen.lines * HEIGHT), BASE["black"])
    shown, frames, times = {}, [], []

    def take():
        for row in range(screen.lines):
            for column in range(screen.columns):
                cell = screen.buffer[row][column]
                if shown.get((row, column)) != cell:
                    shown[row, column] = cell
                    draw(image, row, column, cell)
        frames.append(image.copy())

    since = 0.0
    for (at, _, text), following in zip(events, events[1:] + [[events[-1][0] + 2, "o", ""]]):
        # The screen that the program leaves behind is not the last picture.
        if "\x1b[?1049l" in text:
            break
        stream.feed(text)
        wait = following[0] - at
        since += min(LONGEST, wait if wait > REPORTS else wait / HASTE)
        if since >= SHORTEST:
            take()
            times.append(int(1000 * since))
            since = 0.0
    frames = with_one_palette(frames)
    frames[0].save(target, save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True)
    print(f"{target}: {len(frames)} frames, {sum(times) / 1000:.0f} s")


main()
