import Drawing
import Testing

/// Pictures in few bytes: what is lost, and what it costs.
@Suite struct PictureCodingTests {
  private func image(_ width: Int, _ height: Int, _ color: (Int, Int) -> (Int, Int, Int)) -> RGBImage {
    RGBImage(
      width: width, height: height,
      bytes: (0..<height).flatMap { y in
        (0..<width).flatMap { x -> [UInt8] in
          let (r, g, b) = color(x, y)
          return [r, g, b].map { UInt8(min(255, max(0, $0))) }
        }
      })
  }

  private func canvas(_ image: RGBImage, _ colors: Appearance.ColorLevel, _ rows: Int, _ columns: Int)
    -> Canvas
  {
    var canvas = Canvas(
      Size(rows: rows, columns: columns), appearance: Appearance(colors: colors, glyphs: .blocks))
    CellPicture(image).draw(on: &canvas)
    return canvas
  }

  /// What a terminal is sent for the cells: a sequence for each change of colours, a glyph a cell.
  private func bytes(_ canvas: Canvas) -> Int {
    var sum = 0
    let length = canvas.appearance.colors == .direct ? 16 : 8
    for row in 0..<canvas.size.rows {
      var last = Cell.blank
      for column in 0..<canvas.size.columns {
        let cell = canvas[row, column]
        let changes = [cell.foreground != last.foreground, cell.background != last.background].count { $0 }
        sum += changes == 0 ? 0 : changes * length + 2 + changes
        sum += cell.glyph.utf8.count
        last = cell
      }
    }
    return sum
  }

  /// Mean squared error of a component against the picture at two by two points a cell.
  private func error(_ canvas: Canvas, _ image: RGBImage) -> Double {
    let quarters = CellPicture(image).resampled(width: 2 * canvas.size.columns, height: 2 * canvas.size.rows)
    var sum = 0.0
    let glyphs = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".unicodeScalars)
    for i in canvas.cells.indices {
      let cell = canvas.cells[i]
      let mask = glyphs.firstIndex(of: cell.glyph) ?? 0
      for q in 0..<4 {
        guard let color = mask >> q & 1 == 1 ? cell.foreground : cell.background else { continue }
        let (row, column) = (2 * (i / canvas.size.columns) + q / 2, 2 * (i % canvas.size.columns) + q % 2)
        let at = 3 * (row * quarters.width + column)
        for (c, v) in [color.red, color.green, color.blue].enumerated() {
          let d = Double(v) - Double(quarters.bytes[at + c])
          sum += d * d
        }
      }
    }
    return sum / Double(12 * canvas.cells.count)
  }

  @Test(
    "A shape of one colour on another is shown exactly, at quarters of cells",
    arguments: [Appearance.ColorLevel.indexed, .direct])
  func exact(level: Appearance.ColorLevel) {
    let shape = image(32, 32) { x, y in
      // A quarter of a cell is one pixel wide and two high.
      let y = y / 2 * 2
      return (x - 15) * (x - 15) + (y - 17) * (y - 17) < 90 ? (215, 0, 135) : (0, 95, 135)
    }
    let drawn = canvas(shape, level, 8, 16)
    // 24-bit colours are rounded to multiples of four.
    #expect(error(drawn, shape) <= (level == .direct ? 1 : 0))
    #expect(Set(drawn.cells.flatMap { [$0.foreground, $0.background] }.compactMap { $0 }).count == 2)
  }

  @Test(
    "Noise that nobody sees costs few bytes",
    arguments: [(Appearance.ColorLevel.indexed, 7.0, 500.0), (.direct, 18, 120)])
  func noise(level: Appearance.ColorLevel, limit: Double, wrong: Double) {
    var state: UInt64 = 7
    func random() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 40) % 30 - 15
    }
    let noisy = image(32, 32) { x, y in (90 + 3 * x + random(), 140 + random(), 160 - 2 * y + random()) }
    let drawn = canvas(noisy, level, 12, 24)
    #expect(Double(bytes(drawn)) / Double(drawn.cells.count) < limit)
    #expect(error(drawn, noisy) < wrong)
  }

  @Test("Noise as strong as colours go costs three quarters of what a colour for every half cell would")
  func busy() {
    var state: UInt64 = 7
    func random() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 40) % 220 + 18
    }
    let drawn = canvas(image(32, 32) { _, _ in (random(), random(), random()) }, .indexed, 16, 32)
    // Two sequences of eight bytes with what separates them, and a glyph of three.
    #expect(Double(bytes(drawn)) / Double(drawn.cells.count) < 0.75 * 23)
  }

  @Test("The same picture is the same cells, drawn again or elsewhere")
  func memory() {
    let one = image(20, 20) { x, y in (12 * x, 12 * y, 100) }
    let first = canvas(one, .indexed, 10, 20)
    #expect(canvas(one, .indexed, 10, 20) == first)
    #expect(canvas(one, .direct, 10, 20) != first)
    #expect(canvas(image(20, 20) { x, y in (12 * y, 12 * x, 100) }, .indexed, 10, 20) != first)
  }
}
