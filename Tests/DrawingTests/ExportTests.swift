import Drawing
import Testing

@Suite struct ExportTests {
  private let canvas: Canvas = {
    var canvas = Canvas(Size(rows: 2, columns: 4), appearance: Appearance(colors: .direct, glyphs: .blocks))
    canvas.put("<&", row: 0, column: 0, Look(.orange, style: .bold))
    canvas[1, 1] = Cell("▀", foreground: .white, background: .black)
    return canvas
  }()

  @Test("Text with escapes names the colours of its level, and nothing else without colours")
  func ansi() {
    #expect(
      canvas.ansiText
        == "\u{1B}[0;1;38;2;230;159;0m<&\u{1B}[0m  \n \u{1B}[0;38;2;255;255;255;48;2;0;0;0m▀\u{1B}[0m  ")
    var plain = Canvas(Size(rows: 1, columns: 2), appearance: .plain)
    plain.put("ab", row: 0, column: 0, Look(.orange))
    #expect(plain.ansiText == "ab")
  }

  @Test("SVG escapes markup and draws blocks as rectangles")
  func svg() {
    let svg = canvas.svg
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("&lt;") && svg.contains("&amp;") && !svg.contains("▀"))
    #expect(svg.contains("<rect x=\"10\" y=\"20\" width=\"5\" height=\"10\" fill=\"#ffffff\"/>"))
  }

  @Test("Pixels of a half block are its two colours")
  func raster() {
    let image = Raster.image(of: canvas, scale: 2)
    #expect(image.width == 64 && image.height == 64)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(image.bytes[(y * 64 + x) * 3..<(y * 64 + x) * 3 + 3]) }
    #expect(pixel(20, 36) == [255, 255, 255] && pixel(20, 60) == [0, 0, 0])
    #expect(Raster.image(of: Canvas(Size(rows: 0, columns: 0))).bytes.isEmpty)
  }

  @Test("Resampling keeps the mean, and single colours")
  func resampling() {
    let bytes = (0..<6 * 4 * 3).map { UInt8($0 * 3 % 251) }
    let picture = CellPicture(RGBImage(width: 6, height: 4, bytes: bytes))
    let mean = Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)
    for (width, height) in [(1, 1), (3, 2), (5, 3), (12, 8), (7, 9)] {
      let small = picture.resampled(width: width, height: height)
      let now = Double(small.bytes.reduce(0) { $0 + Int($1) }) / Double(small.bytes.count)
      #expect(abs(now - mean) < 1, "\(width)×\(height)")
    }
    let flat = CellPicture(RGBImage(width: 5, height: 7, fill: .orange)).resampled(width: 3, height: 2)
    #expect(flat == RGBImage(width: 3, height: 2, fill: .orange))
  }
}
