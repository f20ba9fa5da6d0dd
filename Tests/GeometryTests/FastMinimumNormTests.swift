import Networks
import Tensors
import Testing

@testable import Geometry

@Suite("Fast minimum-norm attack")
struct FastMinimumNormTests {
  private func found(_ network: Network, _ images: Tensor, steps: Int = 100) throws -> [Double?] {
    var attack = FastMinimumNorm(network, of: images, labels: try network.labels(images), steps: steps)
    while try attack.advance() {}
    #expect(attack.done == steps)
    return try attack.norms()
  }

  @Test("finds the distance of a plane within a thousandth, and never less")
  func plane() throws {
    let network = try TestNetworks.randomLinear(classes: 2, dimension: 12)
    let images = TestNetworks.images(40, dimension: 12)
    let exact = try DeepFool.perturbations(of: images, network)
    for (norm, distance) in zip(try found(network, images), exact.norms) {
      let norm = try #require(norm)
      #expect(norm > distance * (1 - 1e-4) && norm < distance * 1.001)
    }
  }

  @Test("reaches a sphere from inside along its radius")
  func ball() throws {
    let network = try TestNetworks.ball(2, dimension: 6)
    let images = TestNetworks.images(20, dimension: 6, scale: 0.3)
    for (n, norm) in try found(network, images).enumerated() {
      let distance = 2 - Tensors.norm(Array(images.entryElements(n)))
      #expect(abs(try #require(norm) - distance) < 2e-3 * distance)
    }
  }

  @Test("ends near the refined r of a network of rectifiers, shorter on some images and longer on others")
  func rectified() throws {
    let network = try TestNetworks.rectified(classes: 5, dimension: 12, hidden: 60)
    let images = TestNetworks.images(80, dimension: 12)
    var search = MinimumNorm(network, of: images, try DeepFool.perturbations(of: images, network))
    while try search.advance() != nil {}
    let refined = search.perturbations
    let ratios = zip(try found(network, images), refined.norms).compactMap { norm, r in norm.map { $0 / r } }
      .sorted()
    #expect(ratios.count == 80)
    #expect(ratios[40] < 1.02 && ratios[0] < 0.999)
  }

  @Test("gives nothing where there is no other label, and an image alone what it gives it among others")
  func alone() throws {
    let constant = try TestNetworks.linear(Tensor(zeros: [2, 6]), bias: [1, 0])
    #expect(try found(constant, TestNetworks.images(3, dimension: 6)).allSatisfy { $0 == nil })
    let network = try TestNetworks.rectified()
    let images = TestNetworks.images(12, dimension: network.imageShape.entry.count)
    let all = try found(network, images, steps: 30)
    #expect(try found(network, images[5..<6], steps: 30) == [all[5]])
  }
}
