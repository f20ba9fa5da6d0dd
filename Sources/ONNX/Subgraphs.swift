internal import Networks
internal import ONNXSchema
internal import Tensors

// Bodies within nodes: a branch is chosen and a loop unrolled before any image is; a function is written out.

/// What tells a model's own functions apart.
struct FunctionName: Hashable {
  let domain: String
  let name: String
  let overload: String

  init(_ function: Onnx_FunctionProto) {
    (domain, name, overload) = (function.domain, function.name, function.overload)
  }

  init(_ node: Onnx_NodeProto) { (domain, name, overload) = (node.domain, node.opType, node.overload) }
}

extension Importer {
  /// `If`: the branch that a known condition takes.
  mutating func branch(_ call: OperatorCall, _ node: Onnx_NodeProto) throws -> [Edge] {
    if try call.edge(0).isUnknown { return [] }
    guard let condition = try call.value(0, "conditions").booleans.first else {
      throw call.bad("has no condition")
    }
    let name = condition ? "then_branch" : "else_branch"
    guard let graph = call.attributes.graph(name) else { throw call.bad("\(name) is missing") }
    return try evaluate(graph, [], call).edges
  }

  /// `Loop`: its body once for each of a known number of rounds.
  mutating func unroll(_ call: OperatorCall, _ node: Onnx_NodeProto) throws -> [Edge] {
    guard let graph = call.attributes.graph("body") else { throw call.bad("body is missing") }
    if call.inputs.contains(where: { $0?.isUnknown ?? false }) { return [] }
    let rounds = call.has(0) ? try call.value(0, "rounds").integers.first ?? 0 : Int.max
    var goesOn = call.has(1) ? try call.value(1, "conditions").booleans.first ?? false : true
    var carried = try call.inputs.indices.dropFirst(2).map { try call.edge($0) }
    guard graph.input.count == carried.count + 2, graph.output.count > carried.count else {
      throw call.bad("its body takes \(graph.input.count) values and gives \(graph.output.count)")
    }
    var gathered = [[Edge]](repeating: [], count: graph.output.count - 1 - carried.count)
    var round = 0
    while goesOn, round < rounds {
      let counter = Value(shape: [], elements: .integer([round]))
      let flag = Value(shape: [], elements: .boolean([true]))
      let (outputs, missing) = try evaluate(graph, [.known(counter), .known(flag)] + carried, call)
      if missing { return [] }
      guard let condition = outputs[0].value?.booleans.first else {
        throw call.missing("a condition that depends on the image")
      }
      guard round < 1 << 16 else { throw call.bad("repeats more than \(1 << 16) times") }
      goesOn = condition
      carried = Array(outputs[1..<1 + carried.count])
      for (k, edge) in outputs.dropFirst(1 + carried.count).enumerated() { gathered[k].append(edge) }
      round += 1
    }
    return try carried + gathered.map { try stack($0, call) }
  }

  /// What every round of a loop gave, one behind the other along a new first axis.
  private mutating func stack(_ edges: [Edge], _ call: OperatorCall) throws -> Edge {
    guard let shape = edges.first?.shape else { return .known(Value(shape: [0], elements: .float([]))) }
    guard edges.allSatisfy({ $0.shape == shape }) else {
      throw call.missing("rounds that give different shapes")
    }
    _ = try call.checked([edges.count] + shape.extents)
    let rows = try edges.map { try builder.reshape($0, to: Shape([1] + shape.extents), for: call) }
    let values = rows.compactMap(\.value)
    if values.count == rows.count { return .known(.concatenating(values, axis: 0)) }
    return try builder.add(Concatenation(axis: 0), of: rows, for: call)
  }

  /// The nodes of a function in the place of a call, their references to its attributes filled in.
  mutating func inline(
    _ function: Onnx_FunctionProto, _ call: OperatorCall, _ node: Onnx_NodeProto
  ) throws -> [Edge] {
    let given = Dictionary(
      (node.attribute + function.attributeProto).map { ($0.name, $0) }
    ) { first, _ in first }
    let versions = function.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(\.version)
    let inner = Body(
      nodes: function.node.map { $0.filling(given) }, opset: Int(versions.max() ?? Int64(body.opset)),
      depth: body.depth + 1)
    return try evaluate(
      inner, named: function.input, giving: function.output, of: call.inputs.map { $0 }, capturing: [], call
    ).edges
  }

  private mutating func evaluate(
    _ graph: Onnx_GraphProto, _ inputs: [Edge?], _ call: OperatorCall
  ) throws -> (edges: [Edge], isMissing: Bool) {
    let inner = Body(
      nodes: graph.node, initializers: graph.initializer, sparse: graph.sparseInitializer, opset: body.opset,
      depth: body.depth + 1)
    return try evaluate(
      inner, named: graph.input.map(\.name), giving: graph.output.map(\.name), of: inputs,
      capturing: graph.capturedNames, call)
  }

  /// The outputs of a body, given its inputs and what it reads of the bodies around it.
  private mutating func evaluate(
    _ inner: Body, named names: [String], giving outputs: [String], of inputs: [Edge?],
    capturing captured: [String],
    _ call: OperatorCall
  ) throws -> (edges: [Edge], isMissing: Bool) {
    guard inner.depth <= Body.deepest else {
      throw call.bad("is nested more than \(Body.deepest) functions or branches deep, or calls itself")
    }
    var importer = try Importer(inner, decoder, functions, GraphBuilder(imageShape: []))
    for name in captured where knows(name) { importer.set(name, to: try edge(name, for: call.place)) }
    for (name, edge) in zip(names, inputs) where edge != nil && !name.isEmpty {
      importer.set(name, to: edge!)
    }
    swap(&importer.builder, &builder)
    defer { swap(&importer.builder, &builder) }
    var results: [Edge] = []
    var missing: [MissingOperator] = []
    for name in outputs {
      let found = try importer.importValue(name)
      results.append(found.edge)
      missing += found.missing
    }
    if !missing.isEmpty { throw ModelError.unsupported(Array(Set(missing))) }
    return (results, results.contains(where: \.isUnknown))
  }
}

extension Onnx_NodeProto {
  /// What the graphs among the attributes read of the bodies around them.
  var capturedNames: [String] { attribute.filter(\.hasG).flatMap(\.g.capturedNames) }

  /// The node with the attributes of a function's call in the place of references to them.
  fileprivate func filling(_ given: [String: Onnx_AttributeProto]) -> Onnx_NodeProto {
    var node = self
    node.attribute = attribute.compactMap { attribute in
      if attribute.hasG {
        var filled = attribute
        filled.g.node = attribute.g.node.map { $0.filling(given) }
        return filled
      }
      guard !attribute.refAttrName.isEmpty else { return attribute }
      guard var value = given[attribute.refAttrName] else { return nil }
      value.name = attribute.name
      return value
    }
    return node
  }
}

extension Onnx_GraphProto {
  /// Names that the nodes read and the graph does not give itself.
  var capturedNames: [String] {
    var own = Set(input.map(\.name) + initializer.map(\.name) + sparseInitializer.map(\.values.name))
    for node in node { own.formUnion(node.output) }
    let read = node.flatMap { $0.input + $0.capturedNames } + output.map(\.name)
    return Array(Set(read).subtracting(own).subtracting([""])).sorted()
  }
}
