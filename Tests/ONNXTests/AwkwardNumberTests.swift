internal import Foundation
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import Testing

@testable internal import ONNX

/// Numbers of a file that are out of all range, in every attribute and every known input that becomes an integer or a scale.
@Suite("Awkward numbers")
struct AwkwardNumberTests {
  static let floats: [Float] = [.nan, .infinity, -.infinity, 0, 3.4e38, -3.4e38, 1e-45, -1e-45]
  static let integers: [Int64] = [0, -1, 1 << 31, -(1 << 31), .max, .min]

  /// A node, each of whose numbers is replaced in turn.
  struct Graph: Sendable, CustomStringConvertible {
    let type: String
    var attributes: [String] = []
    var numbers: [String: Int64] = [:]
    var lists: [String: [Int64]] = [:]
    /// Further inputs: floats, or integers where the name begins with i.
    var inputs: [(name: String, values: [Float])] = []
    /// Whether the node computes with constants alone.
    var isKnown = false

    var description: String { type + (isKnown ? " of constants" : "") }
  }

  static let graphs: [Graph] = [
    Graph(type: "LeakyRelu", attributes: ["alpha"]), Graph(type: "Elu", attributes: ["alpha"]),
    Graph(type: "HardSigmoid", attributes: ["alpha", "beta"]),
    Graph(type: "Shrink", attributes: ["lambd", "bias"]),
    Graph(type: "LRN", attributes: ["alpha", "beta", "bias"], numbers: ["size": 3]),
    Graph(type: "Softmax", numbers: ["axis": 1]), Graph(type: "Flatten", numbers: ["axis": 1]),
    Graph(type: "DepthToSpace", numbers: ["blocksize": 2]),
    Graph(
      type: "MaxPool", numbers: ["ceil_mode": 1],
      lists: ["kernel_shape": [2, 2], "strides": [2, 2], "pads": [0, 0, 1, 1]]),
    Graph(
      type: "AveragePool", numbers: ["ceil_mode": 1], lists: ["kernel_shape": [9, 9], "strides": [9, 9]]),
    Graph(type: "TopK", numbers: ["axis": 1], inputs: [("ik", [2])]),
    Graph(type: "CumSum", numbers: ["exclusive": 1], inputs: [("ia", [1])]),
    Graph(type: "Clip", inputs: [("a", [0]), ("b", [1])]),
    Graph(type: "Resize", inputs: [("roi", [0, 0, 0, 0, 1, 1, 1, 1]), ("scales", [1, 1, 2, 2])]),
    Graph(type: "Slice", inputs: [("is", [1]), ("ie", [3]), ("ia", [2]), ("it", [1])]),
    Graph(type: "Pad", inputs: [("ip", [0, 0, 1, 1, 0, 0, 1, 1]), ("v", [0])]),
    Graph(type: "Tile", inputs: [("ir", [1, 1, 2, 1])]), Graph(type: "Reshape", inputs: [("is", [1, 192])]),
    Graph(type: "Expand", inputs: [("is", [1, 3, 8, 8])]), Graph(type: "Gather", inputs: [("ii", [0])]),
    Graph(type: "GatherND", inputs: [("ii", [0])]), Graph(type: "Trilu", inputs: [("ik", [1])]),
    Graph(type: "QuantizeLinear", numbers: ["axis": 1], inputs: [("s", [0.1])]),
    Graph(type: "DequantizeLinear", numbers: ["axis": 1], inputs: [("s", [0.1])]),
    Graph(type: "Mod", numbers: ["fmod": 1], inputs: [("m", [1.5])]),
    Graph(type: "Pow", inputs: [("p", [2])]),
    Graph(type: "Range", inputs: [("ia", [0]), ("ib", [9]), ("ic", [2])], isKnown: true),
    Graph(type: "Range", inputs: [("a", [0]), ("b", [9]), ("c", [2])], isKnown: true),
    Graph(type: "ConstantOfShape", inputs: [("is", [2])], isKnown: true),
    Graph(type: "OneHot", inputs: [("ia", [1]), ("id", [3]), ("v", [0, 1])], isKnown: true),
    Graph(type: "QuantizeLinear", inputs: [("c", [1, 2]), ("s", [0.1])], isKnown: true),
    Graph(type: "DequantizeLinear", inputs: [("ic", [1, 2]), ("s", [0.1])], isKnown: true),
    Graph(type: "Resize", inputs: [("c", [1, 2]), ("roi", [0, 1]), ("scales", [2])], isKnown: true),
    Graph(type: "Div", inputs: [("ia", [7]), ("ib", [2])], isKnown: true),
    Graph(type: "Mod", inputs: [("ia", [7]), ("ib", [2])], isKnown: true),
    Graph(type: "Abs", inputs: [("ia", [7])], isKnown: true),
    Graph(type: "Cast", numbers: ["to": 7], inputs: [("a", [7])], isKnown: true),
    Graph(type: "CumSum", inputs: [("ic", [1, 2]), ("ia", [0])], isKnown: true),
    Graph(type: "Pow", inputs: [("ia", [7]), ("ib", [2])], isKnown: true),
  ]

