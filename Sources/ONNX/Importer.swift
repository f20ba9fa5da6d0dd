internal import Networks
internal import ONNXSchema
internal import Tensors

/// Nodes and the arrays they read: of a model's graph, of a branch or loop, or of a function.
struct Body {
  var nodes: [Onnx_NodeProto]
  var initializers: [Onnx_TensorProto] = []
  var sparse: [Onnx_SparseTensorProto] = []
  var opset: Int
  /// How many bodies lie around this one.
  var depth = 0

  /// Deeper nesting is no model that anyone trains.
  static let deepest = 24
}

/// Turns the nodes of a body into operations, as many as an output needs.
///
/// Values are known or flowing; nodes are visited in an order in which each comes after those it depends on, whatever
/// their order in the file. Operators that are not available are gathered, so that all can be named together.
struct Importer {
  let decoder: TensorDecoder
  let functions: [FunctionName: Onnx_FunctionProto]
  let body: Body
  private let initializers: [String: Onnx_TensorProto]
  /// Which node gives a value.
  private let producers: [String: Int]
  var builder: GraphBuilder
  private var edges: [String: Edge] = [:]
  private var isDone: [Bool]
  private var missing: [Int: [MissingOperator]] = [:]
  /// How many nodes have yet to read each array of the body: it is let go after the last.
  private var readers: [String: Int] = [:]
  /// Names that stand for something from outside the body.
  private var isSet: Set<String> = []

  init(_ file: ModelFile, builder: GraphBuilder) throws {
    let graph = file.model.graph
    let functions = file.model.functions.map { (FunctionName($0), $0) }
    try self.init(
      Body(
        nodes: graph.node, initializers: graph.initializer, sparse: graph.sparseInitializer,
        opset: max(1, file.opset)), file.decoder,
      Dictionary(functions) { first, _ in first }, builder)
  }

  init(
    _ body: Body, _ decoder: TensorDecoder, _ functions: [FunctionName: Onnx_FunctionProto],
    _ builder: GraphBuilder
  ) throws {
    self.body = body
    self.decoder = decoder
    self.functions = functions
    self.builder = builder
    initializers = Dictionary(body.initializers.map { ($0.name, $0) }) { first, _ in first }
    var producers: [String: Int] = [:]
    for (i, node) in body.nodes.enumerated() {
      for output in node.output where !output.isEmpty {
        guard producers.updateValue(i, forKey: output) == nil else {
          throw ModelError.badNode(
            node.place, problem: "gives '\(output)', which another node gives too")
        }
      }
    }
    self.producers = producers
    isDone = [Bool](repeating: false, count: body.nodes.count)
    for node in body.nodes {
      for name in node.input + node.capturedNames where initializers[name] != nil {
        readers[name, default: 0] += 1
      }
    }
    for tensor in body.sparse { set(tensor.values.name, to: .known(try decoder.value(of: tensor))) }
  }

  /// Says what a named value is before the import begins.
  mutating func set(_ name: String, to edge: Edge) {
    edges[name] = edge
    isSet.insert(name)
  }

  /// The value of a name after all that it depends on; `missing` names what is not available of that.
  mutating func importValue(_ name: String) throws -> (edge: Edge, missing: [MissingOperator]) {
    let order = try order(towards: name)
    for i in order where !isDone[i] { try build(i) }
    let place = producer(of: name)?.place ?? NodePlace(type: "output", node: name)
    return (try edge(name, for: place), order.flatMap { missing[$0] ?? [] })
  }

  func gives(_ name: String) -> Bool { producers[name] != nil || edges[name] != nil }

  func producer(of name: String) -> Onnx_NodeProto? { producers[name].map { body.nodes[$0] } }

  /// Whether a name has a value here, in whatever way.
  func knows(_ name: String) -> Bool { gives(name) || initializers[name] != nil }
}

// MARK: - Order

extension Importer {
  /// The nodes that a value depends on, each after those it depends on itself.
  private func order(towards name: String) throws -> [Int] {
    guard let last = producers[name], edges[name] == nil || isDone[last] else { return [] }
    var order: [Int] = []
    var isOpen = [Bool?](repeating: nil, count: body.nodes.count)
    var stack = [last]
    while let i = stack.last {
      guard isOpen[i] != false else {
        stack.removeLast()
        continue
      }
      let waiting = isOpen[i] == true ? [] : dependencies(i).filter { isOpen[$0] != false }
      if let open = waiting.first(where: { isOpen[$0] == true || $0 == i }) {
        throw ModelError.cycle(body.nodes[open].place)
      }
      isOpen[i] = true
      if waiting.isEmpty {
        isOpen[i] = false
        order.append(i)
        stack.removeLast()
      } else {
        stack += waiting
      }
    }
    return order
  }

  private func dependencies(_ i: Int) -> [Int] {
    let node = body.nodes[i]
    return (node.input + node.capturedNames).compactMap { initializers[$0] == nil ? producers[$0] : nil }
  }
}

// MARK: - Ancestors

