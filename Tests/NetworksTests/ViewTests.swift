import TestSupport
import Testing

@testable import Networks
@testable import Tensors

@Suite("Movements of elements put together") struct ViewTests {
  /// The logits of one image, node by node as the graph says.
  private func plainLogits(_ graph: Graph, _ image: Tensor) -> [Float] {
    var values: [Tensor] = []
    for node in graph.nodes {
      values.append(
        node.operation.forward(
          node.inputs.map {
            switch $0 {
            case .image: image
            case .constant(let k): graph.constants[k]
            case .node(let i): values[i]
            }
          }))
    }
    return values.last!.elements
  }

  /// One block of a transformer with the tokens in front, as PyTorch's own attention is exported.
  private var tokensFirst: Graph {
    var graph = Graph(imageShape: [1, 3, 4, 4])
    func dense(_ outputs: Int, _ inputs: Int, _ seed: UInt64) -> Dense {
      Dense(weights: randomTensor([outputs, inputs], seed: seed, deviation: 0.4), bias: nil)
    }
    let patches = Convolution(
      weights: randomTensor([8, 3, 2, 2], seed: 1, deviation: 0.4), bias: nil,
      window: Window(kernel: [2, 2], strides: [2, 2]))
    var x = graph.append(patches, of: [.image])
    x = graph.append(Reshape(entry: [8, 4]), of: [x])
    x = graph.append(Transpose(permutation: [0, 2, 1]), of: [x])
    var y = graph.append(Transpose(permutation: [1, 0, 2]), of: [x])
    y = graph.append(dense(24, 8, 2), of: [y])
    y = graph.append(Reshape(exactly: [4, 1, 3, 8]), of: [y])
    y = graph.append(Reshape(exactly: [1, 4, 1, 3, 8]), of: [y])
    y = graph.append(Transpose(permutation: [3, 1, 2, 0, 4]), of: [y])
    y = graph.append(Reshape(exactly: [3, 4, 1, 8]), of: [y])
    let parts = (0..<3).map { i in
      var part = graph.append(Gather(indices: [i], axis: 0, indexShape: []), of: [y])
      part = graph.append(Reshape(exactly: [4, 2, 4]), of: [part])
      return graph.append(Transpose(permutation: [1, 0, 2]), of: [part])
    }
    let keys = graph.append(Transpose(permutation: [0, 2, 1]), of: [parts[1]])
    let scores = graph.append(MatrixProduct(), of: [parts[0], keys])
    let p = graph.append(Softmax(axis: -1), of: [graph.append(Affine(scale: 0.5, shift: 0), of: [scores])])
    var z = graph.append(MatrixProduct(), of: [p, parts[2]])
    z = graph.append(Transpose(permutation: [1, 0, 2]), of: [z])
    z = graph.append(Reshape(exactly: [4, 8]), of: [z])
    z = graph.append(dense(8, 8, 3), of: [z])
    z = graph.append(Reshape(exactly: [4, 1, 8]), of: [z])
    z = graph.append(Transpose(permutation: [1, 0, 2]), of: [z])
    z = graph.append(Addition(), of: [z, x])
    graph.append(Mean(axes: [1], keepsAxes: false), of: [z])
    return graph
  }

  @Test(
    "A transformer whose file puts tokens first takes several images at once, and they keep apart",
    arguments: [true, false])
  func batches(isSimplified: Bool) throws {
    let graph = isSimplified ? tokensFirst.simplified() : tokensFirst
    let network = try Network(graph)
    #expect(network.keepsBatchesApart)
    let x = randomTensor([5, 3, 4, 4], seed: 9)
    let logits = try network.logits(x)
    for n in 0..<5 {
      let alone = plainLogits(tokensFirst, x.entry(n))
      #expect(near(logits.entry(n), Tensor(shape: [1, 8], elements: alone), 1e-5))
      #expect(try network.logits(x.entry(n)).elements == logits.entry(n).elements)
    }
  }

  @Test("Gradients of several images are those of each, and J and its adjoint agree")
  func derivatives() throws {
    let network = try Network(tokensFirst.simplified())
    let x = randomTensor([3, 3, 4, 4], seed: 9)
    let point = network.linearize(at: x)
    let (v, w) = (randomTensor(x.shape, seed: 4), randomTensor([3, 8], seed: 5))
    #expect(abs(point.pushforward(v).dot(w) - point.pullback(w).dot(v)) < 1e-4)
    let margin = Margin.pair(own: [0, 1, 2], other: [3, 4, 5])
    let together = try network.gradients(of: margin, at: x).gradients
    for n in 0..<3 {
      let alone = try network.gradients(of: Margin.pair(own: [n], other: [n + 3]), at: x.entry(n)).gradients
      #expect(near(together.entry(n), alone, 1e-5))
    }
  }

