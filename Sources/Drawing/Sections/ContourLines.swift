extension Field {
  /// Where the margin is zero: lines through the crossings of the grid's edges, found by linear interpolation between
  /// neighbours of opposite signs (marching squares); a saddle is cut by the mean of its corners.
  public func zeroLines() -> [[PlanePoint]] {
    var joined = JoinedLines()
    for row in 0..<max(0, rows.count - 1) {
      for column in 0..<max(0, columns.count - 1) {
        for (a, b) in segments(row, column) { joined.add(a, b) }
      }
    }
    return joined.lines
  }

  /// The value of a corner of a cell, counted round from the lower left.
  private func corner(_ n: Int, _ row: Int, _ column: Int) -> (point: PlanePoint, value: Float) {
    let (r, c) = (row + (n >= 2 ? 1 : 0), column + (n == 1 || n == 2 ? 1 : 0))
    return (PlanePoint(s: columns[c], t: rows[r]), values[r * columns.count + c])
  }

  private func segments(_ row: Int, _ column: Int) -> [(PlanePoint, PlanePoint)] {
    let corners = (0..<4).map { corner($0, row, column) }
    guard corners.allSatisfy({ $0.value.isFinite }) else { return [] }
    let crossings = (0..<4).compactMap { n -> PlanePoint? in
      // Both cells at an edge find the same point of it: its ends are taken in one order.
      let (a, b) = n < 2 ? (corners[n], corners[n + 1]) : (corners[(n + 1) % 4], corners[n])
      guard (a.value < 0) != (b.value < 0) else { return nil }
      let share = a.value / (a.value - b.value)
      return PlanePoint(
        s: a.point.s + share * (b.point.s - a.point.s), t: a.point.t + share * (b.point.t - a.point.t))
    }
    guard crossings.count == 4 else { return crossings.count == 2 ? [(crossings[0], crossings[1])] : [] }
    let mean = corners.reduce(0) { $0 + $1.value }
    let isCutOff = (mean < 0) == (corners[0].value < 0)
    return isCutOff
      ? [(crossings[0], crossings[1]), (crossings[2], crossings[3])]
      : [(crossings[3], crossings[0]), (crossings[1], crossings[2])]
  }
}

/// Segments put together where they meet.
private struct JoinedLines {
  private(set) var all: [[PlanePoint]?] = []
  /// Which line ends at a point.
  private var ends: [PlanePoint: Int] = [:]

  var lines: [[PlanePoint]] { all.compactMap { $0 } }

  mutating func add(_ a: PlanePoint, _ b: PlanePoint) {
    guard a != b else { return }
    var line = [a, b]
    if let other = take(endingAt: a) { line = (other.last == a ? other : other.reversed()) + [b] }
    if let other = take(endingAt: b) { line += (other.first == b ? other : other.reversed()).dropFirst() }
    ends[line[0]] = all.count
    ends[line[line.count - 1]] = all.count
    all.append(line)
  }

  private mutating func take(endingAt point: PlanePoint) -> [PlanePoint]? {
    guard let place = ends[point], let line = all[place] else { return nil }
    ends[line[0]] = nil
    ends[line[line.count - 1]] = nil
    all[place] = nil
    return line
  }
}
