internal import Networks
internal import ONNXSchema
internal import Tensors

/// Which value of a model holds the logits.
struct LogitsOutput {
  let name: String
  let operand: Operand
  let shape: Shape
  /// What was taken off behind the logits; nil where nothing was.
  let remark: String?

  /// The first output that has one score a class; where one is named, that or nothing.
  static func find(in importer: inout Importer, of file: ModelFile, named wanted: String?) throws
    -> LogitsOutput
  {
    let outputs = file.outputNames
    if let wanted, !importer.gives(wanted) {
      throw ModelError.noSuchOutput(name: wanted, outputs: outputs)
    }
    var first: ModelError?
    for name in wanted.map({ [$0] }) ?? outputs {
      do {
        return try LogitsOutput(name, &importer)
      } catch let error as ModelError {
        if first == nil { first = error }
      }
    }
    throw first ?? ModelError.notONNX(path: file.path, reason: "its graph has no output")
  }

  private init(_ name: String, _ importer: inout Importer) throws {
    self.name = name
    let (edge, missing) = try importer.importValue(name)
    guard missing.isEmpty else { throw ModelError.unsupported(missing) }
    switch edge {
    case .unknown:
      throw ModelError.noLogits(output: name, problem: "is a second result that is not computed")
    case .known: throw ModelError.noLogits(output: name, problem: "does not depend on the image")
    case .flowing(let operand, let shape):
      guard shape.count > 1 else {
        throw ModelError.noLogits(output: name, problem: "is a single number")
      }
      guard shape.extents.filter({ $0 != 1 }).count == 1, operand != .image else {
        throw ModelError.noLogits(output: name, problem: "is an array of \(shape)")
      }
      (self.operand, remark) = Self.withoutSoftmax(operand, classes: shape.count, importer.builder)
      self.shape = shape
    }
  }

  /// The input of a softmax over the classes at the very end: the logits themselves.
  private static func withoutSoftmax(
    _ output: Operand, classes: Int, _ builder: GraphBuilder
  ) -> (Operand, remark: String?) {
    var operand = output
    while case .node(let i) = operand {
      let node = builder.graph.nodes[i]
      switch node.operation {
      case is Reshape: operand = node.inputs[0]
      case is Softmax, is LogSoftmax:
        let axis = (node.operation as? Softmax)?.axis ?? (node.operation as! LogSoftmax).axis
        guard builder.shapes[i][axis] == classes else { return (output, nil) }
        return (node.inputs[0], "margins are taken on the logits before the final \(node.type)")
      default: return (output, nil)
      }
    }
    return (output, nil)
  }
}

extension Graph {
  /// The graph that ends in `output`, without the nodes and constants that it does not need.
  func ending(in output: Operand) -> Graph {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    if case .node(let i) = output { isNeeded[i] = true }
    for i in nodes.indices.reversed() where isNeeded[i] {
      for case .node(let j) in nodes[i].inputs { isNeeded[j] = true }
    }
    var graph = Graph(imageShape: imageShape)
    var places = [Int](repeating: -1, count: nodes.count)
    for i in nodes.indices where isNeeded[i] {
      var node = nodes[i]
      node.inputs = node.inputs.map { operand in
        switch operand {
        case .image: .image
        case .constant(let k): graph.constant(constants[k])
        case .node(let j): .node(places[j])
        }
      }
      places[i] = graph.nodes.count
      graph.nodes.append(node)
    }
    if case .node(let i) = output { graph.output = .node(places[i]) } else { graph.output = output }
    return graph
  }
}
