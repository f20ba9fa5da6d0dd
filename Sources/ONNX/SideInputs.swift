internal import ONNXSchema
internal import Tensors

/// The inputs of a model besides the image, with the values they take.
struct SideInputs {
  let image: Onnx_ValueInfoProto
  private(set) var values: [(name: String, value: Value)] = []
  /// The values that nobody stated.
  private(set) var remarks: [ImportRemark] = []

  /// - Throws: ``ModelError`` where no input is an image, or one beside it has no value.
  init(_ file: ModelFile, profile: Profile) throws {
    let given = profile.set ?? [:]
    let used = Set(file.model.graph.node.flatMap { $0.input + $0.capturedNames })
    let free = file.freeInputs.filter { used.contains($0.name) }
    for name in given.keys.sorted() where !file.model.graph.input.contains(where: { $0.name == name }) {
      throw ModelError.badInput(
        name: name, problem: "is not one of the model's: \(file.inputNames.joined(separator: ", "))")
    }
    var images: [Onnx_ValueInfoProto] = []
    for info in file.model.graph.input {
      if let number = given[info.name] {
        values.append((info.name, try Self.value(number, for: info)))
      } else if free.contains(where: { $0.name == info.name }) {
        if info.isFlag {
          values.append((info.name, Value(shape: Shape(info.extents.map { $0 ?? 1 }), flags: [false])))
          remarks.append(.setInput(name: info.name, value: "0"))
        } else {
          images.append(info)
        }
      }
    }
    image = try Self.image(of: images)
  }

  /// The only input without a value; of several the one that looks like an image says which values are missing.
  private static func image(of inputs: [Onnx_ValueInfoProto]) throws -> Onnx_ValueInfoProto {
    guard !inputs.isEmpty else { throw ModelError.noImageInput(problem: "it has no input") }
    if inputs.count == 1 { return inputs[0] }
    let place = inputs.firstIndex { $0.extents.count == 4 } ?? 0
    let image = inputs[place]
    let others = inputs.indices.filter { $0 != place }.map { inputs[$0].name }
    guard !others.contains(image.name) else {
      throw ModelError.badInput(
        name: image.name, problem: "is the name of two inputs: each needs its own")
    }
    let names = others.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    let more = others.count > 3 ? " and \(others.count - 3) more" : ""
    throw ModelError.badInput(
      name: image.name,
      problem:
        "is not the model's only input: give \(names)\(more) a value too, with --set \(others[0])=VALUE")
  }

  /// One number in every element.
  private static func value(_ number: Double, for info: Onnx_ValueInfoProto) throws -> Value {
    let type = ElementType(rawValue: Int(info.type.tensorType.elemType)) ?? .float32
    guard let shape = Shape(checking: info.extents.map { $0 ?? 1 }), shape.count <= 1 << 24 else {
      throw ModelError.badInput(name: info.name, problem: "states an array too large for memory")
    }
    let elements: Value.Elements =
      type.kind == .integer
      ? .integer([Int](repeating: Int(saturating: number), count: shape.count))
      : .float([Float](repeating: Float(number), count: shape.count))
    return Value(shape: shape, elements: elements).converted(to: type)
  }
}

extension Onnx_ValueInfoProto {
  /// One flag, such as that of training.
  fileprivate var isFlag: Bool {
    type.tensorType.elemType == Int32(ElementType.bool.rawValue) && extents.allSatisfy { ($0 ?? 1) == 1 }
  }
}
