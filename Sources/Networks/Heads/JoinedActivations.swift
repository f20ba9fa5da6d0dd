internal import Tensors

extension Graph {
  /// The same function with an activation that all joined values end in put behind the joint:
  /// [σ(z₁), …, σ(z_K)] = σ([z₁, …, z_K]), as classifiers of one class against the rest are written.
  ///
  /// Only values of `width` elements, which may be scores, are looked at.
  func joiningActivations(_ shapes: [Shape], width: Int) -> Graph {
    guard nodes.contains(where: { $0.operation is Concatenation }) else { return self }
    var graph = Graph(imageShape: imageShape, constants: constants)
    var places: [Operand: Operand] = [.image: .image]
    for k in constants.indices { places[.constant(k)] = .constant(k) }
    for (i, node) in nodes.enumerated() {
      if shapes[i].count == width, let ways = activations(joinedBy: node),
        case .node(let first) = ways[0].activation
      {
        let inputs = ways.map { way in
          way.rearrangements.reversed().reduce(places[input(of: way.activation)]!) { value, j in
            graph.append(nodes[j].operation, of: [value], name: nodes[j].name, type: nodes[j].type)
          }
        }
        let joint = graph.append(node.operation, of: inputs, name: node.name, type: node.type)
        places[.node(i)] = graph.append(
          nodes[first].operation, of: [joint], name: nodes[first].name, type: nodes[first].type)
      } else {
        let inputs = node.inputs.map { places[$0]! }  // a node comes after those it reads
        places[.node(i)] = graph.append(node.operation, of: inputs, name: node.name, type: node.type)
      }
    }
    graph.output = places[output]!
    return graph.ending(in: graph.output)
  }

  /// How a joined value comes from an activation: the nodes that rearrange it, from the joint on.
  private typealias Way = (activation: Operand, rearrangements: [Int])

  /// The ways back from each input of a concatenation to the same smooth activation; nil where there is none.
  private func activations(joinedBy node: Node) -> [Way]? {
    guard node.operation is Concatenation, node.inputs.count > 1 else { return nil }
    var ways: [Way] = []
    var function: ScalarFunction?
    for operand in node.inputs {
      guard let way = way(backFrom: operand), case .node(let j) = way.activation,
        let own = (nodes[j].operation as? Elementwise)?.function, function == nil || function == own
      else { return nil }
      function = own
      ways.append(way)
    }
    return ways
  }

  private func way(backFrom operand: Operand) -> Way? {
    var way: Way = (operand, [])
    while case .node(let j) = way.activation, !(nodes[j].operation is Elementwise) {
      guard nodes[j].operation.picks else { return nil }
      way.rearrangements.append(j)
      way.activation = nodes[j].inputs[0]
    }
    return way.activation == .image ? nil : way
  }

  private func input(of operand: Operand) -> Operand {
    guard case .node(let j) = operand else { preconditionFailure("an activation is a node") }
    return nodes[j].inputs[0]
  }
}

extension Operation {
  /// Whether every element of the output is one of the input's.
  fileprivate var picks: Bool { self is Reshape || self is Transpose || self is Slice || self is Gather }
}
