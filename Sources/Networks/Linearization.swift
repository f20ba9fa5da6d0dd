public import Tensors

/// A network's derivatives at one tile of images: one forward pass with its values kept, and any number of products.
///
/// Memory: every intermediate value of the tile. Cost of a product: about one forward pass; of a Hessian product, three.
public struct Linearization: Sendable {
  /// f, whose derivatives are taken.
  public let network: Network
  let images: Tensor
  let values: [Tensor]
  private let records: [[UInt8]]
  /// f(x), N×K.
  public let logits: Tensor

  init(_ network: Network, at x: Tensor) {
    self.network = network
    images = x
    var values: [Tensor?] = []
    var records: [[UInt8]] = []
    for node in network.plan.nodes {
      let found = node.operation.forwardRecording(node.inputs.map { network.value($0, x, values) })
      values.append(found.output)
      records.append(found.record)
    }
    logits = network.value(network.plan.output, x, values).reshaped(to: [x.count, network.classCount])
    self.values = values.map { $0! }
    self.records = records
  }

  /// The same at the images with these indices alone, each treated on its own by every operation of the network.
  public func gathering(_ indices: [Int]) -> Linearization {
    precondition(network.keepsBatchesApart, "a network that mixes its images")
    return Linearization(at: indices, of: self)
  }

  private init(at indices: [Int], of whole: Linearization) {
    network = whole.network
    let count = whole.images.count
    images = whole.images.gathering(indices)
    logits = whole.logits.gathering(indices)
    values = zip(whole.values, whole.network.varies).map { $1 ? $0.gathering(indices) : $0 }
    records = whole.records.map { record in
      let size = record.count / count
      return indices.flatMap { record[$0 * size..<($0 + 1) * size] }
    }
  }

  /// J·v, the derivative of the logits along v: N×C×H×W → N×K.
  public func pushforward(_ tangent: Tensor) -> Tensor {
    let tangents = pushed(tangent)
    return flow(of: network.plan.output, tangent, tangents)?.reshaped(to: logits.shape)
      ?? Tensor(zeros: logits.shape)
  }

  /// Jᵀ·w, the gradient of ⟨w, f⟩: N×K → N×C×H×W.
  public func pullback(_ cotangent: Tensor) -> Tensor {
    sweep(cotangent, nil, along: nil).cotangent
  }

  /// Jᵀ·w for several w of the tile, one batch behind the other: (B·N)×K → (B·N)×C×H×W.
  ///
  /// Cheaper than one by one: they share the linearisation and each pass over the weights.
  public func pullbacks(_ cotangents: Tensor, batches: Int) -> Tensor {
    let count = images.count
    let size = network.keepsBatchesApart ? network.batchesTogether(count: count, of: batches) : 1
    let parts = (batches + size - 1) / size
    if parts == 1 { return sweep(cotangents, nil, along: nil, batches: batches).cotangent }
    return Tensor(shape: images.shape.batch(of: batches * count)) { out in
      together(over: parts, work: batches * count * network.multiplyAdds) { p in
        let part = p * batches / parts..<(p + 1) * batches / parts
        let own = cotangents[part.lowerBound * count..<part.upperBound * count]
        let found = sweep(own, nil, along: nil, batches: part.count).cotangent
        let start = part.lowerBound * images.elements.count
        found.elements.withUnsafeBufferPointer {
          (out.baseAddress! + start).update(from: $0.baseAddress!, count: $0.count)
        }
      }
    }
  }

  /// ∇²g·v for a scalar function g of the logits, exact: N×C×H×W → N×C×H×W.
  ///
  /// Forward over reverse: v is pushed through and every ẋ kept; then ȳ = ∇g and its derivative ȳ̇ = ∇²g·ẏ are pulled
  /// back together, with x̄̇ = pullback(ȳ̇) + curvature(ȳ, ẋ) at each node.
  public func hessianProduct(_ objective: some Objective, range: Range<Int>, _ v: Tensor) -> Tensor {
    let tangents = pushed(v)
    let pushedLogits =
      flow(of: network.plan.output, v, tangents)?.reshaped(to: logits.shape) ?? Tensor(zeros: logits.shape)
    return sweep(
      objective.gradient(logits, range: range), objective.hessianProduct(logits, pushedLogits, range: range),
      along: (v, tangents)
    ).derivative!
  }
}

