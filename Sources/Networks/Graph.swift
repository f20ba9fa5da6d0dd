public import Tensors

/// Where an operation takes one of its inputs from.
public enum Operand: Hashable, Sendable {
  /// The image.
  case image
  /// `Graph.constants[index]`
  case constant(Int)
  /// The output of `Graph.nodes[index]`.
  case node(Int)
}

/// One operation of a graph, with the names it had in the model file.
public struct Node: Sendable {
  public var name: String
  /// The operator's name in the model file, such as `Conv`.
  public var type: String
  /// What the node computes of its inputs.
  public var operation: any Operation
  /// As many as the operation takes, in its order.
  public var inputs: [Operand]

  public init(name: String, type: String, operation: any Operation, inputs: [Operand]) {
    self.name = name
    self.type = type
    self.operation = operation
    self.inputs = inputs
  }
}

/// Operations in an order in which each comes after those it takes its inputs from.
///
/// A graph is specialised to one image: `imageShape` is 1×C×H×W (or whatever one record of the model's input is), and
/// everything that does not depend on the image has been folded into constants.
public struct Graph: Sendable {
  /// 1×C×H×W for images; the first extent is that of one record.
  public var imageShape: Shape
  /// Values that do not depend on the image; ``Operand/constant(_:)`` counts them from 0.
  public var constants: [Tensor]
  /// Each behind the nodes whose outputs it takes.
  public var nodes: [Node]
  /// The value that the graph gives, in a network the logits.
  public var output: Operand

  public init(imageShape: Shape, constants: [Tensor] = [], nodes: [Node] = [], output: Operand = .image) {
    self.imageShape = imageShape
    self.constants = constants
    self.nodes = nodes
    self.output = output
  }

  /// Adds an operation and returns its output.
  @discardableResult
  public mutating func append(
    _ operation: any Operation, of inputs: [Operand], name: String = "", type: String = ""
  ) -> Operand {
    nodes.append(
      Node(
        name: name, type: type.isEmpty ? "\(Swift.type(of: operation))" : type, operation: operation,
        inputs: inputs))
    output = .node(nodes.count - 1)
    return output
  }

  /// Adds a value that does not depend on the image and gives the operand for it.
  public mutating func constant(_ tensor: Tensor) -> Operand {
    constants.append(tensor)
    return .constant(constants.count - 1)
  }
}

extension Graph {
  /// The graph that ends in `output`, without the nodes and constants that it does not need.
  public func ending(in output: Operand) -> Graph {
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
