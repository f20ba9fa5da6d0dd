public import Tensors

extension Graph {
  /// The output shape of every node for a batch of so many images.
  public func outputShapes(batch: Int) throws(ShapeError) -> [Shape] {
    var shapes: [Shape] = []
    for node in nodes {
      do {
        shapes.append(
          try node.operation.outputShape(node.inputs.map { shape(of: $0, nodes: shapes, batch: batch) }))
      } catch let error {
        throw ShapeError("\(node.type) '\(node.name)': \(error)")
      }
    }
    return shapes
  }

  func shape(of operand: Operand, nodes shapes: [Shape], batch: Int) -> Shape {
    switch operand {
    case .image: imageShape.batch(of: batch * imageShape[0])
    case .constant(let i): constants[i].shape
    case .node(let i): shapes[i]
    }
  }

  /// Multiply-adds of one image forward.
  var multiplyAdds: Int {
    let shapes = (try? outputShapes(batch: 1)) ?? []
    return nodes.reduce(0) { sum, node in
      sum + node.operation.multiplyAdds(node.inputs.map { shape(of: $0, nodes: shapes, batch: 1) })
    }
  }

  /// Whether each node's output depends on the image.
  var varies: [Bool] {
    var varies: [Bool] = []
    for node in nodes { varies.append(node.inputs.contains { $0.depends(on: varies) }) }
    return varies
  }

  /// Whether every operation treats the entries of a batch one by one, as the shapes for one and for two images tell.
  func keepsBatchesApart(_ varies: [Bool]) -> Bool {
    guard imageShape[0] == 1, let one = try? outputShapes(batch: 1), let two = try? outputShapes(batch: 2)
    else {
      return false
    }
    for i in nodes.indices where varies[i] {
      guard one[i].rank > 0, one[i][0] == 1, two[i] == one[i].batch(of: 2) else { return false }
    }
    return true
  }

  /// The last node that reads each node's value: −1 for none, one beyond the nodes for the output.
  var lastReaders: [Int] {
    var last = [Int](repeating: -1, count: nodes.count)
    for (i, node) in nodes.enumerated() {
      for case .node(let j) in node.inputs { last[j] = i }
    }
    if case .node(let j) = output { last[j] = nodes.count }
    return last
  }

  /// For each node, the nodes whose values nobody needs after it.
  var lastUses: [[Int]] {
    var uses = [[Int]](repeating: [], count: nodes.count)
    for (j, i) in lastReaders.enumerated() where i >= 0 && i < nodes.count { uses[i].append(j) }
    return uses
  }
}

extension Operand {
  /// Whether it depends on the image, where `varies` says so of the nodes.
  func depends(on varies: [Bool]) -> Bool {
    switch self {
    case .image: true
    case .constant: false
    case .node(let i): varies[i]
    }
  }
}
