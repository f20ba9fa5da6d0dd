extension Heatmap {
  /// What an area is divided into: the plot, and the rows and columns around it that fit.
  struct Layout {
    var plot: PlotArea
    /// Columns left of the plot: labels of t and the axis line.
    var gutter: Int
    /// Whether the axis line and its labels are drawn below and left of the plot.
    var hasAxes: Bool
    /// Rows at the bottom for the names of the axes and for the legend; nil when there is no room.
    var caption: Int?
    var legend: Int?
  }

  /// Room goes to the plot first, then to the axes, their names, the legend.
  func layout(_ size: Size, _ appearance: Appearance) -> Layout {
    let s = window?.s ?? Self.range(field.columns)
    let t = window?.t ?? Self.range(field.rows)
    let hasAxes = showsAxes && size.rows >= 7 && size.columns >= 20
    let hasCaption = hasAxes && size.rows >= 9
    let hasLegend = showsLegend && size.rows >= (hasAxes ? 11 : 4) && size.columns >= 12
    let below = (hasAxes ? 2 : 0) + (hasCaption ? 1 : 0) + (hasLegend ? 1 : 0)
    let rows = size.rows - below
    let labels = Self.ticks(t, along: rows, every: 4).map { Text.columns($0.label, appearance.glyphs) }
    let gutter = hasAxes ? min(size.columns / 3, (labels.max() ?? 0) + 1) : 0
    let cells = Rectangle(row: 0, column: gutter, rows: rows, columns: size.columns - gutter)
    return Layout(
      plot: PlotArea(cells: cells, s: s, t: t), gutter: gutter, hasAxes: hasAxes,
      caption: hasCaption ? rows + 2 : nil, legend: hasLegend ? size.rows - 1 : nil)
  }

  static func ticks(_ range: ClosedRange<Float>, along cells: Int, every: Int) -> [Axis.Tick] {
    Axis(Double(range.lowerBound)...Double(range.upperBound)).ticks(max(1, cells / every))
  }

  /// The extent of a grid; a single coordinate gets some room about it.
  private static func range(_ grid: [Float]) -> ClosedRange<Float> {
    guard let a = grid.first, let b = grid.last, a.isFinite, b.isFinite else { return 0...1 }
    return a < b ? a...b : (a - 0.5)...(a + 0.5)
  }
}
