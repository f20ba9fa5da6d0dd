import Testing

@testable import Drawing

@Suite("Dots that curves are drawn with")
struct DotsTests {
  @Test("Every set of dots has a glyph of its own, at the places that Unicode gives them")
  func glyphs() {
    for dots in [Dots.braille, .octants, .sextants, .quarters] {
      let all = (1..<(1 << (2 * dots.rows))).map { dots.glyph($0, .blocks) }
      #expect(Set(all).count == all.count, "\(dots)")
      #expect(all.last == (dots == .braille ? "⣿" : "█"))
    }
    #expect(Dots.braille.glyph(1, .blocks) == "⠁" && Dots.braille.glyph(0b1100_0000, .blocks) == "⣀")
    #expect(
      Dots.braille.glyph(0b0101_0101, .blocks) == "⡇" && Dots.braille.glyph(0b1010_1010, .blocks) == "⢸")
    #expect(Dots.sextants.glyph(1, .blocks) == "\u{1FB00}" && Dots.sextants.glyph(62, .blocks) == "\u{1FB3B}")
    #expect(Dots.sextants.glyph(21, .blocks) == "▌" && Dots.sextants.glyph(0b11, .blocks) == "\u{1FB02}")
    // BLOCK OCTANT-3, the first, and BLOCK OCTANT-2345678, the last of 230.
    #expect(Dots.octants.glyph(0b100, .blocks) == "\u{1CD00}")
    #expect(Dots.octants.glyph(0b1111_1110, .blocks) == "\u{1CDE5}")
    #expect(Dots.octants.glyph(0b1111, .blocks) == "▀" && Dots.octants.glyph(0b0101_0101, .blocks) == "▌")
    #expect(Dots.points.glyph(1, .ascii) == "." && Dots.points.glyph(0, .blocks) == " ")
  }

  @Test("Drawings without a font read back the dots of every glyph")
  func masks() {
    for dots in [Dots.braille, .octants, .sextants, .quarters] {
      for mask in 1..<(1 << (2 * dots.rows)) {
        let found = Dots.mask(of: dots.glyph(mask, .blocks))
        #expect(found != nil)
        guard let found, found.dots == dots else { continue }
        #expect(found.mask == mask)
      }
    }
    #expect(Dots.mask(of: "a") == nil)
  }

  @Test("A line goes through the dots nearest to it, without gaps", arguments: Dots.allCases)
  func line(dots: Dots) {
    var grid = DotGrid(rows: 6, columns: 10, dots: dots)
    grid.line(from: (0.5, 0.5), to: (9.5, 5.5))
    var places: [(Int, Int)] = []
    for row in 0..<6 {
      for column in 0..<10 {
        for bit in 0..<dots.rows * dots.columns where grid.mask(row, column) >> bit & 1 == 1 {
          places.append((row * dots.rows + bit / dots.columns, column * dots.columns + bit % dots.columns))
        }
      }
    }
    for (row, column) in places {
      let (down, across) = (
        (Double(row) + 0.5) / Double(dots.rows), (Double(column) + 0.5) / Double(dots.columns)
      )
      let exact = 0.5 + (across - 0.5) * 5 / 9
      #expect(abs(down - exact) <= 1.0 / Double(dots.rows), "\(row) \(column)")
    }
    #expect(Set(places.map(\.1)).count == places.map(\.1).max()! - places.map(\.1).min()! + 1)
  }

  @Test("Strokes and gaps follow each other along a curve, over its corners too")
  func strokes() {
    var grid = DotGrid(rows: 1, columns: 20, dots: .quarters)
    let half = grid.line(from: (0, 0.2), to: (10, 0.2), strokes: [3, 2])
    #expect(half == 20)
    grid.line(from: (10, 0.2), to: (20, 0.2), strokes: [3, 2], after: half)
    let set = (0..<40).map { grid.mask(0, $0 / 2) >> ($0 % 2) & 1 == 1 }
    for place in 0..<38 { #expect(set[place] == (place % 5 < 3), "\(place)") }
  }
}
