internal import Tensors

extension Network {
  /// The same function with fewer operations; see ``Graph/simplified()``.
  public func simplified() -> Network {
    // Simplification keeps every shape that remains.
    var network = try! Network(graph.simplified(), head: head)
    network.interruption = interruption
    return network
  }
}

extension Graph {
  /// The same function with fewer operations.
  ///
  /// Arithmetic with a number or a number a channel becomes an ``Affine`` or a ``ChannelAffine``; those go into the
  /// weights of a convolution or dense layer right before them that nobody else reads; GELU, SiLU, Mish and layer
  /// normalisation in parts become one operation; operations that change nothing, reshapes of reshapes, transpositions of
  /// transpositions and unread nodes and constants go. Exact but for rounding.
  /// A graph whose shapes do not fit stays as it is.
  public func simplified() -> Graph {
    guard let shapes = try? outputShapes(batch: 1) else { return self }
    var simplification = Simplification(graph: self, shapes: shapes)
    for i in nodes.indices { simplification.visit(i) }
    return simplification.remainder
  }
}

/// A graph that is being simplified, node by node in its order.
struct Simplification {
  var graph: Graph
  var shapes: [Shape]
  /// What each node's readers read instead of it.
  private var stands: [Operand]
  var readers: [Int]

  init(graph: Graph, shapes: [Shape]) {
    self.graph = graph
    self.shapes = shapes
    stands = graph.nodes.indices.map { .node($0) }
    readers = [Int](repeating: 0, count: graph.nodes.count)
    for node in graph.nodes {
      for case .node(let j) in node.inputs { readers[j] += 1 }
    }
    if case .node(let j) = graph.output { readers[j] += 1 }
  }

  mutating func visit(_ i: Int) {
    graph.nodes[i].inputs = graph.nodes[i].inputs.map(standing)
    recognizeArithmetic(i)
    recognizeGate(i)
    recognizeNormalization(i)
    recognizeAttention(i)
    skipReshape(i)
    skipTranspose(i)
    if isIdentity(i) {
      stands[i] = graph.nodes[i].inputs[0]
      if case .node(let j) = stands[i] { readers[j] += readers[i] - 1 }
    } else {
      fold(i)
    }
  }

  private func standing(_ operand: Operand) -> Operand {
    if case .node(let j) = operand { return stands[j] }
    return operand
  }

  func shape(_ operand: Operand) -> Shape { graph.shape(of: operand, nodes: shapes, batch: 1) }

  /// Node i reads these instead of what it read.
  mutating func read(_ inputs: [Operand], at i: Int) {
    for case .node(let j) in graph.nodes[i].inputs { readers[j] -= 1 }
    for case .node(let j) in inputs { readers[j] += 1 }
    graph.nodes[i].inputs = inputs
  }

  /// Node j's readers become those of node i, which stood behind it.
  mutating func merge(_ i: Int, into j: Int) {
    stands[i] = .node(j)
    readers[j] = readers[i]
  }
}

// MARK: - Rules

extension Simplification {
  private func isIdentity(_ i: Int) -> Bool {
    let node = graph.nodes[i]
    switch node.operation {
    case let affine as Affine: return affine.scale == 1 && affine.shift == 0
    case let transpose as Transpose: return transpose.permutation == Array(transpose.permutation.indices)
    case is Concatenation: return node.inputs.count == 1
    case let reshape as Reshape: return reshape.keepsBatch && shape(node.inputs[0]) == shapes[i]
    default: return false
    }
  }

  /// A reshape that keeps the batch reads what the one before it read.
  private mutating func skipReshape(_ i: Int) {
    guard graph.nodes[i].operation is Reshape, case .node(let j) = graph.nodes[i].inputs[0],
      let before = graph.nodes[j].operation as? Reshape, before.keepsBatch
    else { return }
    graph.nodes[i].inputs = graph.nodes[j].inputs
    readers[j] -= 1
    if case .node(let k) = graph.nodes[i].inputs[0] { readers[k] += 1 }
  }

  /// A transposition of a transposition is one.
  private mutating func skipTranspose(_ i: Int) {
    guard let transpose = graph.nodes[i].operation as? Transpose,
      case .node(let j) = graph.nodes[i].inputs[0],
      let before = graph.nodes[j].operation as? Transpose
    else { return }
    graph.nodes[i].operation = Transpose(permutation: transpose.permutation.map { before.permutation[$0] })
    graph.nodes[i].inputs = graph.nodes[j].inputs
    readers[j] -= 1
    if case .node(let k) = graph.nodes[i].inputs[0] { readers[k] += 1 }
  }

  /// x + c, x − c, c − x, x·c, x/c with one number c, or one a channel.
  private mutating func recognizeArithmetic(_ i: Int) {
    let node = graph.nodes[i]
    guard node.inputs.count == 2, shapes[i].rank >= 2 else { return }
    for (side, other) in [(1, 0), (0, 1)] {
      guard case .constant(let k) = node.inputs[side], shape(node.inputs[other]) == shapes[i],
        let numbers = numbers(graph.constants[k], for: shapes[i]),
        let terms = terms(node.operation, numbers, constantIsFirst: side == 0)
      else { continue }
      graph.nodes[i].operation =
        numbers.count == 1
        ? Affine(scale: terms.scale[0], shift: terms.shift[0])
        : ChannelAffine(scale: terms.scale, shift: terms.shift)
      graph.nodes[i].inputs = [node.inputs[other]]
      return
    }
  }

