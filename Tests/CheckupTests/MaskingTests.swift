import Experiments
import Geometry
import Networks
import Tensors
import TestSupport
import Testing

@testable import Checkup

@Suite("Masking")
struct MaskingTests {
  /// f = (w·x − b, 0): the boundary is a plane.
  private func plane(_ size: Int, seed: UInt64) throws -> (Network, [Float], Float) {
    var generator = SeededGenerator(seed: seed)
    let raw = generator.unitVector(3 * size * size)
    // Half of the images on either side.
    let mean = raw.reduce(0, +) / Float(raw.count)
    let w = raw.map { $0 - mean }
    let weights = Tensor(shape: [2, w.count], elements: w + [Float](repeating: 0, count: w.count))
    return (SmallNetworks.linear(weights: weights, bias: [-0.1, 0], imageShape: [1, 3, size, size]), w, 0.1)
  }

  private func images(_ count: Int, _ size: Int) -> Tensor {
    var generator = SeededGenerator(seed: 9)
    return Tensor(
      shape: [count, 3, size, size],
      elements: (0..<count * 3 * size * size).map { _ in Float(generator.uniform()) })
  }

  @Test("A walk that sees labels alone comes near the distance of a plane, and never below it")
  func walk() throws {
    let (network, w, b) = try plane(4, seed: 1)
    let x = images(24, 4)
    let labels = try network.labels(x)
    var walk = try BoundaryWalk(network, of: x, labels: labels, queries: 800)
    while try walk.advance() {}
    #expect(walk.spent == 800)
    for n in 0..<24 {
      let distance = abs(dot(Array(x.entryElements(n)), w) - Double(b)) / norm(w)
      let found = try #require(walk.norms[n])
      #expect(found > distance * 0.999)
      #expect(found < distance * 1.6 + 0.02)
    }
  }

  @Test("A sound classifier shows no masking: every image reaches a boundary, no walk is shorter")
  func sound() throws {
    let (network, _, _) = try plane(6, seed: 2)
    let subject = Subject(
      classifier: Classifier(network: network, name: "plane", classNames: [], digest: "p"),
      images: ImageSet(name: "x", images: images(16, 6)))
    let context = ExperimentContext<Masking.Outcome> { _, _ in }
    let found = try Masking(queries: 60).run(on: subject, context)
    #expect(found.reached == 16 && found.beaten == 0)
    #expect(found.noise < 0.05)
    #expect(found.oneStep <= found.iterative + 0.1)
  }

  @Test("Peaks of rectified channels: one that is pushed below zero is dead, the others are not")
  func peaks() throws {
    var graph = Graph(imageShape: [1, 1, 4, 4])
    let conv = graph.append(
      Convolution(
        weights: Tensor(shape: [3, 1, 1, 1], elements: [1, 1, -1]), bias: [0, -9, 0.5],
        window: Window(kernel: [1, 1])), of: [.image])
    let relu = graph.append(Rectifier(), of: [conv])
    let flat = graph.append(Reshape(entry: [48]), of: [relu])
    graph.append(
      Dense(weights: Tensor(repeating: 0.1, shape: [2, 48]), bias: [0, 1]), of: [flat])
    let network = try Network(graph)
    let x = Tensor(shape: [2, 1, 4, 4], elements: (0..<32).map { Float($0) / 32 })
    let peaks = try network.channelPeaks(at: x)
    #expect(peaks.count == 1 && peaks[0].dead == 1)
    #expect(peaks[0].peaks == [31.0 / 32, 0, 0.5])
  }

  @Test("AUROC by hand, ties counting half")
  func auroc() {
    #expect(Outliers.auroc([0.9, 0.8], [0.1, 0.2]) == 1)
    #expect(Outliers.auroc([0.5, 0.5], [0.5, 0.5]) == 0.5)
    #expect(Outliers.auroc([0.9, 0.3], [0.5, 0.3]) == (2 + 0.5) / 4)
  }
}