// MARK: - Sweeps

extension Linearization {
  private func point(_ i: Int) -> Point {
    let node = network.plan.nodes[i]
    return Point(
      inputs: node.inputs.map { operand in
        switch operand {
        case .image: images
        case .constant(let i): network.plan.constants[i]
        case .node(let i): values[i]
        }
      }, output: values[i], varies: node.inputs.map { $0.depends(on: network.varies) },
      record: records[i])
  }

  private func flow(of operand: Operand, _ image: Tensor, _ nodes: [Tensor?]) -> Tensor? {
    switch operand {
    case .image: image
    case .constant: nil
    case .node(let i): nodes[i]
    }
  }

  /// The tangent of every node's output; nil where it does not depend on the image.
  private func pushed(_ tangent: Tensor) -> [Tensor?] {
    var tangents: [Tensor?] = []
    for (i, node) in network.plan.nodes.enumerated() {
      let incoming = node.inputs.map { flow(of: $0, tangent, tangents) }
      tangents.append(network.varies[i] ? node.operation.pushforward(incoming, at: point(i)) : nil)
    }
    return tangents
  }

  /// Pulls a cotangent back through the graph, and with it, where tangents are given, its derivative along them.
  private func sweep(
    _ cotangent: Tensor, _ derivative: Tensor?, along tangents: (image: Tensor, nodes: [Tensor?])?,
    batches: Int = 1
  ) -> (cotangent: Tensor, derivative: Tensor?) {
    let graph = network.plan
    var first = Cotangents(graph, images)
    var second = Cotangents(graph, images)
    let outputShape = network.value(graph.output, images, values).shape
    first.add(cotangent.reshaped(to: outputShape.batches(batches)), to: graph.output)
    if let derivative { second.add(derivative.reshaped(to: outputShape), to: graph.output) }
    for i in graph.nodes.indices.reversed() where network.varies[i] {
      let node = graph.nodes[i]
      let outgoing = first.take(i)
      let outgoingDerivative = second.take(i)
      guard outgoing != nil || outgoingDerivative != nil else { continue }
      let point = point(i)
      if let outgoingDerivative {
        second.add(node.operation.pullback(outgoingDerivative, at: point), to: node.inputs)
      }
      if let outgoing {
        first.add(node.operation.pullbacks(outgoing, batches: batches, at: point), to: node.inputs)
        if let tangents {
          let incoming = node.inputs.map { flow(of: $0, tangents.image, tangents.nodes) }
          if let bend = node.operation.curvature(of: outgoing, along: incoming, at: point) {
            second.add(bend, to: node.inputs)
          }
        }
      }
    }
    func zero() -> Tensor { Tensor(zeros: images.shape.batch(of: batches * images.count)) }
    return (first.image ?? zero(), tangents == nil ? nil : second.image ?? zero())
  }
}

/// The cotangents gathered so far at every value of a graph.
private struct Cotangents {
  var nodes: [Tensor?]
  var image: Tensor?

  init(_ graph: Graph, _ images: Tensor) { nodes = [Tensor?](repeating: nil, count: graph.nodes.count) }

  mutating func take(_ i: Int) -> Tensor? {
    defer { nodes[i] = nil }
    return nodes[i]
  }

  mutating func add(_ cotangents: [Tensor?], to operands: [Operand]) {
    for (cotangent, operand) in zip(cotangents, operands) {
      if let cotangent { add(cotangent, to: operand) }
    }
  }

  mutating func add(_ cotangent: Tensor, to operand: Operand) {
    switch operand {
    case .image: Self.accumulate(cotangent, into: &image)
    case .constant: break
    case .node(let i): Self.accumulate(cotangent, into: &nodes[i])
    }
  }

  private static func accumulate(_ cotangent: Tensor, into sum: inout Tensor?) {
    if sum == nil { sum = cotangent } else { Tensors.add(1, cotangent.elements, to: &sum!.elements) }
  }
}