extension Importer {
  /// The nodes that a value depends on, in the order of the file, and whether the image is among what they take.
  func ancestors(of name: String) -> (nodes: [Onnx_NodeProto], takeImage: Bool) {
    var met = [Bool](repeating: false, count: body.nodes.count)
    var stack = [name]
    var takeImage = false
    while let name = stack.popLast() {
      if isSet.contains(name) { takeImage = true }
      guard initializers[name] == nil, let i = producers[name], !met[i] else { continue }
      met[i] = true
      stack += body.nodes[i].input + body.nodes[i].capturedNames
    }
    return (body.nodes.indices.filter { met[$0] }.map { body.nodes[$0] }, takeImage)
  }

  /// The array of this name in the file, a weight or what a `Constant` holds; nil where it is computed.
  func tensor(_ name: String) -> Onnx_TensorProto? {
    if let tensor = initializers[name] { return tensor }
    guard let node = producer(of: name), node.opType == "Constant" else { return nil }
    return node.attribute.first { $0.name == "value" }?.t
  }
}

// MARK: - Nodes

extension Importer {
  private mutating func build(_ i: Int) throws {
    isDone[i] = true
    let node = body.nodes[i]
    let place = node.place
    try builder.countNode(place)
    let inputs = try node.inputsWithoutTail.map { $0.isEmpty ? nil : try edge($0, for: place) }
    let call = OperatorCall(
      place: place, opset: body.opset, attributes: try Attributes(node, place: place), inputs: inputs,
      outputCount: node.output.count, decoder: decoder, budget: builder.budget)
    var outputs: [Edge] = []
    do {
      outputs = try self.outputs(call, node)
    } catch ModelError.unsupported(let found) {
      missing[i] = found
    }
    for value in outputs.compactMap(\.value) {
      try builder.budget.charge(elements: value.shape.count, at: place)
      // A pass over the elements, and a visit of the node.
      try builder.budget.charge(operations: value.shape.count + 1024, at: place)
    }
    for (k, name) in node.output.enumerated() where !name.isEmpty {
      edges[name] = k < outputs.count ? outputs[k] : .unknown
    }
  }

  private mutating func outputs(_ call: OperatorCall, _ node: Onnx_NodeProto) throws -> [Edge] {
    if let function = functions[FunctionName(node)] { return try inline(function, call, node) }
    switch call.place.type {
    case "If": return try branch(call, node)
    case "Loop": return try unroll(call, node)
    default: break
    }
    let builder = Builders.all[call.place.type]
    guard builder != nil || Builders.foldedOnly.contains(call.place.type) else {
      throw ModelError.unsupported([
        MissingOperator(place: call.place, detail: OperatorNotes.reason(call.place.type))
      ])
    }
    if builder == nil, call.inputs.contains(where: { $0 != nil && $0!.value == nil }) {
      throw call.missing("inputs that depend on the image")
    }
    if call.inputs.contains(where: { $0?.isUnknown ?? false }) { return [] }
    if let values = try ConstantFolding.fold(call) { return try call.settle(values.map(Edge.known)) }
    guard let builder else { throw call.bad("has a missing input, or too many") }
    return try call.settle(try builder(call, &self.builder))
  }

  mutating func edge(_ name: String, for place: NodePlace) throws -> Edge {
    guard let tensor = initializers[name], !isSet.contains(name) else {
      if let edge = edges[name] { return edge }
      throw ModelError.unknownValue(name: name, place: place)
    }
    let edge = try edges[name] ?? .known(try decoder.value(of: tensor))
    readers[name, default: 0] -= 1
    edges[name] = readers[name]! > 0 ? edge : nil
    return edge
  }
}

extension OperatorCall {
  /// The outputs with known values in the element types that ONNX gives them: for most operators that of an input.
  func settle(_ edges: [Edge]) throws -> [Edge] {
    guard !ConstantFolding.ownTypes.contains(place.type),
      let model = inputs.dropFirst(place.type == "Where" ? 1 : 0).first??.value
    else { return edges }
    return try edges.enumerated().map { k, edge in
      guard let value = edge.value, k == 0 || value.kind == model.kind && value.declaredType == nil else {
        return edge
      }
      if model.kind != .float, value.isFloat, model.kind == .integer {
        guard value.floats.allSatisfy({ abs($0) <= Float(Value.exactIntegers) }) else {
          throw missing("integers beyond 2²⁴, which single precision does not hold")
        }
      }
      if value.declaredType == model.type, value.kind == model.kind,
        ![.float16, .bfloat16].contains(model.type)
      {
        return edge
      }
      return .known(value.converted(to: model.type))
    }
  }
}

extension Onnx_NodeProto {
  var place: NodePlace {
    let type = domain.isEmpty || domain == "ai.onnx" ? opType : "\(domain).\(opType)"
    return NodePlace(type: type, node: name.isEmpty ? output.first ?? "" : name)
  }

  /// The inputs without the optional ones left out at the end.
  var inputsWithoutTail: ArraySlice<String> {
    let last = input.lastIndex { !$0.isEmpty } ?? -1
    return input[0..<last + 1]
  }
}
