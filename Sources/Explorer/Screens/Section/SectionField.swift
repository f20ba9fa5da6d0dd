internal import Drawing
internal import Experiments

extension SectionMap.Outcome {
  /// The section as a field to draw; what is not known yet is guessed and marked so: as the point of a coarser grid
  /// has it, else as the nearest known point of its row or of a row near it.
  ///
  /// Nil where the arrays do not fit each other or nothing is known.
  var field: Field? {
    let count = rows * columns
    guard rows > 1, columns > 1, cells.margins.count == count, cells.labels.count == count,
      cells.isKnown.count == count
    else { return nil }
    let known = (0..<count).map { cells.isKnown[$0] && cells.margins[$0].isFinite }
    var (values, labels) = (cells.margins, cells.labels)
    // A label that is guessed from another picture has a probability; one that nobody knows has none.
    let hasGuesses = cells.probabilities.count == count
    var filled = (0..<count).map { known[$0] || hasGuesses && cells.probabilities[$0] > 0 }
    for at in 0..<count where !filled[at] {
      guard let stand = cells.representative(of: at, columns: columns), known[stand] else { continue }
      (values[at], labels[at], filled[at]) = (values[stand], labels[stand], true)
    }
    guard NearestKnown.fill(&values, &labels, filled, rows: rows, columns: columns) else { return nil }
    return Field(
      columns: axes.s.map(Float.init), rows: axes.t.map(Float.init), values: values, labels: labels,
      known: known)
  }

  /// Points computed, and points in all.
  var progress: (known: Int, total: Int) { (cells.isKnown.count(where: { $0 }), rows * columns) }

  /// Softmax probability of the label at a point; nil where it is not computed.
  func probability(at place: (row: Int, column: Int)) -> Float? {
    let at = place.row * columns + place.column
    guard cells.isKnown.indices.contains(at), cells.probabilities.indices.contains(at), cells.isKnown[at]
    else { return nil }
    return cells.probabilities[at]
  }
}

extension SectionMap.Outcome {
  /// This section at the points of another picture of the same plane: points in common as they are known, others as
  /// guesses from the nearest point.
  func stretched(from old: SectionMap, to map: SectionMap) -> Self? {
    let count = map.width
    guard count > 1, rows > 1, columns > 1, let s0 = axes.s.first, let t0 = axes.t.first,
      let s1 = axes.s.last, let t1 = axes.t.last, s1 > s0, t1 > t0
    else { return nil }
    let before = old.middle
    let (here, reach) = (map.middle, map.reach)
    let s = Self.grid((s0 + s1) / 2 - before.s + here.s, reach, count)
    let t = Self.grid((t0 + t1) / 2 - before.t + here.t, reach, count)
    let (across, down) = (s.map { Self.place($0, s0, s1, columns) }, t.map { Self.place($0, t0, t1, rows) })
    var copy = self
    (copy.axes.s, copy.axes.t) = (s, t)
    let from = down.flatMap { row in across.map { row.index * columns + $0.index } }
    copy.cells.margins = from.map { cells.margins[$0] }
    copy.cells.labels = from.map { cells.labels[$0] }
    copy.cells.probabilities = from.map { cells.probabilities[$0] }
    copy.cells.isKnown = down.flatMap { row in
      across.map { row.isExact && $0.isExact && cells.isKnown[row.index * columns + $0.index] }
    }
    return copy
  }

  /// Everything that another section of the same grid knows instead of what this one guesses.
  func overlaid(with own: Self) -> Self {
    guard own.rows == rows, own.columns == columns else { return own }
    var sum = own
    for at in sum.cells.isKnown.indices where !own.cells.isKnown[at] {
      sum.cells.margins[at] = cells.margins[at]
      sum.cells.labels[at] = cells.labels[at]
      sum.cells.probabilities[at] = cells.probabilities[at]
      sum.cells.isKnown[at] = cells.isKnown[at]
    }
    return sum
  }

  private static func grid(_ middle: Double, _ extent: Double, _ count: Int) -> [Double] {
    (0..<count).map { middle + extent * Double(2 * $0 - (count - 1)) / Double(count - 1) }
  }

  /// The nearest point of an axis, and whether it is there to a thousandth of the spacing.
  private static func place(
    _ value: Double, _ first: Double, _ last: Double, _ count: Int
  ) -> (index: Int, isExact: Bool) {
    let place = (value - first) / (last - first) * Double(count - 1)
    let index = min(count - 1, max(0, Int(place.rounded())))
    return (index, abs(place - Double(index)) < 1e-3)
  }
}

extension SectionMap {
  /// Half the side of the picture; the screens always say it.
  var reach: Double { extent ?? 1 }

  /// The middle of the picture, from z.
  fileprivate var middle: (s: Double, t: Double) {
    let spacing = 2 * reach / Double(max(1, width - 1))
    return (Double(shift?.columns ?? 0) * spacing, Double(shift?.rows ?? 0) * spacing)
  }

  /// How far two pictures stand apart, in halves of the wanted one.
  func distance(to wanted: SectionMap) -> Double {
    let (a, b) = (middle, wanted.middle)
    return max(abs(a.s - b.s), abs(a.t - b.t)) / max(wanted.reach, reach)
  }
}

