/// A rectangle of a section's plane as a grid of points.
public struct SectionWindow: Hashable, Sendable, Codable {
  /// s of the columns, ascending.
  public let s: [Double]
  /// t of the rows, ascending: away from x.
  public let t: [Double]

  /// - Parameters:
  ///   - center: the place in the middle.
  ///   - width: what the columns span, in pixel units, from the first to the last.
  ///   - height: what the rows span.
  ///   - columns: at least 2.
  ///   - rows: at least 2.
  public init(center: SectionPlane.Place, width: Double, height: Double, columns: Int, rows: Int) {
    precondition(columns >= 2 && rows >= 2, "a grid of \(columns)×\(rows)")
    s = (0..<columns).map { center.s + width * (Double($0) / Double(columns - 1) - 0.5) }
    t = (0..<rows).map { center.t + height * (Double($0) / Double(rows - 1) - 0.5) }
  }

  /// −E ≤ s ≤ E and ‖r‖ − E ≤ t ≤ ‖r‖ + E, z in the middle; E = 2‖r‖ where nil, with x half way to the edge.
  ///
  /// `shift` moves it by whole cells. Where windows of one plane have cells in common, by a shift or by half the extent
  /// at an odd number of cells, these have the very same coordinates.
  public init(
    around plane: SectionPlane, extent: Double? = nil, columns: Int, rows: Int,
    shift: (columns: Int, rows: Int) = (0, 0)
  ) {
    precondition(columns >= 2 && rows >= 2, "a grid of \(columns)×\(rows)")
    let extent = extent ?? 2 * plane.distance
    func coordinate(_ i: Int, _ count: Int) -> Double {
      extent * Double(2 * i - (count - 1)) / Double(count - 1)
    }
    s = (0..<columns).map { coordinate($0 + shift.columns, columns) }
    t = (0..<rows).map { plane.distance + coordinate($0 + shift.rows, rows) }
  }

  /// Cells of a row, along s: 2 at least.
  public var columns: Int { s.count }
  /// Cells of a column, along t: 2 at least.
  public var rows: Int { t.count }
  public var count: Int { columns * rows }

  /// The place of cell row·columns + column.
  public func place(_ cell: Int) -> SectionPlane.Place {
    .init(s: s[cell % columns], t: t[cell / columns])
  }
}

/// What is known of a section so far: rows×columns cells, cell row·columns + column.
public struct SectionGrid: Sendable {
  /// Where the cells lie in the plane.
  public let window: SectionWindow
  /// Region margin of the class at x, in logit units: negative inside.
  public private(set) var margins: [Float]
  public private(set) var labels: [Int]
  /// The softmax probability of the label.
  public private(set) var probabilities: [Float]
  /// Which cells hold values; the others hold nothing that means anything.
  public private(set) var isKnown: [Bool]
  /// Cells that hold values.
  public private(set) var knownCount = 0

  init(_ window: SectionWindow) {
    self.window = window
    margins = [Float](repeating: 0, count: window.count)
    labels = [Int](repeating: 0, count: window.count)
    probabilities = margins
    isKnown = [Bool](repeating: false, count: window.count)
  }

  mutating func set(_ cell: Int, margin: Float, label: Int, probability: Float) {
    if !isKnown[cell] { knownCount += 1 }
    margins[cell] = margin
    labels[cell] = label
    probabilities[cell] = probability
    isKnown[cell] = true
  }
}
