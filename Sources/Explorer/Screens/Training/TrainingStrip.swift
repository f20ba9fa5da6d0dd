public import Drawing

/// One number of every checkpoint of a training, as a curve against its place.
public enum TrainingStrip: CaseIterable, Sendable {
  /// Share of labels that are right.
  case accuracy
  /// Median ‖r‖.
  case distance
  /// Share of unseen labels that one vector of norm ξ changes.
  case fooling

  /// What stands above the curve.
  public var title: String {
    switch self {
    case .accuracy: "accuracy"
    case .distance: "median ‖r‖"
    case .fooling: "labels one vector changes"
    }
  }

  private var style: CurveStyle {
    switch self {
    case .accuracy: .other(0)
    case .distance: .curvature
    case .fooling: .even
    }
  }

  /// The curve as far as `end`, its axes for all; nil where no value is known.
  ///
  /// Shares are written in per cent; `vector` is the look of what fools.
  public func plot(
    _ values: [Double?], through end: Int? = nil, cursor: Int? = nil, by vector: CurveStyle = .even
  ) -> LinePlot? {
    let scale = self == .distance ? 1.0 : 100
    let all = values.map { $0.map { scale * $0 } ?? .nan }
    guard all.contains(where: \.isFinite) else { return nil }
    let count = min(all.count, (end ?? all.count - 1) + 1)
    let series = LinePlot.Series(
      "", x: (0..<count).map { Double($0 + 1) }, y: Array(all[..<count]), showsMarkers: all.count <= 30,
      style: self == .fooling ? vector : style)
    return LinePlot(
      [series], horizontal: Axis(counting: 1...max(2, all.count)),
      vertical: Axis(around: all, includesZero: true), verticalTitle: self == .distance ? "px" : "%",
      cursor: cursor.map { Double($0 + 1) })
  }
}
