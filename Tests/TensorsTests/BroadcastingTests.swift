import Tensors
import TestSupport
import Testing

@Suite struct BroadcastingTests {
  static let pairs: [[Shape]] = [
    [[2, 3, 4], [2, 3, 4]], [[2, 3, 4], [4]], [[2, 3, 4], [3, 1]], [[2, 3, 4], [1]], [[2, 1, 4], [3, 1]],
    [[1, 3, 2, 2], [5, 1, 2, 1]], [[3], [2, 1]], [Shape([]), [2, 2]],
  ]

  private func at(_ x: Tensor, _ index: [Int]) -> Float {
    let own = index.suffix(x.shape.rank)
    return x.elements[
      zip(zip(own, x.shape.extents), x.shape.strides).reduce(0) { $0 + ($1.0.1 == 1 ? 0 : $1.0.0 * $1.1) }]
  }

  private func indices(_ s: Shape) -> [[Int]] {
    (0..<s.count).map { i in zip(s.extents, s.strides).map { i / $1 % $0 } }
  }

  @Test("Pairs are combined as numpy aligns them", arguments: pairs)
  func combinations(shapes: [Shape]) throws {
    let (a, b) = (randomTensor(shapes[0], seed: 1), randomTensor(shapes[1], seed: 2))
    let shape = try #require(shapes[0].broadcast(with: shapes[1]))
    for (pairing, f) in [
      (Pairing.sum, { $0 + $1 }), (.difference, { $0 - $1 }), (.product, { $0 * $1 }),
      (.quotient, { $0 / $1 }),
      (.maximum, { max($0, $1) }), (.minimum, { min($0, $1) }),
    ] as [(Pairing, (Float, Float) -> Float)] {
      let expected = indices(shape).map { f(at(a, $0), at(b, $0)) }
      let y = combine(pairing, a, b)
      #expect(y.shape == shape && y.elements == expected)
    }
  }

  @Test("Summing over repeated axes is the adjoint of repeating", arguments: pairs)
  func adjoint(shapes: [Shape]) throws {
    let shape = try #require(shapes[0].broadcast(with: shapes[1]))
    let y = randomTensor(shape, seed: 3)
    for s in shapes {
      let x = randomTensor(s, seed: 4)
      #expect(x.broadcast(to: shape).elements == indices(shape).map { at(x, $0) })
      #expect(abs(x.broadcast(to: shape).dot(y) - x.dot(y.summed(to: s))) < 1e-4)
    }
  }

  @Test("Shapes that do not align do not broadcast")
  func refusal() {
    #expect(Shape([2, 3]).broadcast(with: [2]) == nil)
    #expect(Shape([2, 3]).broadcast(with: [4, 3]) == nil)
  }

  @Test("Sums are right for every remainder of the vector length", arguments: 0..<20)
  func sums(count: Int) {
    #expect(sum((0..<max(1, count)).map(Float.init), count) == Float(count * (count - 1) / 2))
  }
}
