public import Experiments
internal import Geometry
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// Two classifiers on the same images: who is right more often, which labels changed sides, whose boundary is farther,
/// how far their shared curvature agrees.
///
/// Everything is paired. The ratio of distances is the median over the images that both reach, with the interval that the
/// sign test gives it: order statistics around the middle, 95 %.
public struct ModelComparison: Codable, Sendable, Equatable {
  /// Name of the model that the other is measured against.
  public var first: String
  /// Name of the model whose gain and distance are told.
  public var second: String
  public var count: Int
  /// Accuracy of the second less that of the first; nil where no class is known.
  @OrNull public var gain: Double?
  /// The ends of the gain's 95 % interval.
  @OrNull public var interval: [Double]?
  /// Indices of images that only the second, and only the first, has right.
  public var gained: [Int]
  /// Indices of images that only the first has right.
  public var lost: [Int]
  /// The share of images that get the same label from both.
  public var agreement: Double
  /// The median of the second's distance over the first's; nil where fewer than six images reach both.
  @OrNull public var distance: Double?
  /// The ends of that median's 95 % interval.
  @OrNull public var distanceInterval: [Double]?
  /// Cosines of the principal angles between both S_c; empty where one is not known.
  public var cosines: [Double]
  /// √(m₁m₂/d), at most 1: the root mean square of the length that the cosines of random subspaces of these dimensions make
  /// up, which their largest does not pass; 0 where one basis is not known.
  public var chance: Double
  /// What of accuracy and distance differs beyond doubt, in words, or that nothing does.
  public var sentence: String
}

extension ModelComparison {
  /// Compares what two examinations of the same images found.
  public init(_ first: Examination.Outcome, _ second: Examination.Outcome, truth: [Int?]?) {
    (self.first, self.second) = (first.model, second.model)
    let (a, b) = (first.labels, second.labels)
    count = min(a.count, b.count)
    agreement = Double(zip(a, b).filter { $0 == $1 }.count) / Double(max(1, count))
    let known = (0..<count).filter { truth?[$0] != nil }
    let pairs = known.map { (before: b[$0] == truth![$0], after: a[$0] == truth![$0]) }
    gained = zip(known, pairs).filter { $1.before && !$1.after }.map(\.0)
    lost = zip(known, pairs).filter { !$1.before && $1.after }.map(\.0)
    let difference = PairedDifference(pairs)
    (gain, interval) =
      known.isEmpty
      ? (nil, nil) : (difference.value, [difference.interval.lowerBound, difference.interval.upperBound])
    let ratios = zip(first.findings.masking?.each ?? [], second.findings.masking?.each ?? []).compactMap {
      one, other -> Double? in
      guard let a = one.smallest, let b = other.smallest, a > 0, b > 0 else { return nil }
      return b / a
    }.sorted()
    (distance, distanceInterval) = Self.median(ratios)
    (cosines, chance) = Self.angles(first, second)
    sentence = ""
    sentence = told
  }

  /// The median with the order statistics that enclose it in 95 % of samples; nil of fewer than six.
  static func median(_ sorted: [Double]) -> (Double?, [Double]?) {
    let n = sorted.count
    guard n >= 6 else { return (nil, nil) }
    let half = 0.98 * Double(n).squareRoot()
    let (low, high) = (
      max(0, Int((Double(n) / 2 - half).rounded(.down))), min(n - 1, Int((Double(n) / 2 + half).rounded(.up)))
    )
    return ((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, [sorted[low], sorted[high]])
  }

  private static func angles(_ a: Examination.Outcome, _ b: Examination.Outcome) -> ([Double], Double) {
    guard let first = a.curvature?.basis, let second = b.curvature?.basis, first.shape.rank == 4,
      first.entryCount == second.entryCount
    else { return ([], 0) }
    func subspace(_ basis: Tensor) -> Subspace {
      Subspace(
        spanning: (0..<basis.count).map { Array(basis.entryElements($0)) }, dimension: basis.entryCount)
    }
    let cosines = subspace(first).cosines(to: subspace(second))
    return (cosines, min(1, (Double(first.count * second.count) / Double(first.entryCount)).squareRoot()))
  }

  /// What changed beyond doubt, in one sentence.
  private var told: String {
    var parts: [String] = []
    if let gain, let interval, interval[0] > 0 || interval[1] < 0 {
      parts.append("\(second) is \(Self.points(abs(gain))) \(gain > 0 ? "more" : "less") accurate")
    }
    if let distance, let range = distanceInterval, range[0] > 1 || range[1] < 1 {
      parts.append(
        "its boundary is \(Self.short(distance > 1 ? distance : 1 / distance)) times as \(distance > 1 ? "far" : "near")"
      )
    }
    if parts.isEmpty {
      return gain == nil && distance == nil
        ? "Nothing to compare: no true classes are known, and too few images reach both boundaries."
        : "No difference beyond the uncertainty of \(count) images."
    }
    return parts.joined(separator: ", and ")
      + "; \(Self.points(agreement).replacing(" points", with: " %")) of the labels agree."
  }

  private static func points(_ share: Double) -> String { "\((share * 1000).rounded() / 10) points" }
  private static func short(_ x: Double) -> String { "\((x * 100).rounded() / 100)" }
}

extension Examination.Outcome {
  /// k(x) of all images.
  fileprivate var labels: [Int] { findings.logits.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 } }
}
