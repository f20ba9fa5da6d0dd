extension Canvas {
  /// The canvas as a drawing in SVG: text in a monospaced font, block elements as rectangles, so that half blocks
  /// meet without seams in any viewer.
  public var svg: String { svg(describedBy: "") }

  /// The same, with a text in the file's metadata, such as the parameters behind the picture.
  public func svg(describedBy description: String) -> String {
    let (width, height) = (10, 20)
    let dark = appearance.background == .dark
    let paper = dark ? "#0c0c0c" : "#ffffff"
    let ink = dark ? "#cccccc" : "#1c1c1c"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size.columns * width) \(size.rows * height)\" "
        + "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"16\" "
        + "shape-rendering=\"crispEdges\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"\(paper)\"/>",
    ]
    if !description.isEmpty { lines.insert("<metadata>\(Markup.escaped(description))</metadata>", at: 1) }
    for row in 0..<size.rows {
      for (column, cell) in shownCells(row: row).enumerated() {
        var (fore, back) = (cell.foreground.map(shown) ?? ink, cell.background.map(shown))
        if cell.style.contains(.reverse) { (fore, back) = (back ?? paper, fore) }
        let (x, y) = (column * width, row * height)
        if let back { lines.append(Self.rectangle(x: x, y: y, width: width, height: height, fill: back)) }
        lines += shapes(cell, x, y, fore)
      }
    }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private func shown(_ color: Color) -> String {
    let color = appearance.shown(color)
    return "#"
      + [color.red, color.green, color.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Round dots at places of Braille's two columns and four rows.
  private static func points(_ places: [Int], _ x: Int, _ y: Int, _ fill: String) -> String {
    let path = places.map { "M\(x + 2 + 5 * ($0 % 2)).5 \(y + 2 + 5 * ($0 / 2)).5h0" }.joined()
    return
      "<path d=\"\(path)\" stroke=\"\(fill)\" stroke-width=\"2.6\" stroke-linecap=\"round\" shape-rendering=\"auto\"/>"
  }

  private static func rectangle(x: Int, y: Int, width: Int, height: Int, fill: String) -> String {
    "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(fill)\"/>"
  }

  private func shapes(_ cell: Cell, _ x: Int, _ y: Int, _ fill: String) -> [String] {
    if cell.glyph == " " || cell.glyph == Cell.rightHalf { return [] }
    if let (dots, mask) = Dots.mask(of: cell.glyph) {
      let places = (0..<2 * dots.rows).filter { mask >> $0 & 1 == 1 }
      if dots == .braille { return [Self.points(places, x, y, fill)] }
      let edges = (0...dots.rows).map { 20 * $0 / dots.rows }
      return places.map {
        Self.rectangle(
          x: x + 5 * ($0 % 2), y: y + edges[$0 / 2], width: 5, height: edges[$0 / 2 + 1] - edges[$0 / 2],
          fill: fill)
      }
    }
    let escaped = Markup.escaped(Text.string([Glyph(cell.glyph, mark: cell.mark)]))
    var style = cell.style.contains(.bold) ? " font-weight=\"bold\"" : ""
    if cell.style.contains(.dim) { style += " opacity=\"0.6\"" }
    if cell.style.contains(.underline) { style += " text-decoration=\"underline\"" }
    return ["<text x=\"\(x)\" y=\"\(y + 15)\" fill=\"\(fill)\"\(style)>\(escaped)</text>"]
  }
}

extension Appearance {
  /// The colour as this colour level shows it, on a terminal with xterm's palette.
  func shown(_ color: Color) -> Color {
    switch colors {
    case .none, .direct: return color
    case .ansi8, .ansi16:
      let c = Palette.components(colors == .ansi8 ? color.ansi % 8 : color.ansi)
      return Color(red: c.red, green: c.green, blue: c.blue)
    case .indexed:
      let c = Palette.components(color.indexed)
      return Color(red: c.red, green: c.green, blue: c.blue)
    }
  }
}
