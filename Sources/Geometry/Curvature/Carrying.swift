internal import Glibc
internal import Networks
internal import Tensors

/// How far both sides of a direction carry the boundary points over the boundary, at a distance h:
///
/// J(v) = mean over points i and sides ± of log σ(F(zᵢ ± h·Pᵢv) / (h·‖∇Fᵢ‖)), with σ the logistic function.
///
/// With the identity instead of log σ, ∇J is half the secant product A(v); log σ lets a point that is over the boundary
/// already draw less than one that is not. −log 2 where the boundary is flat, never positive. Margins are weighed in
/// units of h·‖∇F‖, so that J has no unit.
extension AverageHessian {
  /// J and ∇J.
  ///
  /// Cost: two gradients a point.
  public func carried(along v: [Float], step h: Float) throws -> (value: Double, gradient: [Float]) {
    let directions = tangents(Tensor(zeros: points.shape).addingToEach(1, v))
    var value = 0.0
    var gradient = [Float](repeating: 0, count: dimension)
    for side in [h, -h] {
      let found = try marginGradients(at: points.adding(side, directions))
      for (n, margin) in found.values.enumerated() where slopes[n] > 0 {
        let u = Double(margin) / (Double(h) * slopes[n])
        value += Self.logSigmoid(u)
        let weight = Double(side / h) / (1 + exp(u)) / slopes[n]
        let row = tangent(Array(found.gradients.entryElements(n)), at: n)
        add(Float(weight / Double(2 * points.count)), row, to: &gradient)
      }
    }
    return (value / Double(2 * points.count), gradient)
  }

  /// J alone.
  ///
  /// Cost: two forward passes a point.
  public func carriedValue(along v: [Float], step h: Float) throws -> Double {
    let directions = tangents(Tensor(zeros: points.shape).addingToEach(1, v))
    let sums = try [h, -h].map { side in
      zip(try margins(at: points.adding(side, directions)), slopes).reduce(0) { sum, next in
        next.1 > 0 ? sum + Self.logSigmoid(Double(next.0) / (Double(h) * next.1)) : sum
      }
    }
    return (sums[0] + sums[1]) / Double(2 * points.count)
  }

  /// log(1/(1 + e⁻ᵘ)) without overflow.
  private static func logSigmoid(_ u: Double) -> Double { min(u, 0) - log1p(exp(-abs(u))) }
}