/// What stands for points not computed yet.
enum NearestKnown {
  /// Gives every unknown point the numbers of the nearest known one of its row, and rows without any those of the
  /// nearest row that has some; false where nothing is known.
  static func fill(
    _ values: inout [Float], _ labels: inout [Int], _ known: [Bool], rows: Int, columns: Int
  ) -> Bool {
    var filled: [Int] = []
    for i in 0..<rows {
      let row = i * columns..<(i + 1) * columns
      let places = row.filter { known[$0] }
      guard !places.isEmpty else { continue }
      filled.append(i)
      var next = 0
      for at in row where !known[at] {
        while next + 1 < places.count, abs(places[next + 1] - at) <= abs(places[next] - at) { next += 1 }
        (values[at], labels[at]) = (values[places[next]], labels[places[next]])
      }
    }
    guard !filled.isEmpty else { return false }
    var next = 0
    for i in 0..<rows {
      while next + 1 < filled.count, abs(filled[next + 1] - i) <= abs(filled[next] - i) { next += 1 }
      guard filled[next] != i else { continue }
      for j in 0..<columns {
        values[i * columns + j] = values[filled[next] * columns + j]
        labels[i * columns + j] = labels[filled[next] * columns + j]
      }
    }
    return true
  }
}

extension Field {
  /// Row and column of the point of the grid that is nearest.
  func nearest(_ point: PlanePoint) -> (row: Int, column: Int)? {
    func place(_ value: Float, _ axis: [Float]) -> Int? {
      guard value.isFinite, let first = axis.first, let last = axis.last, last > first else { return nil }
      let spacing = (last - first) / Float(axis.count - 1)
      guard value >= first - spacing, value <= last + spacing else { return nil }
      return min(axis.count - 1, max(0, Int(((value - first) / spacing).rounded())))
    }
    guard let row = place(point.t, rows), let column = place(point.s, columns) else { return nil }
    return (row, column)
  }

  /// Margin between the four points around, label at the nearest, and whether they are computed.
  func sample(_ point: PlanePoint) -> (margin: Float, label: Int, isKnown: Bool)? {
    guard let (row, column) = nearest(point) else { return nil }
    let at = row * columns.count + column
    return (interpolated(point) ?? values[at], labels[at], known[at])
  }

  /// The margin by bilinear interpolation; nil outside and between points that are not all computed.
  private func interpolated(_ point: PlanePoint) -> Float? {
    func place(_ value: Float, _ axis: [Float]) -> (index: Int, share: Float)? {
      guard axis.count > 1, let first = axis.first, let last = axis.last, value >= first, value <= last
      else { return nil }
      let place = (value - first) / (last - first) * Float(axis.count - 1)
      let index = min(axis.count - 2, Int(place))
      return (index, place - Float(index))
    }
    guard let row = place(point.t, rows), let column = place(point.s, columns) else { return nil }
    let at = row.index * columns.count + column.index
    let below = at + columns.count
    guard known[at], known[at + 1], known[below], known[below + 1] else { return nil }
    let first = values[at] + column.share * (values[at + 1] - values[at])
    let second = values[below] + column.share * (values[below + 1] - values[below])
    return first + row.share * (second - first)
  }

  /// |margin| that three quarters of the points stay below: a colour scale by it shows the surroundings of the
  /// boundary, and saturates far from it.
  var typicalMagnitude: Float {
    let step = max(1, values.count / 1000)
    let sample = stride(from: 0, to: values.count, by: step).map { abs(values[$0]) }.filter(\.isFinite)
      .sorted()
    return sample.isEmpty ? 0 : sample[(sample.count - 1) * 3 / 4]
  }

  /// Curvature of the level line of the margin through a point, from differences over a twentieth of the plane.
  ///
  /// Positive where it bends as a circle around points of smaller margin; nil near the edges and unknown points.
  func levelCurvature(_ point: PlanePoint) -> Double? {
    guard let (i, j) = nearest(point) else { return nil }
    let k = max(1, columns.count / 20)
    guard i >= k, j >= k, i + k < rows.count, j + k < columns.count else { return nil }
    func f(_ a: Int, _ b: Int) -> Double { Double(values[(i + a * k) * columns.count + j + b * k]) }
    let places = (-1...1).flatMap { a in (-1...1).map { b in (i + a * k) * columns.count + j + b * k } }
    guard places.allSatisfy({ known[$0] }) else { return nil }
    let x = Double(columns[j + k] - columns[j - k]) / 2
    let y = Double(rows[i + k] - rows[i - k]) / 2
    let fx = (f(0, 1) - f(0, -1)) / (2 * x)
    let fy = (f(1, 0) - f(-1, 0)) / (2 * y)
    let fxx = (f(0, 1) - 2 * f(0, 0) + f(0, -1)) / (x * x)
    let fyy = (f(1, 0) - 2 * f(0, 0) + f(-1, 0)) / (y * y)
    let fxy = (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * x * y)
    let slope = (fx * fx + fy * fy).squareRoot()
    guard slope > 1e-9 else { return nil }
    return (fxx * fy * fy - 2 * fxy * fx * fy + fyy * fx * fx) / (slope * slope * slope)
  }
}
