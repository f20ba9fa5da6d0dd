internal import Networks
internal import Tensors

/// The step that takes an image to the nearest of the boundaries, were they all flat: DeepFool's inner problem.
///
/// With D_j = ∇f_j − ∇f_k the boundary to class j lies |f_j − f_k| / ‖D_j‖ away, in the direction of D_j.
struct FlatStep: Sendable {
  /// |f_j − f_k| · D_j / ‖D_j‖² of the nearest j; all zero where no candidate has a gradient.
  var step: [Float]
  private var distance = Double.infinity

  init(size: Int) { step = [Float](repeating: 0, count: size) }

  /// Takes class j's boundary instead if it is nearer.
  mutating func offer(difference: Float, gradient: ArraySlice<Float>) {
    let gradient = Array(gradient)
    let square = dot(gradient, gradient)
    let distance = Double(abs(difference)) / square.squareRoot()
    guard square > 0, square.isFinite, distance < self.distance else { return }
    self.distance = distance
    step = scaled(gradient, by: Float(Double(abs(difference)) / square))
  }

  var isZero: Bool { step.allSatisfy { $0 == 0 } }
}

extension Linearization {
  /// The gradients D_j of one candidate class after the other for each image of the tile, a batch a rank: one backward
  /// pass each, all together.
  func differences(from own: [Int], to candidates: [[Int]], ranks: Range<Int>) -> Tensor {
    let cotangents = ranks.map { rank in
      Margin.pair(own: own, other: candidates.map { $0[rank] }).gradient(logits, range: 0..<own.count)
    }
    return pullbacks(Tensor(concatenating: cotangents), batches: ranks.count)
  }

  /// f_j − f_k at image n of the tile.
  func difference(_ n: Int, from own: Int, to other: Int) -> Float {
    let row = logits.entryElements(n)
    return row[row.startIndex + other] - row[row.startIndex + own]
  }

  /// The step of every image of the tile, each of `size` elements, to the nearest of its candidates.
  ///
  /// candidates[n] are image n's, equally many for each. An interruption is noticed between some classes.
  func flatSteps(
    from own: [Int], to candidates: [[Int]], size: Int, _ interruption: Interruption?
  ) throws -> [FlatStep] {
    var steps = own.map { _ in FlatStep(size: size) }
    let ranks = candidates[0].indices
    let together = network.batchesTogether(count: own.count)
    for first in stride(from: 0, to: ranks.count, by: together) {
      try interruption?.check()
      let some = first..<min(ranks.count, first + together)
      let gradients = differences(from: own, to: candidates, ranks: some)
      for rank in some {
        for n in own.indices {
          steps[n].offer(
            difference: difference(n, from: own[n], to: candidates[n][rank]),
            gradient: gradients.entryElements((rank - first) * own.count + n))
        }
      }
    }
    return steps
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
