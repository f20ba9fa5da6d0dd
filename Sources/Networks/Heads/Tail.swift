internal import Tensors

/// The last operations of a graph, all behind one value: a function of that value alone.
struct Tail {
  /// What the function is of.
  let base: Operand
  let baseShape: Shape
  /// The nodes behind it, in order.
  let nodes: [Int]
  private let graph: Graph

  /// A head is short: values farther from the end than so many nodes are not looked at.
  private static let longest = 128

  /// The tails behind values of `width` elements, the shortest first; that of the output itself has no nodes.
  static func all(of graph: Graph, _ shapes: [Shape], width: Int) -> [Tail] {
    guard case .node(let last) = graph.output else { return [] }
    return (max(0, last - longest)...last).reversed().compactMap { i in
      shapes[i].count == width ? Tail(graph, behind: i, shape: shapes[i]) : nil
    }
  }

  /// The tail behind node i; nil where the output depends on the image by another way.
  private init?(_ graph: Graph, behind i: Int, shape: Shape) {
    var isBehind = [Bool](repeating: false, count: graph.nodes.count - i)
    isBehind[0] = true
    let varies = graph.varies
    var nodes: [Int] = []
    for j in i + 1..<graph.nodes.count {
      let moving = graph.nodes[j].inputs.filter { $0.depends(on: varies) }
      let own = moving.count { if case .node(let k) = $0 { k >= i && isBehind[k - i] } else { false } }
      if own == 0 { continue }
      guard own == moving.count else { return nil }
      isBehind[j - i] = true
      nodes.append(j)
    }
    guard case .node(let last) = graph.output, last >= i, isBehind[last - i] else { return nil }
    (base, baseShape, self.nodes, self.graph) = (.node(i), shape, nodes, graph)
  }

  var operations: [any Operation] { nodes.map { graph.nodes[$0].operation } }

  /// The operators as the model file names them, each once, without those that only rearrange.
  var operators: [String] {
    var names: [String] = []
    for i in nodes where !graph.nodes[i].operation.rearranges && !names.contains(graph.nodes[i].type) {
      names.append(graph.nodes[i].type)
    }
    return names
  }

  /// The function as a graph from 1×W on.
  var function: Graph {
    var function = Graph(imageShape: [1, baseShape.count])
    var places = [base: function.append(Reshape(exactly: baseShape), of: [.image])]
    for i in nodes {
      let inputs = graph.nodes[i].inputs.map { operand in
        if case .constant(let k) = operand { return function.constant(graph.constants[k]) }
        return places[operand] ?? constant(operand, &function, &places)
      }
      let node = graph.nodes[i]
      places[.node(i)] = function.append(node.operation, of: inputs, name: node.name, type: node.type)
    }
    function.output = places[graph.output]!  // the output is one of the nodes, or the base
    return function
  }

  /// A node that depends on nothing: it and what it reads, again.
  private func constant(
    _ operand: Operand, _ function: inout Graph, _ places: inout [Operand: Operand]
  ) -> Operand {
    guard case .node(let j) = operand else { preconditionFailure("a tail reads the image") }
    let node = graph.nodes[j]
    let inputs = node.inputs.map { input in
      if case .constant(let k) = input { return function.constant(graph.constants[k]) }
      return places[input] ?? constant(input, &function, &places)
    }
    places[operand] = function.append(node.operation, of: inputs, name: node.name, type: node.type)
    return places[operand]!
  }
}

extension Operation {
  /// Whether it only puts the same numbers into another shape.
  var rearranges: Bool { self is Reshape || self is Transpose || self is Expansion || self is Concatenation }
}
