import Testing

@testable import Drawing

@Suite("Pictures in pixels over cells")
struct PixelPictureTests {
  private static let pixels = CellPixels(width: 8, height: 16)

  private static func appearance(_ pixels: CellPixels?) -> Appearance {
    var appearance = Appearance(colors: .direct, glyphs: .blocks)
    appearance.pixels = pixels
    return appearance
  }

  /// The margin s − t/2 on 21×21 points of ±2; label 1 where it is positive.
  private static func field(known: Bool = true) -> Field {
    let axis = (0...20).map { Float($0) / 5 - 2 }
    let values = axis.flatMap { t in axis.map { s in s - t / 2 } }
    return Field(
      columns: axis, rows: axis, values: values, labels: values.map { $0 < 0 ? 0 : 1 },
      known: values.map { _ in known })
  }

  private static func drawn(
    _ heatmap: Heatmap, _ pixels: CellPixels?, _ size: Size = Size(rows: 20, columns: 60)
  )
    -> Canvas
  {
    var canvas = Canvas(size, appearance: appearance(pixels))
    heatmap.draw(on: &canvas)
    return canvas
  }

  private static func picture(_ canvas: Canvas) throws -> PixelPicture {
    let tile = try #require(canvas.cells.lazy.compactMap(\.tile).first)
    return try #require(canvas.picture(of: tile))
  }

  @Test("The cells below a picture are those of a terminal without pictures")
  func fallback() {
    let heatmap = Heatmap(Self.field(), cursor: PlanePoint(s: 0.3, t: 0.1))
    let (with, without) = (Self.drawn(heatmap, Self.pixels), Self.drawn(heatmap, nil))
    #expect(with.text == without.text)
    #expect(with.cells.contains { $0.tile != nil })
    #expect(!without.cells.contains { $0.tile != nil })
    let bare = with.cells.map { cell in
      var cell = cell
      cell.tile = nil
      return cell
    }
    #expect(bare == without.cells)
  }

  @Test("The boundary lies where the margin is zero, to a pixel, and the colours are those of the map")
  func boundary() throws {
    var heatmap = Heatmap(Self.field())
    heatmap.showsAxes = false
    heatmap.showsLegend = false
    let canvas = Self.drawn(heatmap, Self.pixels)
    let image = try Self.picture(canvas).image
    #expect((image.width, image.height) == (480, 320))
    let theme = Theme(canvas.appearance)
    for row in stride(from: 5, to: 315, by: 31) {
      let t = 2 - 4 * (Float(row) + 0.5) / 320
      let crossing = Int(((t / 2 + 2) / 4 * 480).rounded(.down))
      let white = (0..<480).filter { image[row, $0] == theme.contour }
      #expect(
        !white.isEmpty && white.allSatisfy { abs($0 - crossing) <= 1 }, "row \(row): \(white) at \(crossing)")
      for column in [40, 130, 400] {
        let s = -2 + 4 * (Float(column) + 0.5) / 480
        let color = ColorMap.diverging(.dark).color(of: s - t / 2, limit: heatmap.field.largestMagnitude)
        let here = image[row, column]
        #expect((here.red, here.green, here.blue) == (color.red, color.green, color.blue))
      }
    }
  }

  @Test("Names, marks and the cursor lie over the picture; so does whatever is drawn later")
  func covers() {
    let heatmap = Heatmap(
      Self.field(), cursor: PlanePoint(s: 1, t: 1), markers: [.init(PlanePoint(s: 0, t: 0), glyph: "x")])
    var canvas = Self.drawn(heatmap, Self.pixels)
    #expect(canvas.cells.contains { $0.glyph == "x" && $0.tile == nil })
    #expect(canvas.cells.contains { $0.glyph == "+" && $0.tile == nil })
    canvas.put("text", row: 3, column: 20)
    #expect((20..<24).allSatisfy { canvas[3, $0].tile == nil })
    #expect(canvas[3, 24].tile != nil)
  }

  @Test("A picture keeps its place when a part of a canvas is put on another")
  func composition() throws {
    let picture = PixelPicture(RGBImage(width: 2, height: 2, fill: .white), cells: Size(rows: 2, columns: 3))
    var canvas = Canvas(Size(rows: 8, columns: 12), appearance: Self.appearance(Self.pixels))
    canvas.with(Rectangle(row: 2, column: 4, rows: 5, columns: 6)) { $0.lay(picture, row: 1, column: 1) }
    let tile = try #require(canvas[3, 5].tile)
    #expect((tile.row, tile.column) == (0, 0))
    #expect(canvas.picture(of: tile) == picture)
    #expect(canvas[4, 7].tile.map { [$0.row, $0.column] } == [1, 2])
    #expect(canvas[2, 4].tile == nil && canvas[5, 5].tile == nil)
  }

  @Test("What is only guessed is dimmed and hatched; what is not known keeps the ground")
  func provisional() throws {
    var heatmap = Heatmap(Self.field(known: false))
    heatmap.showsContour = false
    let image = try Self.picture(Self.drawn(heatmap, Self.pixels)).image
    let known = try Self.picture(Self.drawn(Heatmap(Self.field()), Self.pixels)).image
    #expect(image[40, 60].luminance != known[40, 60].luminance)
    var empty = Self.field()
    empty.values = empty.values.map { _ in .nan }
    let ground = try Self.picture(Self.drawn(Heatmap(empty), Self.pixels)).image
    #expect(ground[1, 1].luminance == 0)
  }

  @Test("Small pictures keep their own pixels, large ones have those that are shown")
  func native() throws {
    for (side, expected) in [(28, 28), (224, 160)] {
      var canvas = Canvas(Size(rows: 10, columns: 20), appearance: Self.appearance(Self.pixels))
      CellPicture(RGBImage(width: side, height: side, fill: .white)).draw(on: &canvas)
      #expect(try Self.picture(canvas).image.width == expected)
    }
  }

  @Test("Without 256 colours there are cells alone")
  func colors() {
    for level in [Appearance.ColorLevel.none, .ansi8, .ansi16] {
      var canvas = Canvas(Size(rows: 20, columns: 60), appearance: Appearance(colors: level, glyphs: .blocks))
      var appearance = canvas.appearance
      appearance.pixels = Self.pixels
      canvas = Canvas(canvas.size, appearance: appearance)
      Heatmap(Self.field()).draw(on: &canvas)
      #expect(!canvas.cells.contains { $0.tile != nil })
    }
  }
}
