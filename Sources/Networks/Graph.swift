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
  public var operation: any Operation
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
  public var imageShape: Shape
  public var constants: [Tensor]
  public var nodes: [Node]
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

  public mutating func constant(_ tensor: Tensor) -> Operand {
    constants.append(tensor)
    return .constant(constants.count - 1)
  }
}
