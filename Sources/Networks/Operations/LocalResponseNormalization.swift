public import Tensors

/// y_c = x_c·d_c^−β with d_c = bias + α/size·Σ x_j² over the `size` channels around c: `LRN` (Krizhevsky, 2012).
public struct LocalResponseNormalization: Operation {
  public let size: Int
  /// α, the factor of the window's sum of squares over ``size``, also where the window is cut off.
  public let alpha: Float
  /// β: x is multiplied by d^(−β).
  public let beta: Float
  /// d where all x under the window are 0.
  public let bias: Float

  public init(size: Int, alpha: Float, beta: Float, bias: Float) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].rank >= 3 else { throw ShapeError("takes N×C×…, not \(inputs[0])") }
    return inputs[0]
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { inputs[0] * power(denominators(inputs[0]), -beta) }

  /// ẋd^−β − βxd^(−β−1)ḋ with ḋ = 2α/size·Σ x_jẋ_j.
  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let (x, xDot) = (point.inputs[0], tangents[0]!)
    let d = denominators(x)
    return xDot * power(d, -beta) - beta * (x * power(d, -beta - 1) * drift(x, xDot))
  }

  /// ȳd^−β − 2βα/size·x·S with S_j = Σ ȳ_c x_c d_c^(−β−1) over the c whose window holds j.
  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let x = point.inputs[0]
    let d = denominators(x)
    let gathered = neighbours(cotangent * x * power(d, -beta - 1), adjoint: true)
    return [cotangent * power(d, -beta) - 2 * beta * share * (x * gathered)]
  }

  /// The derivative of the pullback along ẋ.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let xDot = tangents[0] else { return nil }
    let x = point.inputs[0]
    let d = denominators(x)
    let dDot = drift(x, xDot)
    let first = power(d, -beta - 1)
    let still = neighbours(cotangent * x * first, adjoint: true)
    let moving = neighbours(
      cotangent * (xDot * first - (beta + 1) * (x * power(d, -beta - 2) * dDot)), adjoint: true)
    return [-beta * (cotangent * first * dDot) - 2 * beta * share * (xDot * still + x * moving)]
  }

  private var share: Float { alpha / Float(size) }

  private func denominators(_ x: Tensor) -> Tensor {
    Affine(scale: share, shift: bias).forward([neighbours(x * x, adjoint: false)])
  }

  private func drift(_ x: Tensor, _ xDot: Tensor) -> Tensor {
    2 * share * neighbours(x * xDot, adjoint: false)
  }

  private func power(_ d: Tensor, _ exponent: Float) -> Tensor { Elementwise(.power(exponent)).values(d) }

  /// Sums over the channels of the window around each channel, or over the channels whose window holds it.
  private func neighbours(_ x: Tensor, adjoint: Bool) -> Tensor {
    let (channels, plane) = (x.shape[1], x.shape.product(of: 2..<x.shape.rank))
    let (below, above) = adjoint ? (size / 2, (size - 1) / 2) : ((size - 1) / 2, size / 2)
    return Tensor(shape: x.shape) { out in
      out.update(repeating: 0)
      x.elements.withUnsafeBufferPointer { x in
        for p in 0..<x.planes(of: plane) {
          let c = p % channels
          for q in p - min(c, below)...p + min(channels - 1 - c, above) {
            for i in 0..<plane { out[p * plane + i] += x[q * plane + i] }
          }
        }
      }
    }
  }
}

private func * (x: Tensor, y: Tensor) -> Tensor { combine(.product, x, y) }
