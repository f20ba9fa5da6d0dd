internal import Tensors

extension Graph {
  /// The same function with operations that are cheaper together made one, for evaluation only.
  ///
  /// A convolution takes the rectifier and the maximum over windows behind it, a dense layer and a sum of equal shapes
  /// the rectifier; only where nobody else reads what lies between. A rectifier and a maximum commute, so their order
  /// does not matter.
  func fused() -> Graph {
    guard let shapes = try? outputShapes(batch: 1) else { return self }
    var fusion = Fusion(graph: self, shapes: shapes)
    for i in nodes.indices { fusion.visit(i) }
    return fusion.finished
  }
}

private struct Fusion {
  private let graph: Graph
  private let shapes: [Shape]
  private let readers: [Int]
  private var plan: Graph
  /// Where the plan has each node's output.
  private var places: [Operand] = []

  init(graph: Graph, shapes: [Shape]) {
    self.graph = graph
    self.shapes = shapes
    var readers = [Int](repeating: 0, count: graph.nodes.count)
    for node in graph.nodes {
      for case .node(let j) in node.inputs { readers[j] += 1 }
    }
    if case .node(let j) = graph.output { readers[j] += 1 }
    self.readers = readers
    plan = Graph(imageShape: graph.imageShape, constants: graph.constants)
  }

  mutating func visit(_ i: Int) {
    let node = graph.nodes[i]
    if case .node(let j)? = node.inputs.first, readers[j] == 1, case .node(let k) = places[j],
      let block = block(plan.nodes[k].operation, followedBy: node.operation, at: shapes[j], k)
    {
      plan.nodes[k].operation = block
      places.append(.node(k))
    } else {
      let inputs = node.inputs.map(place)
      places.append(plan.append(node.operation, of: inputs, name: node.name, type: node.type))
    }
  }

  /// The plan, once all nodes were visited.
  var finished: Graph {
    var plan = plan
    plan.output = place(graph.output)
    return plan
  }

  private func place(_ operand: Operand) -> Operand {
    if case .node(let j) = operand { places[j] } else { operand }
  }

  /// One operation for the two, where there is one; `shape` is what lies between.
  private func block(
    _ first: any Operation, followedBy second: any Operation, at shape: Shape, _ k: Int
  ) -> (any Operation)? {
    let isRectifier = (second as? Rectifier)?.slope == 0
    switch first {
    case let layer as Convolution:
      let block = ConvolutionBlock(convolution: layer, rectifies: isRectifier, pool: pool(second))
      return block.rectifies || block.pool != nil ? block : nil
    case let block as ConvolutionBlock where isRectifier && !block.rectifies:
      return ConvolutionBlock(convolution: block.convolution, rectifies: true, pool: block.pool)
    case let block as ConvolutionBlock where block.pool == nil && pool(second) != nil:
      return ConvolutionBlock(convolution: block.convolution, rectifies: block.rectifies, pool: pool(second))
    case let layer as Dense where isRectifier: return DenseBlock(dense: layer)
    case is Addition where isRectifier: return sumsEqualShapes(k) ? RectifiedSum() : nil
    default: return nil
    }
  }

  /// The pooling, if its taps can be recorded in a byte and no window lies in the padding alone.
  private func pool(_ operation: any Operation) -> MaxPool? {
    guard let pool = operation as? MaxPool, pool.window.count < 255 else { return nil }
    let fits = (0..<2).allSatisfy {
      pool.window.before[$0] < pool.window.reach($0) && pool.window.after[$0] < pool.window.reach($0)
    }
    return fits ? pool : nil
  }

  private func sumsEqualShapes(_ k: Int) -> Bool {
    let inputs = plan.nodes[k].inputs
    let shapes = (try? plan.outputShapes(batch: 1)) ?? []
    return shapes.count > k
      && inputs.allSatisfy { plan.shape(of: $0, nodes: shapes, batch: 1) == shapes[k] }
      && inputs.allSatisfy { $0.depends(on: plan.varies) }
  }
}
