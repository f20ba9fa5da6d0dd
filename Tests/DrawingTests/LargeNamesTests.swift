import Testing

@testable import Drawing

@Suite("Names to be read from afar")
struct LargeNamesTests {
  private static func canvas(_ names: [String], _ size: Size) -> Canvas {
    var appearance = Appearance(colors: .direct, glyphs: .blocks, background: .light)
    appearance.isPresented = true
    var canvas = Canvas(size, appearance: appearance)
    Heatmap(Samples.ball(61), classNames: names, mode: .labels).draw(on: &canvas)
    return canvas
  }

  @Test("They lie in their regions and leave the boundary as it is", arguments: Array(8...30))
  func lines(rows: Int) {
    let size = Size(rows: rows, columns: 3 * rows)
    // Names without room are single letters, which keep off the boundary.
    let long = Self.canvas(Samples.names.map { String(repeating: $0, count: 12) }, size)
    let large = Self.canvas(["", "", "", "CAT", "", "DOG", "FROG"], size)
    let contour = Theme(large.appearance).contour
    for (a, b) in zip(long.cells, large.cells)
    where a.foreground == contour && "▘▝▖▗▌▐▚▞▛▜▙▟█".unicodeScalars.contains(a.glyph)
      && !a.style.contains(.bold)
    {
      #expect(a == b)
    }
  }

  @Test("Where there is room they are large")
  func room() {
    let large = Self.canvas(["", "", "", "CAT", "", "DOG", "FROG"], Size(rows: 30, columns: 90))
    let ink = large.cells.count { "█▀▄".unicodeScalars.contains($0.glyph) && $0.style.contains(.bold) }
    #expect(ink > 20)
  }
}
