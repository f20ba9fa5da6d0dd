internal import Foundation
internal import ONNX
internal import ONNXSchema
internal import SwiftProtobuf

/// Graphs that are made of bytes: operators that there are, with attributes and constants that make sense or do not.
enum GraphGrammar {
  static func model(_ bytes: [UInt8]) -> Onnx_ModelProto {
    var source = Source(bytes: bytes[...])
    var model = Onnx_ModelProto()
    model.irVersion = 8
    var opset = Onnx_OperatorSetIdProto()
    opset.version = Int64([7, 9, 11, 13, 17, 18, 21][source.choice(7)])
    model.opsetImport = [opset]
    model.graph = graph(&source, depth: 0)
    var x = Onnx_ValueInfoProto()
    x.name = "x"
    x.type.tensorType.elemType = 1
    x.type.tensorType.shape.dim = ([1, 3, 8, 8] as [Int64]).map { extent in
      Onnx_TensorShapeProto.Dimension.with { $0.dimValue = extent }
    }
    model.graph.input = [x]
    return model
  }

  private static func graph(_ source: inout Source, depth: Int) -> Onnx_GraphProto {
    var graph = Onnx_GraphProto()
    graph.name = "g"
    var names = ["x"]
    for i in 0..<source.choice(5) {
      graph.initializer.append(tensor(&source, "w\(depth)\(i)"))
      names.append("w\(depth)\(i)")
    }
    for i in 0...source.choice(depth == 0 ? 6 : 3) {
      var node = Onnx_NodeProto()
      // More than a byte's values.
      let place = source.choice(256) * 256 + source.choice(256)
      let name = Vocabulary.operators[place % Vocabulary.operators.count].split(separator: ".")
      (node.opType, node.domain) = (String(name.last!), name.dropLast().joined(separator: "."))
      node.name = "n\(i)"
      node.input = (0..<source.choice(5)).map { _ in names[source.choice(names.count)] }
      node.output = (0...source.choice(2)).map { "v\(depth)\(i)\($0)" }
      node.attribute = (0..<source.choice(4)).map { _ in attribute(&source, depth) }
      graph.node.append(node)
      names += node.output
    }
    graph.output = [Onnx_ValueInfoProto.with { $0.name = names.last! }]
    return graph
  }

  private static func tensor(_ source: inout Source, _ name: String) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = (0..<source.choice(7)).map { _ in Int64([1, 2, 3, 4, 8, 0][source.choice(6)]) }
    let count = Int(tensor.dims.reduce(1, *))
    guard count <= 512 else { return tensor }
    if source.choice(2) == 0 {
      tensor.dataType = 1
      tensor.floatData = (0..<count).map { _ in source.float() }
    } else {
      tensor.dataType = 7
      tensor.int64Data = (0..<count).map { _ in source.integer() }
    }
    return tensor
  }

  private static func attribute(_ source: inout Source, _ depth: Int) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    switch source.choice(depth < 2 ? 5 : 4) {
    case 0:
      (attribute.name, attribute.type) = (source.of(Vocabulary.integers), .int)
      attribute.i = source.integer()
    case 1:
      (attribute.name, attribute.type) = (source.of(Vocabulary.lists), .ints)
      attribute.ints = (0..<source.choice(9)).map { _ in source.integer() }
    case 2:
      (attribute.name, attribute.type) = (source.of(Vocabulary.floats), .float)
      attribute.f = source.float()
    case 3:
      (attribute.name, attribute.type) = (source.of(Vocabulary.texts), .string)
      attribute.s = Data(source.of(Vocabulary.words).utf8)
    default:
      (attribute.name, attribute.type) = (source.of(["then_branch", "else_branch", "body"]), .graph)
      attribute.g = graph(&source, depth: depth + 1)
    }
    return attribute
  }

  /// Decisions, one a byte; 0 where the bytes have come to their end.
  private struct Source {
    var bytes: ArraySlice<UInt8>

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    mutating func choice(_ count: Int) -> Int { Int(byte()) % max(1, count) }

    mutating func of(_ words: [String]) -> String { words[choice(words.count)] }

    mutating func integer() -> Int64 {
      let kind = byte()
      return switch kind {
      case 0..<128: Int64(kind % 16) - 3
      default: Vocabulary.awkwardIntegers[Int(kind) % Vocabulary.awkwardIntegers.count]
      }
    }

    mutating func float() -> Float {
      let kind = byte()
      return switch kind {
      case 0..<128: Float(kind % 32) / 8 - 1
      default: Vocabulary.awkwardFloats[Int(kind) % Vocabulary.awkwardFloats.count]
      }
    }
  }
}

private enum Vocabulary {
  static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  static let operators = ModelFile.operatorNames + ["If", "Loop", "Scan", "Constant"]
  static let integers = words(
    """
    axis keepdims group ceil_mode transA transB to blocksize size k largest sorted p num_outputs allowzero upper \
    exclusive reverse antialias storage_order count_include_pad hidden_size batch_dims num_groups fmod start end \
    noop_with_empty_axes select_last_index align_corners num_heads spatial value_int
    """)
  static let lists = words(
    "axes pads strides dilations kernel_shape perm split starts ends shape output_padding output_shape value_ints"
  )
  static let floats = words(
    "alpha beta gamma epsilon bias lambd min max cubic_coeff_a extrapolation_value clip momentum value_float")
  static let texts = words(
    "mode auto_pad equation coordinate_transformation_mode nearest_mode direction reduction keep_aspect_ratio_policy"
  )
  static let words = words(
    """
    constant reflect edge wrap linear cubic nearest SAME_UPPER VALID NOTSET ij,jk->ik ii->i ...->... half_pixel \
    tf_crop_and_resize align_corners floor ceil bidirectional reverse add mul none CRD DCR bilinear stretch not_larger
    """)
  static let awkwardIntegers: [Int64] = [
    0, -1, 255, 65_536, 1 << 31, -(1 << 31), 1 << 62, .max, .min, 1_000_000, -2, 17,
  ]
  static let awkwardFloats: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, 3.4e38, -3.4e38, .leastNonzeroMagnitude, 1e30, 1e-30, 0.5,
  ]
}
