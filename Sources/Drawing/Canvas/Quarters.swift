/// A bit for each quarter of each cell: what lines thinner than a cell are drawn on.
struct Quarters {
  let rows: Int
  let columns: Int
  private(set) var masks: [UInt8]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    masks = [UInt8](repeating: 0, count: rows * columns)
  }

  /// Sets a quarter by its own row and column, two a cell; outside nothing happens.
  mutating func set(_ row: Int, _ column: Int) {
    guard row >= 0, column >= 0, row < 2 * rows, column < 2 * columns else { return }
    masks[(row / 2) * columns + column / 2] |= 1 << UInt8(2 * (row % 2) + column % 2)
  }

  func mask(_ row: Int, _ column: Int) -> Int { Int(masks[row * columns + column]) }

  /// A straight line between two places counted in cells from the upper left corner, one quarter thin.
  mutating func line(from a: (across: Float, down: Float), to b: (across: Float, down: Float)) {
    guard let (a, b) = clipped(a, b) else { return }
    let (dx, dy) = ((b.across - a.across) * 2, (b.down - a.down) * 2)
    let steps = Int(max(abs(dx), abs(dy)).rounded(.up))
    for i in 0...max(1, steps) {
      let share = Float(i) / Float(max(1, steps))
      set(Int((a.down * 2 + share * dy).rounded(.down)), Int((a.across * 2 + share * dx).rounded(.down)))
    }
  }

  /// The part of a line inside the cells (Liang and Barsky, 1984); nil when there is none or an end is not finite.
  private func clipped(
    _ a: (across: Float, down: Float), _ b: (across: Float, down: Float)
  ) -> ((across: Float, down: Float), (across: Float, down: Float))? {
    let (dx, dy) = (b.across - a.across, b.down - a.down)
    guard dx.isFinite, dy.isFinite else { return nil }
    var (from, to): (Float, Float) = (0, 1)
    let edges = [
      (-dx, a.across), (dx, Float(columns) - a.across), (-dy, a.down), (dy, Float(rows) - a.down),
    ]
    for (p, q) in edges {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        from = max(from, q / p)
      } else {
        to = min(to, q / p)
      }
    }
    guard from <= to else { return nil }
    return ((a.across + from * dx, a.down + from * dy), (a.across + to * dx, a.down + to * dy))
  }
}
