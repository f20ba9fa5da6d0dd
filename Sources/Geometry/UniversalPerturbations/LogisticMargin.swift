internal import Glibc
internal import Networks
internal import Tensors

/// τ·ln σ(G/τ): the region margin G of the class of the clean image, τ in logit units; never positive.
///
/// It rises like G where an image is far from the boundary and levels off beyond it, so that images that are fooled
/// already draw little.
struct LogisticMargin: Objective {
  let own: [Int]
  let scale: Float

  func values(_ y: Tensor, range: Range<Int>) -> [Float] {
    margin.values(y, range: range).map { g in
      let u = g / scale
      return scale * (min(u, 0) - log1p(exp(-abs(u))))
    }
  }

  func gradient(_ y: Tensor, range: Range<Int>) -> Tensor {
    weighed(margin.gradient(y, range: range), by: slopes(y, range))
  }

  func hessianProduct(_ y: Tensor, _ tangent: Tensor, range: Range<Int>) -> Tensor {
    let gradient = margin.gradient(y, range: range)
    let bends = slopes(y, range).enumerated().map { n, slope in
      let along = Float(dot(Array(gradient.entryElements(n)), Array(tangent.entryElements(n))))
      return -slope * (1 - slope) / scale * along
    }
    return weighed(gradient, by: bends)
  }

  private var margin: Margin { .region(own: own) }

  /// σ(−G/τ).
  private func slopes(_ y: Tensor, _ range: Range<Int>) -> [Float] {
    margin.values(y, range: range).map { 1 / (1 + exp($0 / scale)) }
  }

  private func weighed(_ rows: Tensor, by weights: [Float]) -> Tensor {
    let width = rows.entryCount
    return Tensor(
      shape: rows.shape, elements: rows.elements.enumerated().map { $1 * weights[$0 / width] })
  }
}
