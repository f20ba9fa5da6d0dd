import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite("Stages of a plan") struct StagesTests {
  /// Large planes with a path around a convolution, a maximum, then small planes, and a last layer.
  private func graph(readsImageAgain: Bool = false) -> Graph {
    func filters(_ outputs: Int, _ inputs: Int, _ seed: UInt64) -> Convolution {
      Convolution(
        weights: randomTensor([outputs, inputs, 3, 3], seed: seed, deviation: 0.2), bias: nil,
        window: Window(kernel: [3, 3], before: [1, 1], after: [1, 1]))
    }
    var graph = Graph(imageShape: [1, 8, 128, 128])
    let first = graph.append(filters(8, 8, 1), of: [.image])
    let bent = graph.append(Rectifier(), of: [first])
    let around = graph.append(filters(8, 8, 2), of: [bent])
    let sum = graph.append(Addition(), of: [around, bent])
    let whole = readsImageAgain ? graph.append(Addition(), of: [sum, .image]) : sum
    let pooled = graph.append(MaxPool(window: Window(kernel: [4, 4], strides: [4, 4])), of: [whole])
    let second = graph.append(filters(6, 8, 3), of: [pooled])
    let kinked = graph.append(Rectifier(), of: [second])
    graph.append(Mean(axes: [2, 3], keepsAxes: false), of: [kinked])
    return graph
  }

  @Test("Large values pass few images at a time, small ones all; nothing is cut that is read around")
  func parts() throws {
    let plan = graph().fused()
    let stages = plan.stages()
    #expect(stages.map(\.nodes.lowerBound) == [0] + stages.dropLast().map(\.nodes.upperBound))
    #expect(stages.last?.nodes.upperBound == plan.nodes.count)
    #expect(stages.map(\.images) == [4, .max])
    let names = plan.nodes[stages[1].nodes].map { "\(type(of: $0.operation))" }
    #expect(names == ["ConvolutionBlock", "Mean"])
  }

  @Test("A value that is read much later holds everything between in one stage")
  func image() {
    let plan = graph(readsImageAgain: true).fused()
    let stages = plan.stages()
    #expect(stages.count == 2)
    let reader = plan.nodes.lastIndex { $0.inputs.contains(.image) }!
    #expect(stages[0].nodes.contains(reader))
  }

  @Test("Weights that outnumber the values pass all images together")
  func weights() {
    var graph = Graph(imageShape: [1, 600, 1, 1])
    let flat = graph.append(Reshape(entry: [600]), of: [.image])
    graph.append(Dense(weights: Tensor(zeros: [600, 600]), bias: nil), of: [flat])
    #expect(graph.stages().map(\.images) == [.max])
  }

  @Test("A batch in parts gives what its images give", arguments: [false, true], [1, 3, 9, 32])
  func batches(readsImageAgain: Bool, count: Int) throws {
    let network = try Network(graph(readsImageAgain: readsImageAgain))
    let x = randomTensor([count, 8, 128, 128], seed: 4)
    let together = try network.logits(x)
    #expect(together.shape == [count, 6])
    #expect(together == network.linearize(at: x).logits)
    for n in [0, count / 2, count - 1] {
      #expect(try together.entry(n) == network.logits(x.entry(n)))
    }
  }
}
