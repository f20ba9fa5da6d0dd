/// A bit for each dot of each cell: what lines thinner than a cell are drawn on.
struct DotGrid {
  let rows: Int
  let columns: Int
  let dots: Dots
  /// Bit r·c' + c of a cell: row r and column c of its dots, c' of them in a row.
  private(set) var masks: [UInt8]

  init(rows: Int, columns: Int, dots: Dots = .quarters) {
    self.rows = rows
    self.columns = columns
    self.dots = dots
    masks = [UInt8](repeating: 0, count: rows * columns)
  }

  /// Sets a dot by its own row and column; outside nothing happens.
  mutating func set(_ row: Int, _ column: Int) {
    let (down, across) = (dots.rows, dots.columns)
    guard row >= 0, column >= 0, row < down * rows, column < across * columns else { return }
    masks[(row / down) * columns + column / across] |= 1 << UInt8(across * (row % down) + column % across)
  }

  /// Every line twice as thick: a dot sets those at its right and below it too.
  mutating func thicken() {
    let (down, across) = (dots.rows, dots.columns)
    for (cell, mask) in masks.enumerated() where mask != 0 {
      for dot in 0..<down * across where mask >> UInt8(dot) & 1 == 1 {
        let row = cell / columns * down + dot / across
        let column = cell % columns * across + dot % across
        set(row + 1, column)
        set(row, column + 1)
        set(row + 1, column + 1)
      }
    }
  }

  func mask(_ row: Int, _ column: Int) -> Int { Int(masks[row * columns + column]) }

  /// A straight line between two places counted in cells from the upper left corner, one dot thin.
  ///
  /// `strokes` are how many dots are set and left out in turn, empty for all; `begun` counts dots of the same curve before
  /// this line, and the answer those after it.
  @discardableResult
  mutating func line(
    from a: (across: Float, down: Float), to b: (across: Float, down: Float), strokes: [Int] = [],
    after begun: Int = 0
  ) -> Int {
    guard let (a, b) = clipped(a, b) else { return begun }
    let (across, down) = (Float(dots.columns), Float(dots.rows))
    let (dx, dy) = ((b.across - a.across) * across, (b.down - a.down) * down)
    let steps = max(1, Int(max(abs(dx), abs(dy)).rounded(.up)))
    for i in 0...steps where Self.isSet(begun + i, strokes) {
      let share = Float(i) / Float(steps)
      set(
        Int((a.down * down + share * dy).rounded(.down)), Int((a.across * across + share * dx).rounded(.down))
      )
    }
    return begun + steps
  }

  private static func isSet(_ place: Int, _ strokes: [Int]) -> Bool {
    guard !strokes.isEmpty else { return true }
    var left = place % strokes.reduce(0, +)
    for (i, length) in strokes.enumerated() {
      if left < length { return i % 2 == 0 }
      left -= length
    }
    return true
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
