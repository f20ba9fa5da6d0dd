extension SectionMap {
  /// The section so far: its cells, the boundary line in it, and how that bends at z.
  public struct Outcome: StoredOutcome {
    /// Which of the subject's images x is.
    public var index: Int
    /// The name of v.
    public var along: String
    /// The s of the columns and the t of the rows.
    public var axes: Axes
    /// Cell row·columns + column holds the place (s[column], t[row]).
    public var cells: Cells
    /// k(x), and the label beyond the boundary at z.
    public var from: Int
    /// The largest logit at z but that of k(x); at x itself where the plane has no z.
    public var to: Int
    /// ‖r(x)‖ in pixel units: z lies at s = 0, t = ‖r‖.
    public var norm: Double
    /// κ of the normal section along Pŝ at z in 1/pixel units, positive where the boundary bends towards x; with a secant
    /// the mean over ±h, which no circle at z stands for.
    public var curvature: Double
    /// `exact`, `secant` or `softened`: the product behind ``curvature``.
    public var product: String
    /// h of a secant, in pixel units.
    public var step: Double?
    /// κ at z of the curve that is drawn, in 1/pixel units; nil before it is known, and where the boundary ends at z.
    public var planeCurvature: Double?
    /// The unit normal (s, t) of that curve at z, away from x.
    public var planeNormal: [Double]?
    /// The curve was fitted so far to either side of z, in pixel units; nil where its curvature is the limit, by an
    /// exact product of a smooth network.
    public var planeStep: Double?
    /// Standard error of that curvature from how far the curve lies off its circle; 0 where the curvature is the limit.
    public var planeError: Double?
    /// cos(r, ∇G(z)): 1 where r is normal to the boundary, as the theorems and figures 5 and 6 take it to be.
    public var cosine: Double?
    /// Curvature of the largest-curvature disc through z that holds the traced boundary; nil before it is known.
    public var globalCurvature: Double?
    /// The boundary of k(x) through z: places (s, t) by ascending s.
    public var boundary: [[Double]]
    /// What to know before believing the numbers, such as an exact product of a piecewise linear network.
    public var remark: String?
    /// Of a plane towards another image: the places (s, t) of x, of that image, and of x + v.
    public var corners: [[Double]]?
  }

  /// Coordinates of the columns (s) and of the rows (t), ascending, in pixel units.
  public struct Axes: Codable, Sendable, Equatable {
    /// One a column, along the boundary: 0 at x and at z.
    public var s: [Double]
    /// One a row, across the boundary: 0 at x, growing towards z.
    public var t: [Double]
  }

  /// What is known of each cell.
  public struct Cells: Sendable, Equatable {
    /// Region margin of k(x) in logit units: negative where k(x) wins.
    public var margins: [Float]
    public var labels: [Int]
    /// Softmax probability of the label.
    public var probabilities: [Float]
    /// The other arrays mean nothing in cells that are not known yet.
    public var isKnown: [Bool]

    /// The known cell that stands in for `cell`: itself, or the nearest of the coarser grids below and left of it.
    public func representative(of cell: Int, columns: Int) -> Int? {
      let (row, column) = (cell / columns, cell % columns)
      for stride in [1, 2, 4, 8] {
        let candidate = (row - row % stride) * columns + column - column % stride
        if isKnown[candidate] { return candidate }
      }
      return nil
    }
  }
}

extension SectionMap.Outcome {
  /// Cells along s.
  public var columns: Int { axes.s.count }
  /// Cells along t.
  public var rows: Int { axes.t.count }

  /// Whether a coarse grid of so many cells a side, or some more, is known: no other cell stands far from these.
  public func isKnown(side: Int) -> Bool {
    let step = [8, 4, 2].first { (min(rows, columns) - 1) / $0 >= side - 1 } ?? 1
    return stride(from: 0, to: rows, by: step).allSatisfy { row in
      stride(from: 0, to: columns, by: step).allSatisfy { cells.isKnown[row * columns + $0] }
    }
  }

  /// Whether the curvature of the drawn curve cannot be told from 0: within two standard errors of its fit.
  public var isFlat: Bool { planeCurvature.map { abs($0) <= 2 * (planeError ?? 0) } ?? true }

  /// Region margin at a cell; nil where it is not known yet.
  public func margin(row: Int, column: Int) -> Float? { known(cells.margins, row, column) }

