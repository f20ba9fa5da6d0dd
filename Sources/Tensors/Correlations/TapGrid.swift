/// r×r taps side by side, as a minimal filtering takes them.
struct TapGrid: Hashable, Sendable {
  /// r.
  let extent: Int
  /// How far the first row and column of taps lie from a place.
  let top: Int
  let left: Int
  /// Which of the bank's taps lies at each place of the grid, in reading order.
  let taps: [Int]

  /// Nil where the taps do not fill a square.
  init?(_ shifts: [Slide.Shift]) {
    guard let top = shifts.map(\.down).min(), let left = shifts.map(\.across).min() else { return nil }
    let r = (shifts.map(\.down).max() ?? 0) - top + 1
    guard r * r == shifts.count, shifts.allSatisfy({ $0.phase == .init() && $0.across - left < r }) else {
      return nil
    }
    var taps = [Int](repeating: -1, count: r * r)
    for (tap, shift) in shifts.enumerated() { taps[(shift.down - top) * r + shift.across - left] = tap }
    guard !taps.contains(-1) else { return nil }
    (extent, self.top, self.left, self.taps) = (r, top, left, taps)
  }
}

extension TapGrid {
  /// G of a minimal filtering with n points, the last of which is ∞, n×r: row i is pᵢʲ / Π over l ≠ i of (pᵢ − p_l),
  /// positive for p = 0; the last row takes the last weight.
  func filterTransform(n: Int) -> [Double] {
    let points: [Double] =
      switch n {
      case 4: [0, 1, -1]
      case 6: [0, 0.625, -0.625, 1.6, -1.6]
      default: [0, 1, -1, 2, -2, 0.5, -0.5]
      }
    let finite = points.flatMap { p in
      let product = points.filter { $0 != p }.reduce(1) { $0 * (p - $1) }
      var row = [1 / (p == 0 ? abs(product) : product)]
      while row.count < extent { row.append(row.last! * p) }
      return row
    }
    return finite + (0..<extent).map { $0 == extent - 1 ? 1 : 0 }
  }
}