  /// The constant as one number, or as one for each channel of `shape`; nil where it is neither.
  private func numbers(_ constant: Tensor, for shape: Shape) -> [Float]? {
    if constant.shape.count == 1, constant.shape.rank <= shape.rank { return constant.elements }
    let axis = constant.shape.rank - shape.rank + 1
    guard axis >= 0, constant.shape.count == shape[1], constant.shape[axis] == shape[1] else { return nil }
    return constant.elements
  }

  private func terms(
    _ operation: any Operation, _ c: [Float], constantIsFirst: Bool
  ) -> (scale: [Float], shift: [Float])? {
    let (ones, zeros) = (c.map { _ in Float(1) }, c.map { _ in Float(0) })
    switch operation {
    case is Addition: return (ones, c)
    case is Subtraction: return constantIsFirst ? (c.map { _ in -1 }, c) : (ones, c.map { -$0 })
    case is Multiplication: return (c, zeros)
    case is Division: return constantIsFirst ? nil : (c.map { 1 / $0 }, zeros)
    default: return nil
    }
  }

  /// A scale and shift of the output channels goes into the layer that computes them.
  private mutating func fold(_ i: Int) {
    if foldIntoDense(i) { return }
    guard case .node(let j)? = graph.nodes[i].inputs.first, readers[j] == 1 else { return }
    let scale: [Float]
    let shift: [Float]
    switch graph.nodes[i].operation {
    case let channels as ChannelAffine: (scale, shift) = (channels.scale, channels.shift)
    case let affine as Affine: (scale, shift) = ([affine.scale], [affine.shift])
    default: return
    }
    switch graph.nodes[j].operation {
    case let layer as Convolution: graph.nodes[j].operation = layer.followed(by: scale, shift)
    case let layer as Dense where scale.count == 1 || shapes[j].rank == 2:
      graph.nodes[j].operation = layer.followed(by: scale, shift)
    default: return
    }
    merge(i, into: j)
  }
}

extension Simplification {
  /// A sum or a product with a number for each output of the dense layer right before it goes into that.
  private mutating func foldIntoDense(_ i: Int) -> Bool {
    let inputs = graph.nodes[i].inputs
    guard inputs.count == 2, shapes[i].rank > 2 else { return false }
    for (value, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
      guard case .node(let j) = value, case .constant(let k) = other, readers[j] == 1,
        let layer = graph.nodes[j].operation as? Dense, shapes[j] == shapes[i]
      else { continue }
      let numbers = graph.constants[k]
      guard numbers.shape.count == layer.outputs, numbers.shape.extents.last == layer.outputs,
        let terms = terms(graph.nodes[i].operation, numbers.elements, constantIsFirst: value != inputs[0])
      else { continue }
      graph.nodes[j].operation = layer.followed(by: terms.scale, terms.shift)
      merge(i, into: j)
      return true
    }
    return false
  }
}

// MARK: - What is left

extension Simplification {
  /// The graph without the nodes and constants that nobody reads.
  var remainder: Graph {
    var output = Graph(imageShape: graph.imageShape)
    var needed = [Bool](repeating: false, count: graph.nodes.count)
    if case .node(let i) = standing(graph.output) { needed[i] = true }
    for i in graph.nodes.indices.reversed() where needed[i] {
      for case .node(let j) in graph.nodes[i].inputs { needed[j] = true }
    }
    var places: [Operand: Operand] = [.image: .image]
    func place(_ operand: Operand) -> Operand {
      if case .constant(let k) = operand, places[operand] == nil {
        places[operand] = output.constant(graph.constants[k])
      }
      return places[operand]!  // a node comes after those it reads
    }
    for (i, node) in graph.nodes.enumerated() where needed[i] {
      let inputs = node.inputs.map(place)
      places[.node(i)] = output.append(node.operation, of: inputs, name: node.name, type: node.type)
    }
    output.output = place(standing(graph.output))
    return output
  }
}

extension Convolution {
  /// The convolution whose outputs are scaled and shifted, by one number or one a channel.
  func followed(by scale: [Float], _ shift: [Float]) -> Convolution {
    let folded = weights.scalingOutputs(by: scale, bias: bias, shift)
    return Convolution(weights: folded.weights, bias: folded.bias, window: window, groups: groups)
  }
}

extension Dense {
  /// The layer whose outputs are scaled and shifted, by one number or one an output.
  func followed(by scale: [Float], _ shift: [Float]) -> Dense {
    let folded = weights.scalingOutputs(by: scale, bias: bias, shift)
    return Dense(weights: folded.weights, bias: folded.bias)
  }
}

extension Tensor {
  /// Weights with one output an entry, and their bias, after a scale and a shift of the outputs.
  fileprivate func scalingOutputs(
    by scale: [Float], bias: [Float]?, _ shift: [Float]
  ) -> (weights: Tensor, bias: [Float]) {
    let outputs = 0..<count
    let scales = outputs.map { scale[scale.count == 1 ? 0 : $0] }
    let shifts = outputs.map { shift[shift.count == 1 ? 0 : $0] }
    let weights = scales.allSatisfy { $0 == 1 } ? self : scalingEntries(by: scales)
    return (weights, outputs.map { (bias?[$0] ?? 0) * scales[$0] + shifts[$0] })
  }
}