  /// Label at a cell; nil where it is not known yet.
  public func label(row: Int, column: Int) -> Int? { known(cells.labels, row, column) }

  /// Softmax probability of the label at a cell; nil where it is not known yet.
  public func probability(row: Int, column: Int) -> Float? { known(cells.probabilities, row, column) }

  private func known<Value>(_ values: [Value], _ row: Int, _ column: Int) -> Value? {
    cells.isKnown[row * columns + column] ? values[row * columns + column] : nil
  }
}

// MARK: - JSON

extension SectionMap.Outcome {
  private enum CodingKeys: CodingKey {
    case index
    case along
    case axes
    case margin
    case label
    case probability
    case from
    case to
    case norm
    case curvature
    case product
    case step
    case planeCurvature
    case planeNormal
    case planeStep
    case planeError
    case cosine
    case globalCurvature
    case boundary
    case remark
    case corners
  }

  /// Margins, labels and probabilities are rows of columns; cells that are not known are null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(index, forKey: .index)
    try container.encode(along, forKey: .along)
    try container.encode(axes, forKey: .axes)
    try container.encode(table(cells.margins), forKey: .margin)
    try container.encode(table(cells.labels), forKey: .label)
    try container.encode(table(cells.probabilities), forKey: .probability)
    try container.encode(from, forKey: .from)
    try container.encode(to, forKey: .to)
    try container.encode(norm, forKey: .norm)
    try container.encode(curvature, forKey: .curvature)
    try container.encode(product, forKey: .product)
    try container.encode(step, forKey: .step)
    try container.encode(planeCurvature, forKey: .planeCurvature)
    try container.encode(planeNormal, forKey: .planeNormal)
    try container.encode(planeStep, forKey: .planeStep)
    try container.encode(planeError, forKey: .planeError)
    try container.encode(cosine, forKey: .cosine)
    try container.encode(globalCurvature, forKey: .globalCurvature)
    try container.encode(boundary, forKey: .boundary)
    try container.encode(remark, forKey: .remark)
    try container.encodeIfPresent(corners, forKey: .corners)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    index = try container.decode(Int.self, forKey: .index)
    along = try container.decode(String.self, forKey: .along)
    axes = try container.decode(SectionMap.Axes.self, forKey: .axes)
    let margins = try container.decode([[Float?]].self, forKey: .margin).flatMap { $0 }
    let labels = try container.decode([[Int?]].self, forKey: .label).flatMap { $0 }
    let probabilities = try container.decode([[Float?]].self, forKey: .probability).flatMap { $0 }
    let count = axes.s.count * axes.t.count
    guard [margins.count, labels.count, probabilities.count].allSatisfy({ $0 == count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .margin, in: container, debugDescription: "the cells do not fill the axes")
    }
    cells = SectionMap.Cells(
      margins: margins.map { $0 ?? 0 }, labels: labels.map { $0 ?? 0 },
      probabilities: probabilities.map { $0 ?? 0 }, isKnown: margins.map { $0 != nil })
    from = try container.decode(Int.self, forKey: .from)
    to = try container.decode(Int.self, forKey: .to)
    norm = try container.decode(Double.self, forKey: .norm)
    curvature = try container.decode(Double.self, forKey: .curvature)
    product = try container.decode(String.self, forKey: .product)
    step = try container.decodeIfPresent(Double.self, forKey: .step)
    planeCurvature = try container.decodeIfPresent(Double.self, forKey: .planeCurvature)
    planeNormal = try container.decodeIfPresent([Double].self, forKey: .planeNormal)
    planeStep = try container.decodeIfPresent(Double.self, forKey: .planeStep)
    planeError = try container.decodeIfPresent(Double.self, forKey: .planeError)
    cosine = try container.decodeIfPresent(Double.self, forKey: .cosine)
    globalCurvature = try container.decodeIfPresent(Double.self, forKey: .globalCurvature)
    boundary = try container.decode([[Double]].self, forKey: .boundary)
    remark = try container.decodeIfPresent(String.self, forKey: .remark)
    corners = try container.decodeIfPresent([[Double]].self, forKey: .corners)
  }

  private func table<Value>(_ values: [Value]) -> [[Value?]] {
    (0..<rows).map { row in (0..<columns).map { column in known(values, row, column) } }
  }
}
