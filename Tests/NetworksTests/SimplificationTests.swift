import Networks
import Tensors
import TestSupport
import Testing

@Suite struct SimplificationTests {
  private let x = randomTensor([3, 2, 6, 6], seed: 1)

  private func convolution(seed: UInt64 = 1) -> Convolution {
    var random = SeededGenerator(seed: seed)
    return SmallNetworks.convolution(4, 2, 3, padding: 1, &random)
  }

  private func check(_ graph: Graph, operations: Int) throws {
    let simplified = graph.simplified()
    let (before, after) = (try Network(graph), try Network(simplified))
    #expect(simplified.nodes.count == operations)
    #expect(near(try after.logits(x), try before.logits(x), 1e-5))
    let margin = Margin.pair(own: [0, 1, 2], other: [3, 4, 5])
    let gradient = try before.gradients(of: margin, at: x).gradients
    #expect(near(try after.gradients(of: margin, at: x).gradients, gradient, 1e-5))
  }

  @Test("Batch normalisation goes into the convolution before it, twice if need be")
  func batchNormalization() throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    var y = graph.append(convolution(), of: [.image])
    y = graph.append(ChannelAffine(scale: [1, -2, 0.5, 3], shift: [1, 2, 3, 4]), of: [y])
    y = graph.append(Affine(scale: 2, shift: -1), of: [y])
    y = graph.append(Rectifier(), of: [y])
    graph.append(Mean(axes: [2, 3], keepsAxes: false), of: [y])
    // Four logits: margins between the first classes only.
    let flat = graph.append(Dense(weights: randomTensor([6, 4], seed: 4), bias: nil), of: [graph.output])
    graph.append(ChannelAffine(scale: [1, 2, 3, 4, 5, 6], shift: [1, 1, 1, 1, 1, 1]), of: [flat])
    try check(graph, operations: 4)
  }

  @Test("Transpositions become one, and none where they undo one another")
  func transpositions() throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    var y = graph.append(convolution(), of: [.image])
    for permutation in [[0, 2, 3, 1], [0, 3, 1, 2], [0, 2, 1, 3], [0, 3, 2, 1]] {
      y = graph.append(Transpose(permutation: permutation), of: [y])
    }
    graph.append(Mean(axes: [2, 3], keepsAxes: false), of: [y])
    try check(graph, operations: 3)
  }

  @Test("A convolution that two operations read keeps its weights")
  func shared() throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let y = graph.append(convolution(), of: [.image])
    let z = graph.append(ChannelAffine(scale: [1, -2, 0.5, 3], shift: [1, 2, 3, 4]), of: [y])
    graph.append(Addition(), of: [y, z])
    try check(graph, operations: 3)
  }

  @Test("Arithmetic with a number or one a channel is recognised and folded", arguments: [true, false])
  func arithmetic(constantFirst: Bool) throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    var y = graph.append(convolution(), of: [.image])
    let channel = graph.constant(Tensor(shape: [4, 1, 1], elements: [1, 2, -3, 4]))
    let number = graph.constant(Tensor(shape: [], elements: [2]))
    let operations: [any Operation] = [Multiplication(), Addition(), Subtraction()]
    for operation in operations {
      for constant in [channel, number] {
        y = graph.append(operation, of: constantFirst ? [constant, y] : [y, constant])
      }
    }
    graph.append(Division(), of: [y, channel])
    try check(graph, operations: 1)
    #expect(graph.simplified().constants.isEmpty)
  }

  @Test("A division of a constant stays")
  func division() throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let y = graph.append(Elementwise(.exp), of: [.image])
    let number = graph.constant(Tensor(shape: [1], elements: [2]))
    graph.append(Division(), of: [number, y])
    try check(graph, operations: 2)
  }

  @Test("Identities, reshapes of reshapes and unread nodes go")
  func identities() throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let image = graph.append(Affine(scale: 1, shift: 0), of: [.image])
    let y = graph.append(Transpose(permutation: [0, 1, 2, 3]), of: [image])
    graph.append(Rectifier(), of: [y])
    let z = graph.append(Reshape(entry: [4, 18]), of: [graph.append(Reshape(entry: [72]), of: [y])])
    graph.append(Concatenation(axis: 1), of: [graph.append(Elementwise(.tanh), of: [z])])
    try check(graph, operations: 2)
  }

  @Test("A graph that is the image stays the image")
  func empty() {
    var graph = Graph(imageShape: [1, 4])
    graph.append(Affine(scale: 1, shift: 0), of: [.image])
    #expect(graph.simplified().output == .image && graph.simplified().nodes.isEmpty)
  }
}
