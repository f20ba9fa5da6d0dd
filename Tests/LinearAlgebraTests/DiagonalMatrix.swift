import LinearAlgebra
import Tensors

/// A diagonal matrix in a basis turned by Householder's reflection, so that no coordinate axis is special.
struct DiagonalMatrix: SymmetricOperator {
  let values: [Float]
  var axis: [Float]

  init(_ values: [Float], turned: Bool = true) {
    self.values = values
    var generator = SeededGenerator(seed: 42)
    axis = turned ? generator.unitVector(values.count) : [Float](repeating: 0, count: values.count)
  }

  var dimension: Int { values.count }

  func product(_ v: [Float]) -> [Float] { reflect(zip(values, reflect(v)).map { $0 * $1 }) }

  func eigenvector(_ i: Int) -> [Float] {
    reflect((0..<dimension).map { $0 == i ? 1 : 0 })
  }

  private func reflect(_ v: [Float]) -> [Float] {
    var reflected = v
    add(-2 * Float(dot(v, axis)), axis, to: &reflected)
    return reflected
  }
}

/// A · v, but asked to stop at a product.
struct Stopping: SymmetricOperator {
  let matrix: DiagonalMatrix
  let interruption: Interruption
  var dimension: Int { matrix.dimension }

  func product(_ v: [Float]) throws -> [Float] {
    try interruption.check()
    return matrix.product(v)
  }
}

/// A(v)ᵢ = dᵢ·vᵢ + bᵢ·vᵢ·|vᵢ|/‖v‖: homogeneous and odd as a secant product is, but not additive.
struct BentDiagonal: SymmetricOperator {
  let values: [Float]
  let bend: [Float]

  init(_ values: [Float], bend: [Float]) {
    self.values = values
    self.bend = bend
  }

  var dimension: Int { values.count }

  func product(_ v: [Float]) -> [Float] {
    let length = Float(norm(v))
    return v.indices.map { values[$0] * v[$0] + (length > 0 ? bend[$0] * v[$0] * abs(v[$0]) / length : 0) }
  }
}
