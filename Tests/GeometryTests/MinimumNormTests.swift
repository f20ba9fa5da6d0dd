import Networks
import Tensors
import Testing

@testable import Geometry

@Suite("Minimum-norm search")
struct MinimumNormTests {
  private func searched(_ network: Network, _ images: Tensor) throws -> (
    deepFool: MinimalPerturbations, found: MinimalPerturbations
  ) {
    let deepFool = try DeepFool.perturbations(of: images, network)
    var search = MinimumNorm(network, of: images, deepFool)
    while let left = try search.advance() { #expect(left <= images.count) }
    return (deepFool, search.perturbations)
  }

  @Test("ends at the nearest point of an ellipsoid, where DeepFool follows the long axis")
  func ellipsoid() throws {
    // F = ½ Σ a x² − ½ with half axes 1/√a: 2 along the first, 1 along the others.
    let diagonal: [Float] = [0.25, 1, 1, 1]
    let network = try TestNetworks.quadric(diagonal, [0, 0, 0, 0], -0.5)
    let images = Tensor(
      shape: [4, 1, 1, 4],
      elements: [0.5, 0.02, 0, 0, 0.8, -0.03, 0.01, 0, 1, 0.02, 0.02, 0.02, 0.9, 0.3, 0, 0])
    let (deepFool, found) = try searched(network, images)
    for n in 0..<4 {
      let nearest = Self.distance(from: Array(images.entryElements(n)), diagonal, -0.5)
      #expect(deepFool.norms[n] > 1.02 * nearest)
      #expect(abs(found.norms[n] - nearest) < 2e-3 * nearest)
      #expect(found.cosines[n] > 0.999)
    }
  }

  @Test("comes within a thousandth of the nearest point of quadrics of every kind, and lengthens no r")
  func quadrics() throws {
    let diagonal: [Float] = [1, 8, 0.2, -3]
    let network = try TestNetworks.quadric(diagonal, [0, 0, 0, 0], -1)
    let images = TestNetworks.images(60, dimension: 4, scale: 0.3)
    let (deepFool, found) = try searched(network, images)
    let reached = found.fooledIndices
    #expect(reached.count > 55)
    let ratios = reached.map { n in
      found.norms[n] / Self.distance(from: Array(images.entryElements(n)), diagonal, -1)
    }.sorted()
    #expect(ratios[0] > 1 - 1e-4)
    #expect(ratios[ratios.count / 2] < 1.001)
    #expect(zip(found.norms, deepFool.norms).allSatisfy { $0 <= $1 })
    #expect(found.residuals.max()! < 1e-4)
  }

  @Test("leaves the r of a linear classifier as they are, and lets its images go early")
  func linear() throws {
    let network = try TestNetworks.randomLinear(classes: 4, dimension: 8)
    let images = TestNetworks.images(20, dimension: 8)
    let deepFool = try DeepFool.perturbations(of: images, network)
    var search = MinimumNorm(network, of: images, deepFool)
    while try search.advance() != nil {}
    for (a, b) in zip(search.perturbations.norms, deepFool.norms) { #expect(abs(a - b) < 1e-4 * b) }
    #expect(search.steps < 20)
  }

  @Test("lands on the boundary of a network of rectifiers, with the label of the other side beyond it")
  func rectified() throws {
    let network = try TestNetworks.rectified(classes: 5, dimension: 12, hidden: 60)
    let images = TestNetworks.images(80, dimension: 12)
    let (deepFool, found) = try searched(network, images)
    #expect(zip(found.norms, deepFool.norms).allSatisfy { $0 <= $1 })
    #expect(found.norms.reduce(0, +) < 0.98 * deepFool.norms.reduce(0, +))
    let reached = found.fooledIndices
    let x = images.gathering(reached)
    let beyond = try network.labels(x.adding(1.001, found.gathering(reached).perturbations))
    let before = try network.labels(x.adding(0.999, found.gathering(reached).perturbations))
    #expect(zip(beyond, reached).filter { $0 != found.to[$1] }.count <= 2)
    #expect(zip(before, reached).filter { $0 != found.from[$1] }.count <= 2)
  }

  @Test("gives an image alone what it gives it among others, and keeps what was not found as it is")
  func alone() throws {
    let network = try TestNetworks.rectified()
    let images = TestNetworks.images(10, dimension: 12)
    let (_, all) = try searched(network, images)
    let (_, one) = try searched(network, images[3..<4])
    #expect(abs(all.norms[3] - one.norms[0]) < 1e-5)
    let flat = try TestNetworks.linear(Tensor(zeros: [3, 12]), bias: [1, 0, 0])
    let (_, none) = try searched(flat, images)
    #expect(none.norms == [Double](repeating: 0, count: 10) && none.fooledIndices.isEmpty)
  }

  @Test("is taken for all images where a pass is cheap, and not at all where it is not asked for")
  func ways() throws {
    let network = try TestNetworks.rectified()
    let images = TestNetworks.images(10, dimension: 12)
    let found = try DeepFool.perturbations(of: images, network)
    let reached = found.fooledIndices.count
    let (refined, ways) = try Refinement.automatic.refined(found, of: images, network)
    #expect(ways.filter { $0 == .minimal }.count == reached)
    #expect(refined.norms.reduce(0, +) < found.norms.reduce(0, +))
    let (same, none) = try Refinement.none.refined(found, of: images, network)
    #expect(same.norms == found.norms && none.allSatisfy { $0 == .none })
  }

  /// The distance from x to ½ Σ a y² + e = 0: over the roots of y = x / (1 + λa), found on a fine grid of λ.
  private static func distance(from x: [Float], _ diagonal: [Float], _ constant: Double) -> Double {
    let (x, a) = (x.map(Double.init), diagonal.map(Double.init))
    func point(_ lambda: Double) -> [Double] { zip(x, a).map { $0 / (1 + lambda * $1) } }
    func value(_ lambda: Double) -> Double {
      zip(point(lambda), a).reduce(constant) { $0 + 0.5 * $1.1 * $1.0 * $1.0 }
    }
    var best = Double.infinity
    var previous = -20.0
    for i in 1...400_000 {
      let next = -20 + 1e-4 * Double(i)
      if (value(previous) < 0) != (value(next) < 0),
        a.allSatisfy({ (1 + previous * $0) * (1 + next * $0) > 0 })
      {
        var (low, high) = (previous, next)
        for _ in 0..<50 {
          let middle = (low + high) / 2
          if (value(middle) < 0) == (value(low) < 0) { low = middle } else { high = middle }
        }
        let square = zip(point(low), x).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        best = min(best, square.squareRoot())
      }
      previous = next
    }
    return best
  }
}
