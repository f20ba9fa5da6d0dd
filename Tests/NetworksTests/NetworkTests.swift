import Networks
import Tensors
import TestSupport
import Testing

@Suite struct NetworkTests {
  private let network = SmallNetworks.rectified(seed: 1)

  @Test(
    "A batch gives what its images give, whatever its size and the number of threads",
    arguments: [1, 2, 7, 33, 260])
  func batches(count: Int) throws {
    let x = randomTensor([count, 2, 6, 6], seed: 2)
    let together = try network.logits(x)
    #expect(together.shape == [count, 4])
    for n in 0..<count { #expect(try together.entry(n) == network.logits(x.entry(n))) }
  }

  @Test("Images go in tiles unless the graph mixes the entries of a batch")
  func tiles() throws {
    #expect(network.tile == 56)
    var costly = Graph(imageShape: [1, 128, 32, 32])
    let weights = randomTensor([128, 128, 3, 3], seed: 1)
    let window = Window(kernel: [3, 3], before: [1, 1], after: [1, 1])
    costly.append(Convolution(weights: weights, bias: nil, window: window), of: [.image])
    #expect(try Network(costly).tile == 16)
    let operations: [(any Operation, tile: Int)] = [
      (Softmax(axis: 0), 1), (Total(axes: [0], keepsAxes: true), 1),
      // Of one image: whose values lie the same behind a batch.
      (Reshape(exactly: [1, 72]), 56),
    ]
    for (operation, tile) in operations {
      var graph = Graph(imageShape: [1, 2, 6, 6])
      graph.append(operation, of: [.image])
      let mixed = try Network(graph)
      #expect(mixed.tile == tile)
      let x = randomTensor([3, 2, 6, 6], seed: 2)
      #expect(try mixed.logits(x).entry(1) == mixed.logits(x.entry(1)))
    }
  }

  @Test("Labels are the first of the largest logits")
  func labels() throws {
    let identity = try Network(Graph(imageShape: [1, 3]))
    #expect(try identity.labels(Tensor(shape: [2, 3], elements: [1, 5, 5, 0, -1, -2])) == [1, 0])
  }

  @Test("An interrupted network throws")
  func interruption() {
    let interruption = Interruption()
    let interruptible = network.interruptible(by: interruption)
    interruption.interrupt()
    #expect(throws: Interrupted.self) { try interruptible.logits(Tensor(zeros: [1, 2, 6, 6])) }
  }

  @Test("Shapes that do not fit name the operation")
  func shapes() {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    graph.append(Dense(weights: Tensor(zeros: [3, 5]), bias: nil), of: [.image], name: "fc", type: "Gemm")
    let error = #expect(throws: ShapeError.self) { try Network(graph) }
    #expect(error?.description.contains("Gemm 'fc'") == true)
    #expect(error?.description.contains("1×2×6×6") == true)
  }

  @Test("Products with constants leave a network piecewise linear, others make it smooth")
  func regularity() throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let factor = graph.constant(randomTensor([2, 6, 6], seed: 1))
    graph.append(Rectifier(), of: [graph.append(Multiplication(), of: [.image, factor])])
    #expect(try Network(graph).regularity == .piecewiseLinear)
    graph.append(Multiplication(), of: [graph.output, .image])
    #expect(try Network(graph).regularity == .smooth)
    #expect(network.softened(beta: 1).regularity == .smooth)
  }

  @Test("Parameters and multiply-adds are counted")
  func counts() {
    #expect(network.parameterCount == 4 * 2 * 9 + 4 + 5 * 4 * 9 + 5 + 4 * 45 + 4)
    #expect(network.multiplyAdds == 4 * 2 * 9 * 36 + 5 * 4 * 9 * 9 + 4 * 45)
  }

  @Test("The margin of a region is the largest of its pair margins")
  func margins() throws {
    let x = randomTensor([2, 2, 6, 6], seed: 2)
    let region = try network.values(of: Margin.region(own: [0, 2]), at: x)
    for n in 0..<2 {
      let own = [0, 2][n]
      let pairs = try (0..<4).filter { $0 != own }.map {
        try network.values(of: Margin.pair(own: [own], other: [$0]), at: x.entry(n))[0]
      }
      #expect(abs(region[n] - pairs.max()!) < 1e-5)
    }
  }

  @Test("Equal scores share alike, however large they are")
  func largeScores() {
    let scores = Tensor(repeating: 9e9, shape: [1, 1000])
    #expect(near(Softmax(axis: 1).forward([scores]), Tensor(repeating: 0.001, shape: [1, 1000]), 1e-5))
    let margins = Tensor(shape: [1, 2], elements: [1e6, 1e6 + 1])
    #expect(
      near(
        LogSoftmax(axis: 1).forward([margins]), Tensor(shape: [1, 2], elements: [-1.313_262, -0.313_262]),
        1e-5))
  }
}