  @Test("Channels turned round and put last and first again are the same picture's")
  func backwards() throws {
    var graph = Graph(imageShape: [1, 3, 4, 4])
    var y = graph.append(Transpose(permutation: [0, 2, 3, 1]), of: [.image])
    y = graph.append(Gather(indices: [2, 1, 0], axis: 3, indexShape: [3]), of: [y])
    y = graph.append(Slice(axes: [1], starts: [3], ends: [-1], steps: [-1]), of: [y])
    y = graph.append(Reshape(entry: [16, 3]), of: [y])
    graph.append(Dense(weights: randomTensor([2, 3], seed: 3), bias: nil), of: [y])
    let network = try Network(graph)
    let x = randomTensor([2, 3, 4, 4], seed: 9)
    for n in 0..<2 {
      let alone = plainLogits(graph, x.entry(n))
      #expect(near(try network.logits(x).entry(n), Tensor(shape: [1, 32], elements: alone), 1e-6))
    }
  }

  @Test("Whatever moves and repeats elements: Jᵀ is the transpose of J", arguments: 0..<60)
  func chains(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), stream: 5)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    var graph = Graph(imageShape: [1, 2, 3, 2])
    var (value, shape) = (Operand.image, Shape([1, 2, 3, 2]))
    for _ in 0..<number(2...5) {
      let operation: any Operation
      let axis = number(1...shape.rank - 1)
      switch number(0...4) {
      case 0:
        let count = number(1...4)
        let index = number(0...1) == 0 ? number(0...shape[axis] - 1) : nil
        operation = Gather(
          indices: (0..<count).map { _ in index ?? number(0...shape[axis] - 1) }, axis: axis,
          indexShape: [count])
      case 1:
        operation = Transpose(permutation: [0] + (1..<shape.rank).shuffled(using: &generator))
      case 2:
        operation = Slice(
          axes: [axis], starts: [shape[axis] - 1], ends: [-1], steps: [number(-2 ... -1)])
      case 3:
        operation = Expansion(
          to: Shape([1] + (1..<shape.rank).map { shape[$0] == 1 ? number(1...3) : shape[$0] }))
      default:
        let entry = shape.entry.count
        let rows = (1...entry).filter { entry % $0 == 0 }.randomElement(using: &generator) ?? 1
        operation = Reshape(entry: [rows, entry / rows])
      }
      value = graph.append(operation, of: [value])
      shape = try operation.outputShape([shape])
      guard shape.rank > 1, shape.count < 2000 else { break }
    }
    graph.append(Reshape(entry: [shape.entry.count]), of: [value])
    let network = try Network(graph)
    let x = randomTensor([2, 2, 3, 2], seed: 3)
    let point = network.linearize(at: x)
    #expect(point.logits.entry(0).elements == plainLogits(graph, x.entry(0)))
    let w = randomTensor(point.logits.shape, seed: 4)
    let back = point.pullback(w)
    for i in 0..<x.entryCount {
      var v = Tensor(zeros: x.shape)
      (v.elements[i], v.elements[x.entryCount + i]) = (1, 1)
      let ahead = zip(try network.logits(x + v).elements, point.logits.elements).map { $0 - $1 }
      for n in 0..<2 {
        let moved = (0..<network.classCount).reduce(Float(0)) {
          $0 + ahead[n * network.classCount + $1] * w.elements[n * network.classCount + $1]
        }
        #expect(abs(moved - back.entry(n).elements[i]) < 1e-3)
      }
    }
  }

  @Test("Axes that merge, split and drop keep the elements' order; others need them in place")
  func reshapes() {
    let view = StridedView([2, 3, 4, 5]).transposed([0, 2, 1, 3])
    #expect(view.reshaped(to: [2, 4, 15]) == nil)
    #expect(view.reshaped(to: [2, 2, 2, 3, 1, 5])?.strides.prefix(3) == [60, 10, 5])
    #expect(StridedView([2, 3, 4]).taking([0, 2, 1], along: 1) == nil)
    #expect(StridedView([2, 3, 4]).taking([1, 1], along: 1) == nil)
    #expect(StridedView([2, 3, 4]).taking([2, 0], along: 1)?.strides == [12, -8, 1])
  }
}
