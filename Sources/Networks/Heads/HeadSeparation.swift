internal import Glibc
internal import Tensors

extension Graph {
  /// The graph that ends in the logits, and the head that lay behind them; one number becomes two classes.
  ///
  /// Taken off is what provably keeps the order of every row and saturates, from the first softmax, sigmoid, exponential
  /// or division by a sum on. A model that decides by the sign of one number z gets the logits (0, z).
  public func separatingHead() throws(ShapeError) -> (graph: Graph, head: Head) {
    let first = try outputShapes(batch: 1)
    let width = shape(of: output, nodes: first, batch: 1).count
    guard width > 0 else { throw ShapeError("the network's output is empty") }
    let graph = joiningActivations(first, width: width)
    let shapes = try graph.outputShapes(batch: 1)
    let tail = width > 1 ? graph.saturatingTail(shapes, width: width) : nil
    if width <= 2, let binary = graph.separatingBinaryHead(shapes, width: width, before: tail?.base) {
      return binary
    }
    if tail == nil, let shares = graph.separatingShares(shapes, width: width) { return shares }
    guard let tail else { return (graph.ending(in: graph.unshaped(graph.output)), .none) }
    let rises = graph.keepsOrder(tail, shapes, width: width) ?? true
    let whole = rises ? tail.function : tail.function.ofOpposite
    var logits = graph.ending(in: graph.unshaped(tail.base))
    if !rises { logits.append(Affine(scale: -1, shift: 0), of: [logits.output]) }
    if let slope = graph.slope(ofSigmoid: whole, width: width), slope != 1 {
      logits.append(Affine(scale: slope, shift: 0), of: [logits.output])
      var sigmoid = Graph(imageShape: whole.imageShape)
      sigmoid.append(Elementwise(.sigmoid), of: [.image])
      return (logits, Head(kind: .sigmoid, operators: tail.operators, function: sigmoid))
    }
    let kind = kind(of: whole, tail)
    let function = whole.ending(inProbabilitiesOf: kind)?.simplified()
    return (logits, Head(kind: kind, operators: tail.operators, function: function))
  }

  /// c where a function gives the sigmoid of c·z of each number z, in whatever operations it is written, such as
  /// (1 + tanh(z/2))/2 of z/2; nil where it does not.
  private func slope(ofSigmoid function: Graph, width: Int) -> Float? {
    let rows = samples(width: width)
    guard let z = rows[0].elements.max(by: { abs($0) < abs($1) }), z != 0,
      let p = zip(rows[0].elements, function.value(at: rows[0]).elements).first(where: { $0.0 == z })?.1,
      p > 0, p < 1
    else { return nil }
    let c = (2 * log(p / (1 - p)) / z).rounded() / 2
    let holds = rows.allSatisfy { row in
      zip(Elementwise(.sigmoid).forward([c * row]).elements, function.value(at: row).elements).allSatisfy {
        abs($0 - $1) <= 1e-6
      }
    }
    return c > 0 && holds ? c : nil
  }

  /// The same function of −x.
  private var ofOpposite: Graph {
    var graph = Graph(imageShape: imageShape)
    graph.append(Affine(scale: -1, shift: 0), of: [.image])
    return graph.followed(by: self)
  }

  /// The value itself, before it was put into other shapes: the entries of a batch may have been mixed by those.
  func unshaped(_ operand: Operand) -> Operand {
    guard case .node(let i) = operand, nodes[i].operation is Reshape else { return operand }
    return unshaped(nodes[i].inputs[0])
  }

  /// The longest tail that keeps the order of a row of scores, cut before its first operation that saturates.
  private func saturatingTail(_ shapes: [Shape], width: Int) -> Tail? {
    let tails = Tail.all(of: self, shapes, width: width).filter {
      keepsOrder($0, shapes, width: width) != nil
    }
    guard let longest = tails.last else { return nil }
    let first =
      longest.nodes.first { nodes[$0].operation.isNormalizing }
      ?? longest.nodes.first { nodes[$0].operation.isBoundedActivation && endsBounded(longest) }
    guard let first, let shortest = tails.first(where: { $0.nodes.contains(first) }) else { return nil }
    // What only shifts each row before it, such as z − max z, goes with it.
    return tails.last { tail in
      Set(tail.nodes).subtracting(shortest.nodes).allSatisfy { nodes[$0].operation.shiftsRows }
        && tail.nodes.count >= shortest.nodes.count
    }
  }

  /// Whether a tail keeps the order of every row, or turns it around where false; nil where it may do neither.
  private func keepsOrder(_ tail: Tail, _ shapes: [Shape], width: Int) -> Bool? {
    guard tail.baseShape.extents.contains(width) else { return nil }
    var orders: [Operand: RowOrder] = [tail.base: .monotone(rises: true, .everything)]
    func shape(_ operand: Operand) -> Shape { self.shape(of: operand, nodes: shapes, batch: 1) }
    for i in tail.nodes {
      let inputs = nodes[i].inputs.map { orders[$0] ?? uniform($0) ?? .other }
      orders[.node(i)] = RowOrder.of(
        nodes[i].operation, inputs, shapes: nodes[i].inputs.map(shape), output: shapes[i], width: width)
    }
    if case .monotone(let rises, _) = orders[output] { return rises }
    return nil
  }

  /// A constant of one number, or of equal ones.
  private func uniform(_ operand: Operand) -> RowOrder? {
    guard case .constant(let k) = operand, let c = constants[k].elements.first,
      constants[k].elements.allSatisfy({ $0 == c })
    else { return nil }
    return .common(Interval(c, c))
  }

  private func endsBounded(_ tail: Tail) -> Bool {
    samples(width: tail.baseShape.count).allSatisfy { row in
      tail.function.value(at: row).elements.allSatisfy { abs($0) <= 1.001 }
    }
  }

  /// What a head is called; a softmax is one in whatever operations it is written.
  private func kind(of function: Graph, _ tail: Tail) -> Head.Kind {
    let rows = samples(width: tail.baseShape.count)
    let values = rows.map { function.value(at: $0).elements }
    func equals(_ operation: any Operation) -> Bool {
      zip(rows, values).allSatisfy { row, values in
        zip(operation.forward([row]).elements, values).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) }
      }
    }
    if equals(Softmax(axis: 1)) { return .softmax }
    return equals(LogSoftmax(axis: 1))
      ? .logSoftmax : Head.Kind(tail.operations, values: values.flatMap { $0 })
  }

  /// Rows of logits, small and large ones.
  private func samples(width: Int) -> [Tensor] {
    var random = SeededGenerator(seed: 1)
    return [0.1, 1, 4, 16].map { (scale: Float) in
      scale * Tensor(shape: [1, width], elements: random.gaussianVector(width))
    }
  }
}

extension Operation {
  /// Whether it may be a part of adding one number to each row.
  var shiftsRows: Bool {
    switch self {
    case is Addition, is Subtraction, is GlobalMaxPool, is Total, is Mean: true
    default: rearranges
    }
  }

  /// Whether it makes shares, or probabilities, of logits.
  var isNormalizing: Bool {
    switch self {
    case is Softmax, is LogSoftmax, is Division: true
    case let function as Elementwise: [.sigmoid, .exp].contains(function.function)
    default: false
    }
  }

  /// Whether it is an activation between two limits.
  var isBoundedActivation: Bool {
    guard let function = (self as? Elementwise)?.function else { return false }
    return [.tanh, .softsign, .erf].contains(function)
  }
}
