/// Pictures in pixels, for image files: cells of 8×16 pixels, text in a font of its own.
public enum Raster {
  static let cell = (width: 8, height: 16)

  /// A canvas in pixels; `scale` repeats each.
  public static func image(of canvas: Canvas, scale: Int = 1) -> RGBImage {
    let light = canvas.appearance.background == .light
    let paper = light ? Color.white : Color(red: 12, green: 12, blue: 12)
    let ink = light ? Color(red: 28, green: 28, blue: 28) : Color(red: 204, green: 204, blue: 204)
    let scale = max(1, scale)
    var image = RGBImage(
      width: canvas.size.columns * cell.width * scale, height: canvas.size.rows * cell.height * scale,
      fill: paper)
    for row in 0..<canvas.size.rows {
      for (column, here) in canvas.shownCells(row: row).enumerated() {
        var fore = here.foreground.map(canvas.appearance.shown) ?? ink
        var back = here.background.map(canvas.appearance.shown) ?? paper
        if here.style.contains(.reverse) { (fore, back) = (back, fore) }
        if here.style.contains(.dim) { fore = fore.mixed(with: back, share: 0.4) }
        let coverage = coverage(here.glyph)
        for y in 0..<cell.height * scale {
          for x in 0..<cell.width * scale {
            let share = coverage[y / scale * cell.width + x / scale]
            let color = share == 1 ? fore : share == 0 ? back : back.mixed(with: fore, share: share)
            image[row * cell.height * scale + y, column * cell.width * scale + x] = color
          }
        }
      }
    }
    return image
  }

  /// A picture in pixels as a canvas of `size` with direct colours would show it.
  public static func image(
    of picture: some Drawable, size: Size, background: Appearance.Background = .light, scale: Int = 1
  ) -> RGBImage {
    var canvas = Canvas(
      size, appearance: Appearance(colors: .direct, glyphs: .blocks, background: background))
    picture.draw(on: &canvas)
    return image(of: canvas, scale: scale)
  }

  /// How much of each pixel of a cell a glyph covers, 0…1.
  private static func coverage(_ glyph: Unicode.Scalar) -> [Double] {
    if glyph == Cell.rightHalf { return pixels { _, _ in false } }
    if let (dots, mask) = Dots.mask(of: glyph) {
      return pixels { x, y in
        let isSet = mask >> (2 * (y * dots.rows / cell.height) + x / 4) & 1 == 1
        // Braille's are points of two pixels, apart from each other.
        return isSet && (dots != .braille || (1...2).contains(x % 4) && (1...2).contains(y % 4))
      }
    }
    switch glyph.value {
    case 0x2581...0x2587:
      let filled = Int(glyph.value - 0x2580) * 2
      return pixels { _, y in y >= cell.height - filled }
    case 0x2589...0x258F:
      let filled = 8 - Int(glyph.value - 0x2588)
      return pixels { x, _ in x < filled }
    case 0x2591...0x2593:
      return [Double](repeating: Double(glyph.value - 0x2590) / 4, count: cell.width * cell.height)
    case 0x2594: return pixels { _, y in y < 2 }
    case 0x2595: return pixels { x, _ in x == cell.width - 1 }
    default: break
    }
    if let arms = arms[glyph] { return line(arms) }
    let rows = PixelFont.rows(glyph)
    return pixels { x, y in
      // Three by five pixels, each twice as large, with a margin of 1 at the left and 3 above.
      let (column, row) = ((x - 1) / 2, (y - 3) / 2)
      return x >= 1 && y >= 3 && column < 3 && row < 5 && rows[row] & (4 >> column) != 0
    }
  }

  private static func pixels(_ isSet: (Int, Int) -> Bool) -> [Double] {
    (0..<cell.width * cell.height).map { isSet($0 % cell.width, $0 / cell.width) ? 1 : 0 }
  }

  /// Which arms a line-drawing glyph has: 1 up, 2 right, 4 down, 8 left.
  private static let arms: [Unicode.Scalar: Int] = [
    "│": 5, "─": 10, "┌": 6, "┐": 12, "└": 3, "┘": 9, "├": 7, "┤": 13, "┬": 14, "┴": 11, "┼": 15, "╌": 10,
    "╎": 5,
  ]

  private static func line(_ arms: Int) -> [Double] {
    pixels { x, y in
      let vertical = x == 4 && ((arms & 1 != 0 && y <= 8) || (arms & 4 != 0 && y >= 8))
      let horizontal = y == 8 && ((arms & 2 != 0 && x >= 4) || (arms & 8 != 0 && x <= 4))
      return vertical || horizontal
    }
  }
}
