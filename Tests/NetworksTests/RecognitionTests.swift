import Tensors
import TestSupport
import Testing

@testable import Networks

/// Functions, normalisations and attention in parts, as exporters write them.
@Suite struct RecognitionTests {
  private let x = randomTensor([2, 2, 4, 6], seed: 1)

  /// Both networks on images at which nothing is special, the graph as it is and simplified.
  private func check(_ graph: Graph, becomes operations: [String]) throws {
    let simplified = graph.simplified()
    #expect(simplified.nodes.map { "\(type(of: $0.operation))" } == operations)
    let (before, after) = (try Network(graph), try Network(simplified))
    let margin = Margin.pair(own: [0, 1], other: [2, 3])
    #expect(near(try after.logits(x), try before.logits(x), 1e-5))
    #expect(
      near(
        try after.gradients(of: margin, at: x).gradients, try before.gradients(of: margin, at: x).gradients,
        1e-5))
    let v = randomTensor(x.shape, seed: 2)
    #expect(
      near(
        try after.hessianProduct(.exact, of: margin, at: x, along: v),
        try before.hessianProduct(.exact, of: margin, at: x, along: v), 1e-4))
  }

  private func graph(_ body: (inout Graph, Operand) -> Operand) -> Graph {
    var graph = Graph(imageShape: [1, 2, 4, 6])
    let y = body(&graph, .image)
    graph.append(Total(axes: [2, 3], keepsAxes: false), of: [y])
    graph.append(Dense(weights: randomTensor([4, 2], seed: 5), bias: nil), of: [graph.output])
    return graph
  }

  private static let root: Float = 0.707_106_77

  @Test("GELU, whichever of its factors is halved", arguments: 0..<3)
  func gelu(order: Int) throws {
    let graph = graph { graph, x in
      let inner = graph.append(Affine(scale: Self.root, shift: 0), of: [x])
      let error = graph.append(Elementwise(.erf), of: [inner])
      switch order {
      case 0:
        let gate = graph.append(Affine(scale: 1, shift: 1), of: [error])
        let product = graph.append(Multiplication(), of: [x, gate])
        return graph.append(Affine(scale: 0.5, shift: 0), of: [product])
      case 1:
        let gate = graph.append(Affine(scale: 1, shift: 1), of: [error])
        let half = graph.append(Affine(scale: 0.5, shift: 0), of: [x])
        return graph.append(Multiplication(), of: [half, gate])
      default:
        let gate = graph.append(Affine(scale: 0.5, shift: 0.5), of: [error])
        return graph.append(Multiplication(), of: [gate, x])
      }
    }
    try check(graph, becomes: ["Elementwise", "Total", "Dense"])
  }

  @Test("GELU by a hyperbolic tangent, its cube a power or a product", arguments: [true, false])
  func geluTanh(isPower: Bool) throws {
    let graph = graph { graph, x in
      var cube: Operand
      if isPower {
        cube = graph.append(Elementwise(.power(3)), of: [x])
      } else {
        cube = graph.append(Multiplication(), of: [x, x])
        cube = graph.append(Multiplication(), of: [x, cube])
      }
      let small = graph.append(Affine(scale: 0.044715, shift: 0), of: [cube])
      let sum = graph.append(Addition(), of: [x, small])
      let inner = graph.append(Affine(scale: 0.797_884_56, shift: 0), of: [sum])
      let tangent = graph.append(Elementwise(.tanh), of: [inner])
      let gate = graph.append(Affine(scale: 1, shift: 1), of: [tangent])
      let half = graph.append(Affine(scale: 0.5, shift: 0), of: [x])
      return graph.append(Multiplication(), of: [half, gate])
    }
    try check(graph, becomes: ["Elementwise", "Total", "Dense"])
  }

  @Test("SiLU and Mish", arguments: [true, false])
  func gates(isMish: Bool) throws {
    let graph = graph { graph, x in
      let gate: Operand
      if isMish {
        gate = graph.append(Elementwise(.tanh), of: [graph.append(Elementwise(.softplus(beta: 1)), of: [x])])
      } else {
        gate = graph.append(Elementwise(.sigmoid), of: [x])
      }
      return graph.append(Multiplication(), of: [x, gate])
    }
    try check(graph, becomes: ["Elementwise", "Total", "Dense"])
  }

  @Test("Hard swish, its share from 0 to 1 or to 6", arguments: [1, 6] as [Float])
  func hardSwish(upper: Float) throws {
    let graph = graph { graph, x in
      let line = graph.append(Affine(scale: upper / 6, shift: upper / 2), of: [x])
      let gate = graph.append(Clamp(lower: 0, upper: upper), of: [line])
      let product = graph.append(Multiplication(), of: [gate, x])
      return graph.append(Affine(scale: 1 / upper, shift: 0), of: [product])
    }
    try check(graph, becomes: ["HardSwish", "Total", "Dense"])
    let (before, after) = (try Network(graph), try Network(graph.simplified()))
    #expect(before.hasKinks && after.hasKinks && !after.isPiecewiseLinear)
    #expect(near(try after.softened(beta: 3).logits(x), try before.softened(beta: 3 / upper).logits(x), 1e-5))
  }

  @Test("A gate of something else, or scaled otherwise, stays as it is")
  func others() throws {
    let scaled = graph { graph, x in
      let inner = graph.append(Affine(scale: 1.702, shift: 0), of: [x])
      return graph.append(Multiplication(), of: [x, graph.append(Elementwise(.sigmoid), of: [inner])])
    }
    try check(scaled, becomes: ["Affine", "Elementwise", "Multiplication", "Total", "Dense"])
    let other = graph { graph, x in
      let tangent = graph.append(Elementwise(.tanh), of: [x])
      return graph.append(Multiplication(), of: [tangent, graph.append(Elementwise(.sigmoid), of: [x])])
    }
    try check(other, becomes: ["Elementwise", "Elementwise", "Multiplication", "Total", "Dense"])
    // A gate on what is scaled before both: of that, not of the image.
    let before = graph { graph, x in
      let line = graph.append(Affine(scale: 2, shift: 0), of: [x])
      return graph.append(Multiplication(), of: [line, graph.append(Elementwise(.sigmoid), of: [line])])
    }
    try check(before, becomes: ["Affine", "Elementwise", "Total", "Dense"])
  }

  @Test("Layer normalisation from its parts, with its scale and bias", arguments: [true, false])
  func normalization(squaresByPower: Bool) throws {
    let graph = graph { graph, x in
      let mean = graph.append(Mean(axes: [-1], keepsAxes: true), of: [x])
      let centred = graph.append(Subtraction(), of: [x, mean])
      let square =
        squaresByPower
        ? graph.append(Elementwise(.power(2)), of: [centred])
        : graph.append(Multiplication(), of: [centred, centred])
      let variance = graph.append(Mean(axes: [-1], keepsAxes: true), of: [square])
      let shifted = graph.append(Affine(scale: 1, shift: 1e-3), of: [variance])
      let deviation = graph.append(Elementwise(.sqrt), of: [shifted])
      let quotient = graph.append(Division(), of: [centred, deviation])
      let scale = graph.constant(randomTensor([6], seed: 3))
      let bias = graph.constant(randomTensor([6], seed: 4))
      return graph.append(Addition(), of: [graph.append(Multiplication(), of: [quotient, scale]), bias])
    }
    try check(graph, becomes: ["LayerNormalization", "Total", "Dense"])
  }

  @Test("Attention with its scales and mask, keys turned by a transposition of their own or with their heads")
  func attention() throws {
    for isTurnedAtOnce in [true, false] {
      let mask = randomTensor([2, 4, 4], seed: 7)
      let graph = graph { graph, x in
        func part(_ seed: UInt64) -> Operand {
          graph.append(Dense(weights: randomTensor([6, 6], seed: seed, deviation: 0.5), bias: nil), of: [x])
        }
        let q = graph.append(Affine(scale: 0.6, shift: 0), of: [part(11)])
        var k = part(12)
        if isTurnedAtOnce {
          // The heads behind the tokens, as a product with all heads leaves them.
          k = graph.append(Transpose(permutation: [0, 2, 1, 3]), of: [x])
          k = graph.append(
            Dense(weights: randomTensor([6, 6], seed: 12, deviation: 0.5), bias: nil), of: [k])
          k = graph.append(Transpose(permutation: [0, 2, 3, 1]), of: [k])
        } else {
          k = graph.append(Transpose(permutation: [0, 1, 3, 2]), of: [k])
        }
        let scores = graph.append(MatrixProduct(), of: [q, k])
        let scaled = graph.append(Affine(scale: 0.5, shift: 3), of: [scores])
        let masked = graph.append(Addition(), of: [scaled, graph.constant(mask)])
        let p = graph.append(Softmax(axis: -1), of: [masked])
        return graph.append(MatrixProduct(), of: [p, part(13)])
      }
      let operations = graph.simplified().nodes.map { "\(type(of: $0.operation))" }
      #expect(operations.contains("DotProductAttention") && !operations.contains("Softmax"))
      try check(graph, becomes: operations)
    }
  }

  @Test("A bias and a scale of a dense layer on tokens go into it")
  func dense() throws {
    let graph = graph { graph, x in
      let y = graph.append(Dense(weights: randomTensor([5, 6], seed: 3), bias: nil), of: [x])
      let sum = graph.append(Addition(), of: [graph.constant(randomTensor([5], seed: 4)), y])
      return graph.append(Multiplication(), of: [sum, graph.constant(randomTensor([1, 1, 1, 5], seed: 5))])
    }
    try check(graph, becomes: ["Dense", "Total", "Dense"])
  }
}
