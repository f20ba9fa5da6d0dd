internal import Glibc
internal import Networks
internal import Tensors

/// min(−ln softmax_k(y), limit): the loss that a universal perturbation is to raise, k the label of the clean image.
///
/// The limit keeps images that are fooled already from drawing the perturbation further.
struct ClippedCrossEntropy: Objective {
  let own: [Int]
  let limit: Float

  func values(_ y: Tensor, range: Range<Int>) -> [Float] {
    (0..<y.count).map { n in min(limit, loss(shares(y, n), range.lowerBound + n)) }
  }

  func gradient(_ y: Tensor, range: Range<Int>) -> Tensor {
    rows(y) { n in
      var p = shares(y, n)
      guard loss(p, range.lowerBound + n) < limit else { return p.map { _ in 0 } }
      p[own[range.lowerBound + n]] -= 1
      return p
    }
  }

  func hessianProduct(_ y: Tensor, _ tangent: Tensor, range: Range<Int>) -> Tensor {
    rows(y) { n in
      let p = shares(y, n)
      let v = Array(tangent.entryElements(n))
      guard loss(p, range.lowerBound + n) < limit else { return p.map { _ in 0 } }
      let mean = Float(dot(p, v))
      return zip(p, v).map { $0 * ($1 - mean) }
    }
  }

  private func loss(_ p: [Float], _ i: Int) -> Float { -log(max(.leastNormalMagnitude, p[own[i]])) }

  private func shares(_ y: Tensor, _ n: Int) -> [Float] {
    let row = Array(y.entryElements(n))
    let top = row.max() ?? 0
    let powers = row.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private func rows(_ y: Tensor, _ row: (Int) -> [Float]) -> Tensor {
    Tensor(shape: y.shape, elements: (0..<y.count).flatMap(row))
  }
}
