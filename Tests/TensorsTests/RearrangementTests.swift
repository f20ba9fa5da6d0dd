import Tensors
import TestSupport
import Testing

@Suite struct RearrangementTests {
  private let x = randomTensor([3, 4], seed: 1)

  /// Transposed, reversed, padded, repeated.
  static let rearrangements: [[[Int]]] = [
    [[0, 1, 2, 3], [0, 4, 8]], [[8, 4, 0], [3, 2, 1, 0]], [[-1, 0, 4, 8, -1], [-1, 0, 1, 2, 3]],
    [[4], [1, 1, 1]], [[0, 4], [1, 2]],
  ]

  @Test("An element is the one at the sum of the offsets", arguments: rearrangements)
  func definition(offsets: [[Int]]) {
    let y = Rearrangement(offsets).gather(x, as: [offsets[0].count, offsets[1].count], filling: 9)
    let expected = offsets[0].flatMap { a in
      offsets[1].map { b in a < 0 || b < 0 ? 9 : x.elements[a + b] }
    }
    #expect(y.elements == expected)
  }

  @Test("Gathering and scattering are adjoint", arguments: rearrangements)
  func adjoint(offsets: [[Int]]) {
    let rearrangement = Rearrangement(offsets)
    let w = randomTensor(rearrangement.shape, seed: 2)
    let product = rearrangement.gather(x, as: rearrangement.shape).dot(w)
    #expect(abs(product - x.dot(rearrangement.scatter(w, to: x.shape))) < 1e-5)
  }
}
