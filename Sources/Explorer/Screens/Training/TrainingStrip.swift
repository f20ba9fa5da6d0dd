public import Drawing

/// One number of every checkpoint of a training, as a curve against its place.
public enum TrainingStrip: CaseIterable, Sendable {
  /// Share of labels that are right.
  case accuracy
  /// Median ‖r‖.
  case distance
  /// Share of unseen labels that one vector of norm ξ changes.
  case fooling
  /// The principal curvatures of the boundary at one point, from the smallest to the largest.
  case curvature

  /// What stands above the curve.
  public var title: String {
    switch self {
    case .accuracy: "accuracy"
    case .distance: "median ‖r‖"
    case .fooling: "labels one vector changes"
    case .curvature: "principal curvatures at z"
    }
  }

  /// Whether it is a share, written in per cent.
  var isShare: Bool { self == .accuracy || self == .fooling }

  /// What its axis counts.
  var unit: String { isShare ? "%" : self == .distance ? "px" : "1/px" }

  private var style: CurveStyle {
    switch self {
    case .accuracy: .other(0)
    case .distance: .other(2)
    case .fooling: .even
    case .curvature: .curvature
    }
  }

  /// The curve as far as `end`, under its name; nil where no value is known.
  public func scene(
    _ values: [TrainingValue?], through end: Int? = nil, note: String, by vector: CurveStyle = .even
  ) -> FigureScene? {
    plot(values, through: end, by: vector).map { .titled(title, note: note, .one(StripChart(plot: $0))) }
  }

  /// The curve as far as `end`, its axes for all; nil where no value is known.
  ///
  /// Shares are written in per cent; the band is the interval of each value, of curvatures all of them; `vector` is the look
  /// of what fools.
  public func plot(
    _ values: [TrainingValue?], through end: Int? = nil, cursor: Int? = nil, by vector: CurveStyle = .even
  ) -> LinePlot? {
    let scale = isShare ? 100.0 : 1
    let all = values.map { $0.map { scale * $0.value } ?? .nan }
    guard all.contains(where: \.isFinite) else { return nil }
    let bands = values.map { one in
      one.map { LinePlot.Band(scale * $0.lower, scale * $0.upper) } ?? LinePlot.Band(.nan, .nan)
    }
    let count = min(all.count, (end ?? all.count - 1) + 1)
    let series = LinePlot.Series(
      "", x: (0..<count).map { Double($0 + 1) }, y: Array(all[..<count]), band: Array(bands[..<count]),
      showsMarkers: all.count <= 30, style: self == .fooling ? vector : style)
    return LinePlot(
      [series], horizontal: Axis(counting: 1...max(2, all.count)),
      vertical: Axis(around: bands.flatMap { [$0.lower, $0.upper] }, includesZero: true), verticalTitle: unit,
      cursor: cursor.map { Double($0 + 1) })
  }
}

/// A plot that is low and wide.
private struct StripChart: SheetDrawable {
  let plot: LinePlot

  func height(at width: Double, _ style: SheetStyle) -> Double { 0.3 * width }
  func draw(on sheet: inout Sheet, in box: Sheet.Box) { plot.draw(on: &sheet, in: box) }
  func draw(on canvas: inout Canvas) { plot.draw(on: &canvas) }
}
