internal import Networks
internal import Tensors

/// The step that takes an image to the nearest of the boundaries, were they all flat: DeepFool's inner problem.
///
/// With D_j = ∇f_j − ∇f_k the boundary to class j lies |f_j − f_k| / ‖D_j‖ away, in the direction of D_j.
struct FlatStep: Sendable {
  /// |f_j − f_k| · D_j / ‖D_j‖² of the nearest j; all zero where no candidate has a gradient.
  var step: [Float]
  /// ‖step‖; infinite where there is none.
  private(set) var distance = Double.infinity

  /// No boundary is looked for farther away: from there on single precision does not hold a pixel's 255 steps.
  private static let farthest = 1e4

  init(size: Int) { step = [Float](repeating: 0, count: size) }

  /// Takes class j's boundary instead if it is nearer; returns ‖D_j‖.
  @discardableResult
  mutating func offer(difference: Float, gradient: ArraySlice<Float>) -> Double {
    let gradient = Array(gradient)
    let square = dot(gradient, gradient)
    let length = square.squareRoot()
    let distance = Double(abs(difference)) / length
    guard square > 0, square.isFinite, distance < self.distance,
      distance <= Self.farthest * Double(step.count).squareRoot()
    else { return length }
    self.distance = distance
    step = scaled(gradient, by: Float(Double(abs(difference)) / square))
    return length
  }

  var isZero: Bool { step.allSatisfy { $0 == 0 } }
}

/// The classes that may be nearest to one image, and how long their D_j were when they were last compared.
struct Candidates: Sendable {
  let own: Int
  let classes: [Int]
  /// ‖D_j‖; nil where it was never compared, or zero.
  fileprivate(set) var lengths: [Double?]

  init(own: Int, classes: [Int]) {
    self.own = own
    self.classes = classes
    lengths = classes.map { _ in nil }
  }

  /// Whether none was ever compared.
  var areNew: Bool { lengths.allSatisfy { $0 == nil } }
}

/// The flat step of one image, found without the gradients that cannot matter.
///
/// At the first linearisation all candidates are compared. Later on they are compared in the order of their distances by
/// the last ‖D_j‖, and those that by these lie more than ``reach`` times as far as the nearest found stay out. That is
/// exact unless some ‖D_j‖ grows ``reach`` times more than the nearest class's in one step; the most that was measured
/// is 3.1 times (ResNet-18), 1.5 (LeNet), both on CIFAR-10.
struct FlatStepSearch: Sendable {
  private(set) var candidates: Candidates
  private(set) var nearest: FlatStep
  /// |f_j − f_k|.
  private let gaps: [Float]
  /// Those not compared yet, the nearest by the last lengths first, with their distances.
  private var left: [(candidate: Int, distance: Double)]

  static let reach = 8.0

  /// Begins at an image of `size` elements with these logits.
  init(_ candidates: Candidates, logits row: ArraySlice<Float>, size: Int) {
    self.candidates = candidates
    nearest = FlatStep(size: size)
    let gaps = candidates.classes.map {
      abs(row[row.startIndex + $0] - row[row.startIndex + candidates.own])
    }
    self.gaps = gaps
    left = gaps.indices.map { i in (i, candidates.lengths[i].map { Double(gaps[i]) / $0 } ?? 0) }
      .sorted { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }
  }

  /// The next `count` of the candidates to compare, by their index; none once all others are out of reach.
  mutating func next(_ count: Int) -> [Int] {
    let isFirst = left.count == gaps.count
    guard let first = left.first, isFirst || first.distance < Self.reach * nearest.distance else { return [] }
    defer { left.removeFirst(min(count, left.count)) }
    return left.prefix(count).map(\.candidate)
  }

  /// How many of those not compared yet are within reach.
  var withinReach: Int { left.prefix { $0.distance < Self.reach * nearest.distance }.count }

  /// Compares a candidate by its D_j.
  mutating func offer(_ candidate: Int, _ gradient: ArraySlice<Float>) {
    let length = nearest.offer(difference: gaps[candidate], gradient: gradient)
    candidates.lengths[candidate] = length > 0 ? length : nil
  }
}

extension Tensor {
  /// For each row of logits, the classes that DeepFool considers besides the label: the `count` − 1 next best.
  func rivals(count: Int) -> [[Int]] {
    self.argmaxOfEntries.enumerated().map { n, label in
      let row = Array(entryElements(n))
      let order = row.indices.sorted { row[$0] > row[$1] || (row[$0] == row[$1] && $0 < $1) }
      return Array(order.filter { $0 != label }.prefix(max(1, count - 1)))
    }
  }
}
