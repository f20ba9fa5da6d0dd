internal import Networks
internal import ONNXSchema
internal import Tensors

/// Turns the nodes of a model file into operations, as many as an output needs.
///
/// Values are known or flowing; nodes are visited in an order in which each comes after those it depends on, whatever
/// their order in the file. Operators that are not available are gathered, so that all can be named together.
struct Importer {
  private let file: ModelFile
  private let nodes: [Onnx_NodeProto]
  private let initializers: [String: Onnx_TensorProto]
  /// Which node gives a value.
  private let producers: [String: Int]
  var builder: GraphBuilder
  private var edges: [String: Edge] = [:]
  private var isDone: [Bool]
  private var missing: [Int: [MissingOperator]] = [:]

  init(_ file: ModelFile, builder: GraphBuilder) throws {
    guard file.opset >= 7 else { throw ModelError.oldOpset(file.opset) }
    self.file = file
    self.builder = builder
    let graph = file.model.graph
    nodes = graph.node
    initializers = Dictionary(graph.initializer.map { ($0.name, $0) }) { first, _ in first }
    var producers: [String: Int] = [:]
    for (i, node) in nodes.enumerated() {
      for output in node.output where !output.isEmpty {
        guard producers.updateValue(i, forKey: output) == nil else {
          throw ModelError.badNode(
            node.place, problem: "gives '\(output)', which another node gives too")
        }
      }
    }
    self.producers = producers
    isDone = [Bool](repeating: false, count: nodes.count)
  }

  /// Says what a named value is before the import begins.
  mutating func set(_ name: String, to edge: Edge) { edges[name] = edge }

  /// The value of a name after all that it depends on; `missing` names what is not available of that.
  mutating func importValue(_ name: String) throws -> (edge: Edge, missing: [MissingOperator]) {
    let order = try order(towards: name)
    for i in order where !isDone[i] { try build(i) }
    let place = producers[name].map { nodes[$0].place } ?? NodePlace(type: "output", node: name)
    return (try edge(name, for: place), order.flatMap { missing[$0] ?? [] })
  }

  func gives(_ name: String) -> Bool { producers[name] != nil || edges[name] != nil }
}

// MARK: - Order

extension Importer {
  /// The nodes that a value depends on, each after those it depends on itself.
  private func order(towards name: String) throws -> [Int] {
    guard let last = producers[name], edges[name] == nil || isDone[last] else { return [] }
    var order: [Int] = []
    var isOpen = [Bool?](repeating: nil, count: nodes.count)
    var stack = [last]
    while let i = stack.last {
      guard isOpen[i] != false else {
        stack.removeLast()
        continue
      }
      let waiting = isOpen[i] == true ? [] : dependencies(i).filter { isOpen[$0] != false }
      if let open = waiting.first(where: { isOpen[$0] == true || $0 == i }) {
        throw ModelError.cycle(nodes[open].place)
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
    nodes[i].input.compactMap { initializers[$0] == nil ? producers[$0] : nil }
  }
}

// MARK: - Nodes

extension Importer {
  private mutating func build(_ i: Int) throws {
    isDone[i] = true
    let node = nodes[i]
    let place = node.place
    let inputs = try node.inputsWithoutTail.map { $0.isEmpty ? nil : try edge($0, for: place) }
    let call = OperatorCall(
      place: place, opset: file.opset, attributes: Attributes(node, place: place), inputs: inputs,
      outputCount: node.output.count, decoder: file.decoder)
    var outputs: [Edge] = []
    do {
      outputs = try self.outputs(call)
    } catch ModelError.unsupported(let found) {
      missing[i] = found
    }
    for (k, name) in node.output.enumerated() where !name.isEmpty {
      edges[name] = k < outputs.count ? outputs[k] : .unknown
    }
  }

  private mutating func outputs(_ call: OperatorCall) throws -> [Edge] {
    let builder = Builders.all[call.place.type]
    guard builder != nil || Builders.foldedOnly.contains(call.place.type) else {
      throw ModelError.unsupported([MissingOperator(place: call.place)])
    }
    if call.inputs.contains(where: { $0?.isUnknown ?? false }) { return [] }
    if let value = try ConstantFolding.fold(call) { return [.known(value)] }
    guard let builder else { throw call.missing("inputs that depend on the image") }
    return try builder(call, &self.builder)
  }

  private mutating func edge(_ name: String, for place: NodePlace) throws -> Edge {
    if let edge = edges[name] { return edge }
    guard let tensor = initializers[name] else {
      throw ModelError.unknownValue(name: name, place: place)
    }
    let edge = Edge.known(try file.decoder.value(of: tensor))
    edges[name] = edge
    return edge
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
