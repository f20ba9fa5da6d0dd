import Networks
import Tensors
import TestSupport
import Testing

/// Operations that divide their work among threads when one image is alone.
@Suite struct DividedWorkTests {
  private static let cases: [OperationCase] = {
    let same = Window(kernel: [3, 3], before: [1, 1], after: [1, 1])
    let first = Window(kernel: [7, 7], strides: [2, 2], before: [3, 3], after: [3, 3])
    let large = Window(kernel: [5, 5], before: [2, 2], after: [2, 2])
    func filters(_ shape: Shape) -> Tensor { randomTensor(shape, seed: 5, deviation: 0.1) }
    func image(_ channels: Int, _ side: Int) -> Tensor { randomTensor([1, channels, side, side], seed: 6) }
    let halving = Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1])
    let half = Window(kernel: [2, 2], strides: [2, 2])
    return [
      OperationCase(
        "3×3", Convolution(weights: filters([40, 24, 3, 3]), bias: nil, window: same), [image(24, 30)]),
      OperationCase(
        "5×5", Convolution(weights: filters([32, 16, 5, 5]), bias: nil, window: large), [image(16, 32)]),
      OperationCase(
        "7×7 of stride 2", Convolution(weights: filters([48, 3, 7, 7]), bias: nil, window: first),
        [image(3, 60)]),
      OperationCase(
        "1×1",
        Convolution(weights: filters([70, 64, 1, 1]), bias: nil, window: Window(kernel: [1, 1])),
        [image(64, 23)]),
      OperationCase(
        "grouped", Convolution(weights: filters([64, 16, 3, 3]), bias: nil, window: same, groups: 2),
        [image(32, 28)]),
      OperationCase(
        "small planes", Convolution(weights: filters([256, 64, 3, 3]), bias: nil, window: same),
        [image(64, 5)]),
      OperationCase(
        "few tiles", Convolution(weights: filters([70, 64, 3, 3]), bias: nil, window: same), [image(64, 8)]),
      OperationCase(
        "strides", Convolution(weights: filters([80, 70, 3, 3]), bias: nil, window: halving), [image(70, 8)]),
      OperationCase(
        "dense", Dense(weights: filters([500, 300]), bias: nil), [randomTensor([1, 20, 300], seed: 7)]),
      OperationCase(
        "matrix product", MatrixProduct(),
        [randomTensor([1, 6, 60, 40], seed: 8), randomTensor([1, 6, 40, 60], seed: 9)]),
    ]
  }()

  @Test("The same bits on one thread and on several, and for an image among others", arguments: cases)
  func threads(of c: OperationCase) {
    defer { Threads.use(0) }
    func outcome(_ threads: Int, _ inputs: [Tensor]) -> [[Float]] {
      Threads.use(threads)
      let point = Point(
        inputs: inputs, output: c.operation.forward(inputs), varies: inputs.map { _ in true })
      let w = randomTensor(c.point.output.shape, seed: 20)
      let cotangent = Tensor(concatenating: Array(repeating: w, count: inputs[0].count))
      let size = c.inputs.map(\.elements.count)
      return [Array(point.output.elements.prefix(w.elements.count))]
        + zip(c.operation.pullback(cotangent, at: point), size).map { Array($0!.elements.prefix($1)) }
    }
    let alone = outcome(1, c.inputs)
    for threads in [2, 3, 4, 5, 16] { #expect(outcome(threads, c.inputs) == alone, "\(threads) threads") }
    #expect(
      outcome(1, c.inputs.map { Tensor(concatenating: Array(repeating: $0, count: 7)) }) == alone,
      "among others")
  }

  @Test("A maximum behind the filters, and its taps, are the same on several threads", arguments: [3, 7])
  func pooled(side: Int) {
    defer { Threads.use(0) }
    let window = Window(kernel: [side, side], before: [side / 2, side / 2], after: [side / 2, side / 2])
    let filters = Correlation(
      weights: randomTensor([40, 24, side, side], seed: 5, deviation: 0.1), window: window)
    let pooling = Pooling(
      Window(kernel: [2, 2], strides: [2, 2]), height: 32, width: 32, roundsUp: false)
    let x = randomTensor([1, 24, 32, 32], seed: 6)
    let outcomes = [1, 2, 3, 4, 5, 16].map { threads in
      Threads.use(threads)
      return filters.apply(x, rectifies: true, pooling: pooling, recordsTaps: true)
    }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.maxima == outcomes[0].maxima && outcome.taps == outcomes[0].taps)
    }
  }

  @Test("Several cotangents of one image go back on several threads as on one")
  func cotangents() throws {
    defer { Threads.use(0) }
    var graph = Graph(imageShape: [1, 3, 24, 24])
    let window = Window(kernel: [3, 3], before: [1, 1], after: [1, 1])
    let filters = Convolution(
      weights: randomTensor([32, 3, 3, 3], seed: 1, deviation: 0.3), bias: nil, window: window)
    let bent = graph.append(Rectifier(), of: [graph.append(filters, of: [.image])])
    let flat = graph.append(Reshape(entry: [32 * 24 * 24]), of: [bent])
    graph.append(
      Dense(weights: randomTensor([12, 32 * 24 * 24], seed: 2, deviation: 0.01), bias: nil), of: [flat])
    let network = try Network(graph)
    let x = randomTensor([1, 3, 24, 24], seed: 3)
    let unit = Tensor(shape: [12, 12], elements: (0..<144).map { $0 % 13 == 0 ? 1 : 0 })
    let rows = [1, 2, 3, 4, 5, 16].map { threads in
      Threads.use(threads)
      return network.linearize(at: x).pullbacks(unit, batches: 12)
    }
    for row in rows.dropFirst() { #expect(row == rows[0]) }
    let own = network.linearize(at: x).pullback(unit[7..<8])
    #expect(near(rows[0][7..<8], own) && own.norm > 0)
  }
}