  @Test("every number is taken, or refused in a sentence of at most 300 characters", arguments: graphs)
  func taken(graph: Graph) throws {
    for variant in Self.variants(graph) {
      let file = try ModelFile(bytes: try variant.serializedData(), path: "awkward.onnx")
      do {
        _ = try file.classifier(profile: Profile())
      } catch {
        #expect(error is ModelError)
        #expect("\(error)".count <= 300)
      }
    }
  }

  /// The graph as it is, and with each of its numbers replaced by each awkward one.
  private static func variants(_ graph: Graph) -> [Onnx_ModelProto] {
    var variants = [model(graph, nil)]
    for (i, name) in graph.attributes.enumerated() {
      variants += floats.map { model(graph, .attribute(i, name, $0)) }
    }
    for name in graph.numbers.keys.sorted() { variants += integers.map { model(graph, .number(name, $0)) } }
    for name in graph.lists.keys.sorted() {
      for place in graph.lists[name]!.indices {
        variants += integers.map { model(graph, .list(name, place, $0)) }
      }
    }
    for (k, input) in graph.inputs.enumerated() {
      for place in input.values.indices {
        variants +=
          input.name.hasPrefix("i")
          ? integers.map { model(graph, .integer(k, place, $0)) }
          : floats.map { model(graph, .float(k, place, $0)) }
      }
    }
    return variants
  }

  private enum Change {
    case attribute(Int, String, Float)
    case number(String, Int64)
    case list(String, Int, Int64)
    case integer(Int, Int, Int64)
    case float(Int, Int, Float)
  }

  private static func model(_ graph: Graph, _ change: Change?) -> Onnx_ModelProto {
    var attributes: [Onnx_AttributeProto] = []
    for name in graph.attributes {
      if case .attribute(_, name, let x)? = change {
        attributes.append(.float(name, x))
      } else {
        attributes.append(.float(name, 0.5))
      }
    }
    for (name, number) in graph.numbers {
      if case .number(name, let x)? = change {
        attributes.append(.int(name, x))
      } else {
        attributes.append(.int(name, number))
      }
    }
    for (name, numbers) in graph.lists {
      var numbers = numbers
      if case .list(name, let place, let x)? = change { numbers[place] = x }
      attributes.append(.ints(name, numbers))
    }
    var weights: [Onnx_TensorProto] = []
    for (k, input) in graph.inputs.enumerated() {
      if input.name.hasPrefix("i") {
        var numbers = input.values.map { Int64($0) }
        if case .integer(k, let place, let x)? = change { numbers[place] = x }
        weights.append(.integers(input.name, numbers))
      } else {
        var numbers = input.values
        if case .float(k, let place, let x)? = change { numbers[place] = x }
        var tensor = Onnx_TensorProto.floats(input.name, [Int64(numbers.count)])
        tensor.floatData = numbers
        weights.append(tensor)
      }
    }
    for i in weights.indices where graph.type == "Range" || weights[i].name == "id" { weights[i].dims = [] }
    let names = graph.inputs.map(\.name)
    let node = Onnx_NodeProto.make(
      graph.type, (graph.isKnown ? [] : ["x"]) + names, "z", name: "n", attributes)
    // Known results reach the output by a sum with the image.
    return BadGraph.model(
      [
        node, .make("ReduceSum", ["z"], "r", [.int("keepdims", 0)]),
        .make("Cast", ["r"], "f", [.int("to", 1)]),
        .make("Flatten", ["x"], "q"), .make("Add", ["q", "f"], "y"),
      ], weights: weights)
  }
}
