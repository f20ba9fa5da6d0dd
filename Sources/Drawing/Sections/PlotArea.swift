/// The cells that show a part of a plane: s to the right, t upwards, the outer edges of the cells at its limits.
public struct PlotArea: Hashable, Sendable {
  /// Where the plot lies, in rows and columns of the canvas.
  public var cells: Rectangle
  /// The range of s from the left edge to the right one, px.
  public var s: ClosedRange<Float>
  /// The range of t from the lower edge to the upper one, px.
  public var t: ClosedRange<Float>

  public init(cells: Rectangle, s: ClosedRange<Float>, t: ClosedRange<Float>) {
    self.cells = cells
    self.s = s
    self.t = t
  }

  /// The point at a cell's centre; nil outside the plot.
  public func point(row: Int, column: Int) -> PlanePoint? {
    guard cells.contains(row: row, column: column) else { return nil }
    return point(across: Float(column - cells.column) + 0.5, down: Float(row - cells.row) + 0.5)
  }

  /// The cell that shows a point; nil when the point lies outside the plot.
  public func cell(of point: PlanePoint) -> (row: Int, column: Int)? {
    let (across, down) = place(of: point)
    // The upper limits belong to the last cells.
    guard across >= 0, across <= Float(cells.columns), down >= 0, down <= Float(cells.rows), !cells.isEmpty
    else { return nil }
    return (
      row: cells.row + min(cells.rows - 1, Int(down)),
      column: cells.column + min(cells.columns - 1, Int(across))
    )
  }

  /// How far apart neighbouring cells are in s and t: what an arrow key moves the cursor by.
  public var step: PlanePoint {
    PlanePoint(
      s: (s.upperBound - s.lowerBound) / Float(max(1, cells.columns)),
      t: (t.upperBound - t.lowerBound) / Float(max(1, cells.rows)))
  }

  /// The point at a place counted in cells from the upper left corner of the plot.
  func point(across: Float, down: Float) -> PlanePoint {
    PlanePoint(s: s.lowerBound + across * step.s, t: t.upperBound - down * step.t)
  }

  /// Where a point lies, counted in cells from the upper left corner; not finite for a range without extent.
  func place(of point: PlanePoint) -> (across: Float, down: Float) {
    ((point.s - s.lowerBound) / step.s, (t.upperBound - point.t) / step.t)
  }
}
