import LinearAlgebra
import Tensors
import Testing

@Suite("Subspace")
struct SubspaceTests {
  private func random(_ count: Int, _ dimension: Int, seed: UInt64) -> Subspace {
    var generator = SeededGenerator(seed: seed)
    return Subspace.random(count: count, dimension: dimension, using: &generator)
  }

  @Test("a basis is orthonormal, and vectors that depend on others are dropped")
  func spanning() {
    let subspace = Subspace(
      spanning: [[1, 1, 0, 0], [2, 2, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 3, 0, 1]], dimension: 4)
    #expect(subspace.count == 3)
    for i in 0..<3 {
      for j in 0...i { #expect(abs(dot(subspace[i], subspace[j]) - (i == j ? 1 : 0)) < 1e-6) }
    }
    #expect(subspace.projection(of: [0, 0, 5, 0]).allSatisfy { abs($0) < 1e-6 })
  }

  @Test("projecting twice is projecting once, and what is left is orthogonal")
  func projection() {
    let subspace = random(5, 40, seed: 1)
    var generator = SeededGenerator(seed: 2)
    let v = generator.gaussianVector(40)
    let p = subspace.projection(of: v)
    #expect(zip(p, subspace.projection(of: p)).allSatisfy { abs($0 - $1) < 1e-5 })
    let rest = zip(v, p).map { $0 - $1 }
    #expect(subspace.coordinates(of: rest).allSatisfy { abs($0) < 1e-5 })
  }

  @Test("draws are unit vectors of the subspace, the same for the same seed")
  func draws() {
    let subspace = random(3, 30, seed: 3)
    var a = SeededGenerator(seed: 5)
    var b = SeededGenerator(seed: 5)
    let v = subspace.draw(using: &a)
    #expect(v == subspace.draw(using: &b))
    #expect(v != subspace.draw(using: &a))
    #expect(abs(norm(v) - 1) < 1e-6)
    #expect(abs(norm(subspace.projection(of: v)) - 1) < 1e-6)
  }

  @Test(
    "principal angles of planes that share a line and open by a known angle", arguments: [1e-4, 0.3, 1.2])
  func angles(opening: Double) {
    let a = Subspace(orthonormal: [1, 0, 0, 0, 0, 1, 0, 0], dimension: 4)
    let (c, s) = (Float(_cosine(opening)), Float(_sine(opening)))
    let b = Subspace(orthonormal: [1, 0, 0, 0, 0, c, s, 0], dimension: 4)
    let angles = a.angles(to: b)
    #expect(abs(angles[0]) < 1e-6)
    #expect(abs(angles[1] - opening) < 1e-6)
    #expect(abs(a.cosines(to: b)[1] - Double(c)) < 1e-6)
  }

  @Test("cosines do not depend on the order or on the basis, and random subspaces are far apart")
  func cosines() {
    let a = random(10, 500, seed: 8)
    let b = random(10, 500, seed: 9)
    #expect(zip(a.cosines(to: b), b.cosines(to: a)).allSatisfy { abs($0 - $1) < 1e-6 })
    // The largest cosine of two random m-subspaces of ℝᵈ is near 2·√(m/d).
    #expect(a.cosines(to: b)[0] < 0.4)
    let turned = Subspace(
      spanning: (0..<10).map { i in zip(a[i], a[(i + 1) % 10]).map { $0 + 0.5 * $1 } }, dimension: 500)
    #expect(a.cosines(to: turned).allSatisfy { $0 > 1 - 1e-5 })
    #expect(a.cosines(to: b.prefix(4)).count == 4)
  }

  private func _sine(_ x: Double) -> Double {
    var term = x
    var sum = x
    for n in 1..<12 {
      term *= -x * x / Double(2 * n * (2 * n + 1))
      sum += term
    }
    return sum
  }

  private func _cosine(_ x: Double) -> Double { (1 - _sine(x) * _sine(x)).squareRoot() }
}
