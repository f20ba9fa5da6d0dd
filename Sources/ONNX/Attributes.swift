internal import ONNXSchema

/// The attributes of a node, by name and type, in the ranges that make sense for them.
struct Attributes {
  private let byName: [String: Onnx_AttributeProto]
  private let place: NodePlace

  /// No extent, kernel, stride or padding in a file that means it is larger.
  static let largest = 1 << 24

  /// - Throws: ``ModelError/badNode(_:problem:)`` where an attribute is not of the type that its name always has.
  init(_ node: Onnx_NodeProto, place: NodePlace) throws {
    self.place = place
    byName = Dictionary(node.attribute.map { ($0.name, $0) }) { first, _ in first }
    for attribute in node.attribute {
      guard attribute.refAttrName.isEmpty else {
        throw ModelError.badNode(
          place, problem: "\(attribute.name) refers to a function's attribute outside of a function")
      }
      guard node.domain.isEmpty, attribute.hasType, let expected = Self.types[attribute.name] else {
        continue
      }
      guard expected.contains(attribute.type) else {
        throw ModelError.badNode(
          place, problem: "\(attribute.name) is of type \(attribute.type), not \(expected[0])")
      }
    }
  }

  private init(place: NodePlace) {
    self.place = place
    byName = [:]
  }

  /// No attributes at all.
  static let none = Attributes(place: NodePlace(type: "", node: ""))

  private static let types: [String: [Onnx_AttributeProto.AttributeType]] = {
    let groups: [(Onnx_AttributeProto.AttributeType, String)] = [
      (
        .int,
        """
        allowzero align_corners antialias axis batch_axis blocksize block_size ceil_mode channels_last \
        count_include_pad exclude_outside exclusive fmod group is_causal is_test k keepdims kv_num_heads largest \
        hidden_size input_forget layout linear_before_reset noop_with_empty_axes num_groups num_outputs p q_num_heads qk_matmul_output_mode reverse \
        select_last_index size sorted spatial storage_order training_mode transA transB upper value_int
        """
      ),
      (
        .float,
        "alpha beta clip cubic_coeff_a epsilon extrapolation_value gamma lambd max min momentum softcap value_float"
      ),
      (
        .string,
        """
        approximate auto_pad coordinate_transformation_mode direction equation keep_aspect_ratio_policy mode \
        nearest_mode reduction
        """
      ),
      (
        .ints,
        """
        axes dilations ends kernel_shape output_padding output_shape pads paddings perm shape split starts strides \
        value_ints
        """
      ),
      (.floats, "activation_alpha activation_beta scales value_floats"), (.strings, "activations"),
      (.graph, "body else_branch then_branch"),
    ]
    var types: [String: [Onnx_AttributeProto.AttributeType]] = [:]
    for (type, names) in groups { for name in names.split(separator: " ") { types[String(name)] = [type] } }
    return types
  }()

  func has(_ name: String) -> Bool { byName[name] != nil }

  func integer(_ name: String, default value: Int) -> Int {
    byName[name].map { Int($0.i) } ?? value
  }

  func float(_ name: String, default value: Float) throws -> Float {
    guard let attribute = byName[name] else { return value }
    guard attribute.f.isFinite else {
      throw ModelError.badNode(place, problem: "\(name) is not a finite number")
    }
    return attribute.f
  }

  func isNaN(_ name: String) -> Bool { byName[name]?.f.isNaN ?? false }

  func string(_ name: String, default value: String) -> String {
    byName[name].map { String(decoding: $0.s, as: UTF8.self) } ?? value
  }

  func strings(_ name: String) -> [String]? {
    byName[name].map { $0.strings.map { String(decoding: $0, as: UTF8.self) } }
  }

  func integers(_ name: String) -> [Int]? { byName[name].map { $0.ints.map { Int($0) } } }

  func floats(_ name: String) -> [Float]? { byName[name].map(\.floats) }

  func graph(_ name: String) -> Onnx_GraphProto? { byName[name].flatMap { $0.hasG ? $0.g : nil } }

  func tensor(_ name: String) -> Onnx_TensorProto? { byName[name].flatMap { $0.hasT ? $0.t : nil } }

  func sparseTensor(_ name: String) -> Onnx_SparseTensorProto? {
    byName[name].flatMap { $0.hasSparseTensor ? $0.sparseTensor : nil }
  }

  /// So many small integers, each at least `least`; `value` for each where the attribute is absent.
  func extents(_ name: String, count: Int, least: Int, default value: Int) throws -> [Int] {
    guard let found = integers(name) else { return [Int](repeating: value, count: count) }
    guard found.count == count, found.allSatisfy({ $0 >= least && $0 <= Self.largest }) else {
      throw ModelError.badNode(
        place,
        problem: "\(name) is \(found.prefix(8)), not \(count) numbers of at least \(least)")
    }
    return found
  }
}
