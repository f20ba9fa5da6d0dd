public import Tensors

/// A node of a network with what it costs and gives, for one image.
public struct Layer: Sendable {
  /// Of the graph as it was given, before neighbouring operations become one.
  public let node: Node
  /// That of its output, for a batch of one image.
  public let shape: Shape
  public let multiplyAdds: Int
  public let regularity: Regularity
}

extension Network {
  /// The nodes that depend on the image, in their order.
  public var layers: [Layer] {
    let shapes = (try? graph.outputShapes(batch: 1)) ?? []
    let varies = graph.varies
    return graph.nodes.indices.filter { varies[$0] && $0 < shapes.count }.map { i in
      let node = graph.nodes[i]
      let inputs = node.inputs.map { graph.shape(of: $0, nodes: shapes, batch: 1) }
      return Layer(
        node: node, shape: shapes[i], multiplyAdds: node.operation.multiplyAdds(inputs),
        regularity: node.operation.regularity(varying: node.inputs.map { $0.depends(on: varies) }))
    }
  }
}
