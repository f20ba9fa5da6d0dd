import TestSupport
import Testing

@testable import Tensors

@Suite("Dense products with zeros among the inputs") struct DenseProductTests {
  /// Inputs, outputs, rows, how far rows with one gate lie apart: panels and parts of one, one row and more than a tile
  /// has.
  static let sizes: [[Int]] = [
    [200, 130, 1, 1], [96, 40, 5, 1], [64, 300, 30, 3], [64, 300, 30, 1], [1, 7, 3, 3],
    [600, 100, 31, 1], [600, 100, 1, 1],
  ]

  /// Three of four columns of the rows that share a gate are zero.
  private func sparse(_ rows: Int, _ columns: Int, period: Int) -> Tensor {
    let dense = randomTensor([rows, columns], seed: 3)
    let elements = dense.elements.indices.map { i -> Float in
      let (row, column) = (i / columns, i % columns)
      return (row % period + column) % 4 == 0 ? dense.elements[i] : 0
    }
    return Tensor(shape: dense.shape, elements: elements)
  }

  /// Σ over k in order, fused, as the kernels take it.
  private func product(_ x: Tensor, _ w: (_ output: Int, _ k: Int) -> Float, _ outputs: Int) -> Tensor {
    let depth = x.shape[1]
    return Tensor(
      shape: [x.shape[0], outputs],
      elements: (0..<x.shape[0] * outputs).map { i in
        (0..<depth).reduce(Float(0)) { sum, k in
          sum.addingProduct(x.elements[i / outputs * depth + k], w(i % outputs, k))
        }
      })
  }

  /// To the bit, but for kernels whose products may be rounded before they are added.
  private func expect(
    _ expected: Tensor, of weights: Tensor,
    _ product: (DenseProduct, UnsafeMutablePointer<Float>) -> Void
  ) {
    for kernels in Kernels.available {
      let factor = DenseProduct(weights: weights, kernels: kernels)
      let found = Tensor(shape: expected.shape) { product(factor, $0.baseAddress!) }
      #expect(kernels.name == "portable" ? near(found, expected, 1e-6) : found == expected, "\(kernels.name)")
    }
  }

  @Test("Inputs left out change no bit", arguments: sizes)
  func forward(size: [Int]) {
    let weights = randomTensor([size[1], size[0]], seed: 1)
    let x = sparse(size[2], size[0], period: 1)
    let expected = product(x, { weights.elements[$0 * size[0] + $1] }, size[1])
    expect(expected, of: weights) { $0.apply(x.elements, rows: size[2], bias: nil, into: $1) }
  }

  @Test("Rows that share their zeros lie a period apart", arguments: sizes)
  func adjoint(size: [Int]) {
    let weights = randomTensor([size[1], size[0]], seed: 1)
    let w = sparse(size[2], size[1], period: size[3])
    let expected = product(w, { weights.elements[$1 * size[0] + $0] }, size[0])
    expect(expected, of: weights) { $0.adjoint(w.elements, rows: size[2], period: size[3], into: $1) }
  }
}
