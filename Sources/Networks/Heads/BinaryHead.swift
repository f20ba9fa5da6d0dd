internal import Glibc
internal import Tensors

extension Graph {
  /// Two classes from one number z: the logits are (0, ±(z − z₀)), class 1 winning where the model says so.
  ///
  /// Behind z may lie what saturates, such as a sigmoid, or σ(z) and 1 − σ(z) joined; z₀ is where the model changes its
  /// mind: where one number is ½ or 0, and two are equal.
  ///
  /// nil where two numbers are two scores, or where a head of two scores reaches as far as `other`.
  func separatingBinaryHead(
    _ shapes: [Shape], width: Int, before other: Operand?
  ) -> (graph: Graph, head: Head)? {
    let tails = Tail.all(of: self, shapes, width: 1)
    let decisions = tails.compactMap { tail in BinaryDecision(tail).map { (tail, $0) } }
    guard let longest = decisions.last?.0,
      let first = longest.nodes.first(where: { nodes[$0].operation.saturates }),
      let (tail, decision) = decisions.first(where: { $0.0.nodes.contains(first) })
    else {
      if width == 2 { return nil }
      if let shares = separatingShares(shapes, width: 1) { return shares }
      return (twoClasses(output, shapes, rises: true, at: 0), Head(kind: .logits, isBinary: true))
    }
    if case .node(let j) = other, first > j { return nil }
    let graph = twoClasses(tail.base, shapes, rises: decision.rises, at: decision.place)
    return (
      graph,
      Head(
        kind: decision.kind, operators: tail.operators, isBinary: true, function: decision.probabilities(tail)
      )
    )
  }

  /// (0, ±(z − z₀)), 1×2.
  func twoClasses(_ z: Operand, _ shapes: [Shape], rises: Bool, at place: Float) -> Graph {
    let z = unshaped(z)
    var graph = ending(in: z)
    let isEntry = shape(of: z, nodes: shapes, batch: 1).rank > 1
    let column = graph.append(
      isEntry ? Reshape(entry: [1]) : Reshape(exactly: [1, 1]), of: [graph.output])
    let sign: Float = rises ? 1 : -1
    let difference = graph.append(Affine(scale: sign, shift: -sign * place), of: [column])
    graph.append(Padding(before: [0, 1], after: [0, 0]), of: [difference])
    return graph
  }
}

/// How a function of one number z decides between two classes.
private struct BinaryDecision {
  let kind: Head.Kind
  /// Whether class 1 wins above ``place``, and not below.
  let rises: Bool
  /// z₀, where it changes its mind.
  let place: Float

  /// nil where the function is not known to be monotone, or never changes its mind.
  init?(_ tail: Tail) {
    guard tail.operations.allSatisfy(\.isOfOneNumber) else { return nil }
    let function = tail.function
    func value(_ z: Float) -> [Float] { function.value(at: Tensor(shape: [1, 1], elements: [z])).elements }
    let values = Self.grid.map(value)
    kind = Head.Kind(tail.operations, values: values.flatMap { $0 })
    let threshold = Self.threshold(kind)
    func margin(_ y: [Float]) -> Float { y.count == 2 ? y[1] - y[0] : y[0] - threshold }
    let margins = values.map(margin)
    guard margins.allSatisfy(\.isFinite), (margins[0] < 0) != (margins[margins.count - 1] < 0) else {
      return nil
    }
    let rises = margins[0] < 0
    self.rises = rises
    let steps = zip(margins, margins.dropFirst()).map { $1 - $0 }
    guard steps.allSatisfy({ rises ? $0 >= 0 : $0 <= 0 }) else { return nil }
    place = Self.crossing { (margin(value($0)) < 0) == rises }
  }

  /// Where a condition that holds at −64 and not at 64 ceases to.
  private static func crossing(_ holds: (Float) -> Bool) -> Float {
    var (low, high) = (grid[0], grid[grid.count - 1])
    for _ in 0..<64 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return abs(high) < 1e-5 ? 0 : high
  }

  /// −64…64, denser towards 0.
  private static let grid: [Float] = (-128...128).map { 64 * sinhf(Float($0) / 16) / sinhf(8) }

  /// From where on one number of this kind stands for class 1.
  private static func threshold(_ kind: Head.Kind) -> Float {
    switch kind {
    case .sigmoid, .probabilities: 0.5
    case .logProbabilities, .logSoftmax: logf(0.5)
    case .logits, .softmax, .tanh, .scores: 0
    }
  }

  /// (0, ±(z − z₀)) to the two probabilities of the model.
  func probabilities(_ tail: Tail) -> Graph? {
    var graph = Graph(imageShape: [1, 2])
    let second = graph.append(Slice(axes: [1], starts: [1], ends: [2], steps: [1]), of: [.image])
    graph.append(Affine(scale: rises ? 1 : -1, shift: place), of: [second])
    guard var graph = graph.followed(by: tail.function).ending(inProbabilitiesOf: kind) else { return nil }
    let shape = (try? graph.outputShapes(batch: 1).last) ?? [1, 1]
    guard shape.count == 1 else { return graph }
    let p = graph.append(Reshape(exactly: [1, 1]), of: [graph.output])
    let q = graph.append(Affine(scale: -1, shift: 1), of: [p])
    graph.append(Concatenation(axis: 1), of: [q, p])
    return graph
  }
}

extension Graph {
  /// The function that goes on with another's value for its image.
  func followed(by next: Graph) -> Graph {
    var graph = self
    var places: [Operand: Operand] = [.image: output]
    for (i, node) in next.nodes.enumerated() {
      let inputs = node.inputs.map { operand in
        if case .constant(let k) = operand { return graph.constant(next.constants[k]) }
        return places[operand]!  // a node comes after those it reads
      }
      places[.node(i)] = graph.append(node.operation, of: inputs, name: node.name, type: node.type)
    }
    graph.output = places[next.output]!
    return graph
  }
}

extension Operation {
  /// Whether it may stand in a head that decides by one number.
  fileprivate var isOfOneNumber: Bool {
    switch self {
    case is any PointwiseOperation, is any SelectingOperation, is Affine, is ChannelAffine, is Rectifier: true
    case is Softmax, is LogSoftmax, is Addition, is Subtraction, is Multiplication, is Division: true
    case is Total, is Mean, is GlobalMaxPool: true
    case let layer as Dense: layer.inputs == 1
    default: rearranges
    }
  }

  /// Whether it has limits that it comes near to.
  fileprivate var saturates: Bool { isNormalizing || isBoundedActivation || self is Clamp }
}
