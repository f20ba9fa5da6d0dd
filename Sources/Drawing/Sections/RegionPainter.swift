/// Paints the cells of a heatmap at the colour level and with the glyphs of an appearance.
struct RegionPainter {
  let mode: Heatmap.Mode
  let samples: Field.Samples
  let appearance: Appearance
  let limit: Float
  let classes: ClassPalette
  let map: ColorMap
  let theme: Theme
  /// The label of the region where the margin is negative, most often.
  let home: Int?
  /// Four tones of each class colour, from the boundary inwards.
  private let tones: [Color]

  init(_ heatmap: Heatmap, _ samples: Field.Samples, _ appearance: Appearance) {
    mode = heatmap.mode
    self.samples = samples
    self.appearance = appearance
    limit = max(heatmap.limit ?? heatmap.field.largestMagnitude, .leastNormalMagnitude)
    let counts = samples.counts { $0.isFinite }
    let labels = counts.keys.sorted { (counts[$0, default: 0], $1) > (counts[$1, default: 0], $0) }
    let classes = ClassPalette(names: heatmap.classNames).telling(labels)
    self.classes = classes
    tones = ClassPalette.colors.indices.flatMap { label in
      (0...3).map { classes.region(label, depth: Float($0) / 3, appearance) }
    }
    map = .diverging(appearance.background)
    theme = Theme(appearance)
    home = samples.counts { $0 < 0 }.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
  }

  /// Whether cells are filled with colour; else glyphs carry the value.
  var isFilled: Bool { appearance.colors >= .indexed || (appearance.colors > .none && mode == .labels) }

  /// Whether regions are filled with the full colours of a small palette; lines on them are black.
  var isCoarse: Bool { isFilled && appearance.colors < .indexed }

  var contour: Color { isCoarse ? .black : theme.contour }

  func paint(on canvas: inout Canvas) {
    for row in 0..<canvas.size.rows {
      for column in 0..<canvas.size.columns { canvas[row, column] = cell(row, column) }
    }
  }

  /// The fill under a line: that of the first quarter the line leaves free, so that it has one colour on each side.
  func ground(_ row: Int, _ column: Int, line mask: Int = 0) -> Color? {
    guard isFilled else { return nil }
    let free = (0..<4).first { mask & (1 << $0) == 0 } ?? 0
    return color(samples.index(2 * row + free / 2, 2 * column + free % 2))
  }

  private func cell(_ row: Int, _ column: Int) -> Cell {
    let (upper, lower) = (samples.index(2 * row, 2 * column), samples.index(2 * row + 1, 2 * column))
    guard samples.values[upper].isFinite, samples.values[lower].isFinite else { return unknown }
    guard samples.known[upper], samples.known[lower] else { return provisional(upper) }
    guard isFilled else { return glyph(upper, row, column) }
    let (a, b) = (color(upper), color(lower))
    if appearance.glyphs == .blocks { return Cell(upper: a, lower: b) }
    return Cell(" ", background: a)
  }

  /// A cell nothing is known about.
  private var unknown: Cell {
    Cell(
      appearance.glyphs == .blocks ? "·" : "~", foreground: theme.muted.foreground, style: theme.muted.style)
  }

  /// A guessed cell: its colour dimmed under a hatch.
  private func provisional(_ index: Int) -> Cell {
    let glyph: Unicode.Scalar = appearance.glyphs == .blocks ? "╱" : "~"
    guard isFilled else {
      let reverse = isReversed(samples.values[index])
      return Cell(glyph, foreground: theme.muted.foreground, style: reverse ? .reverse : .dim)
    }
    let color = color(index)
    return Cell(
      glyph, foreground: color.mixed(with: theme.contour, share: 0.25),
      background: appearance.colors >= .indexed ? color.mixed(with: theme.ground, share: 0.45) : nil)
  }

  func color(_ index: Int) -> Color {
    mode == .margin
      ? map.color(of: samples.values[index], limit: limit)
      : region(samples.labels[index], depth: abs(samples.values[index]) / limit)
  }

  /// A class's region colour, read from a table: mixing a colour costs a search in two palettes.
  func region(_ label: Int, depth: Float) -> Color {
    let count = ClassPalette.colors.count
    let level = depth.isFinite ? Int((min(1, max(0, depth)) * 3).rounded()) : 0
    return tones[4 * (((label % count) + count) % count) + level]
  }

  /// A cell without colour fill: the margin by a ramp, or a class by its hatch and letter.
  private func glyph(_ index: Int, _ row: Int, _ column: Int) -> Cell {
    let value = samples.values[index]
    if appearance.colors > .none {
      let color = map.color(of: value, limit: limit)
      return Cell(Ramp.glyph(Double(abs(value) / limit), appearance.glyphs), foreground: color)
    }
    let reverse: Style = isReversed(value) ? .reverse : []
    if mode == .margin { return Cell(Ramp.glyph(of: value, limit: limit, appearance.glyphs), style: reverse) }
    let label = samples.labels[index]
    let isHome = label == home
    if (column + 3 * (row % 2)) % 6 == 0, !isHome || row % 2 == 0 {
      return Cell(classes.letter(label), style: reverse)
    }
    if isHome || appearance.glyphs == .ascii { return Cell(" ", style: reverse) }
    return Cell(hatch(label))
  }

  /// In ASCII without colours the far side of the boundary is shown in reverse.
  func isReversed(_ value: Float) -> Bool {
    appearance.glyphs == .ascii && appearance.colors == .none && value >= 0
  }

  func hatch(_ label: Int) -> Unicode.Scalar { label % 2 == 0 ? "░" : "▒" }
}
