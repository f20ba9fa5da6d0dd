internal import Glibc
public import Tensors

/// y = x^(1/p) of numbers that are not negative; the slope counts as 0 at 0, where a norm has its kink.
public struct Root: PointwiseOperation {
  /// p ≥ 1.
  public let degree: Float

  /// - Parameter degree: p ≥ 1.
  public init(degree: Float) {
    precondition(degree >= 1, "a root of degree \(degree)")
    self.degree = degree
  }

  public var regularity: Regularity { degree == 1 ? .linear : .smooth }

  public func values(_ x: Tensor) -> Tensor {
    degree == 1 ? x : map(x) { degree == 2 ? $0.squareRoot() : powf($0, 1 / degree) }
  }

  public func slopes(_ x: Tensor) -> Tensor {
    map(x) { $0 > 0 ? powf($0, 1 / degree - 1) / degree : degree == 1 ? 1 : 0 }
  }

  public func bends(_ x: Tensor) -> Tensor? {
    if degree == 1 { return nil }
    return map(x) { $0 > 0 ? (1 / degree - 1) * powf($0, 1 / degree - 2) / degree : 0 }
  }

  private func map(_ x: Tensor, _ function: (Float) -> Float) -> Tensor {
    Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count { out[i] = function(x[i]) }
      }
    }
  }
}
