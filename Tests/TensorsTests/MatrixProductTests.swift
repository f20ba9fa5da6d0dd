import Tensors
import TestSupport
import Testing

@Suite struct MatrixProductTests {
  private func transposed(_ a: Tensor) -> Tensor {
    Tensor(shape: [a.shape[1], a.shape[0]]) { out in
      for i in 0..<out.count { out[i] = a.elements[i % a.shape[0] * a.shape[1] + i / a.shape[0]] }
    }
  }

  @Test("Products of every transposition equal the definition", arguments: [1, 2, 5], [1, 4])
  func transpositions(rows: Int, inner: Int) {
    let (a, b) = (randomTensor([rows, inner], seed: 1), randomTensor([inner, 3], seed: 2))
    let expected = Reference.product(a, b)
    for ta in [false, true] {
      for tb in [false, true] {
        var c = expected.elements
        multiply(
          (ta ? transposed(a) : a).elements, aTransposed: ta, (tb ? transposed(b) : b).elements,
          bTransposed: tb,
          into: &c, rows: rows, columns: 3, inner: inner, scale: 2, keeping: 1)
        #expect(near(c, expected.elements.map { 3 * $0 }))
      }
    }
  }

  @Test("A product over nothing is what was kept")
  func empty() {
    var c: [Float] = [1, 2]
    multiply([0], [0], into: &c, rows: 1, columns: 2, inner: 0, keeping: 0)
    #expect(c == [0, 0])
  }
}
