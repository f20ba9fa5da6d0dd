/// A point of a section, in pixel units: s along the second direction, t along the first.
public struct PlanePoint: Hashable, Sendable {
  /// Along the second direction, px.
  public var s: Float
  /// Along the first direction, px.
  public var t: Float

  public init(s: Float, t: Float) {
    self.s = s
    self.t = t
  }
}

/// A margin and a label on a grid of a plane through an image; s runs along columns, t along rows.
public struct Field: Hashable, Sendable {
  /// The s of each column, increasing.
  public let columns: [Float]
  /// The t of each row, increasing.
  public let rows: [Float]
  /// The margins, row after row, rows.count × columns.count; not finite where nothing is known yet.
  public var values: [Float]
  /// The labels in the same order.
  public var labels: [Int]
  /// Whether a value is computed; the others are guesses (interpolated, say) and are shown as provisional.
  public var known: [Bool]

  public init(columns: [Float], rows: [Float], values: [Float], labels: [Int], known: [Bool]? = nil) {
    let count = columns.count * rows.count
    precondition(
      values.count == count && labels.count == count && (known?.count ?? count) == count,
      "a field of \(rows.count)×\(columns.count) needs as many values, labels and marks, "
        + "not \(values.count), \(labels.count), \(known?.count ?? count)")
    self.columns = columns
    self.rows = rows
    self.values = values
    self.labels = labels
    self.known = known ?? [Bool](repeating: true, count: count)
  }

  /// Whether it has no sample.
  public var isEmpty: Bool { columns.isEmpty || rows.isEmpty }

  /// The largest known |margin|, at least the smallest positive number: the symmetric limit of a colour scale.
  public var largestMagnitude: Float {
    var largest: Float = 0
    for i in values.indices where values[i].isFinite { largest = max(largest, abs(values[i])) }
    return max(largest, .leastNormalMagnitude)
  }
}
