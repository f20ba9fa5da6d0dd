public import FoundationEssentials
internal import Networks
internal import ONNXSchema
internal import SwiftProtobuf
public import Tensors

extension ModelFile {
  /// Evaluates any graph at given inputs, as if all were constants: all its outputs, or the one named.
  ///
  /// Inputs are brought to the element types that the model states.
  ///
  /// - Throws: ``ModelError`` where an input is missing, does not fit, or an operator is not available.
  public func evaluate(_ inputs: [String: Value], output: String? = nil) throws -> [(
    name: String, value: Value
  )] {
    let given = inputs.values.reduce(0) { $0 + 4 * $1.shape.count }
    let budget = FoldingBudget(bytes: contents.reduce(given) { $0 + $1.count } + Self.evaluationBytes)
    var importer = try Importer(self, builder: GraphBuilder(imageShape: [], budget: budget))
    for name in inputs.keys.sorted() where !inputNames.contains(name) {
      throw ModelError.badInput(
        name: name, problem: "is not one of the model's: \(inputNames.joined(separator: ", "))")
    }
    for info in freeInputs {
      guard info.type.value != nil || !info.hasType else {
        throw ModelError.badInput(
          name: info.name, problem: "is a sequence or an optional value; only arrays are supported")
      }
      guard let value = inputs[info.name] else {
        throw ModelError.badInput(name: info.name, problem: "is missing")
      }
      let stated = info.extents
      let fits = !info.type.tensorType.hasShape || stated.count == value.shape.rank
      guard fits else {
        throw ModelError.badInput(
          name: info.name,
          problem: "has \(stated.count) axes in the model, but the given array is \(value.shape)")
      }
      let type = ElementType(rawValue: Int(info.type.tensorType.elemType)) ?? value.type
      importer.set(info.name, to: .known(value.type == type ? value : value.converted(to: type)))
    }
    if let output, !importer.gives(output) {
      throw ModelError.noSuchOutput(name: output, outputs: outputNames)
    }
    let values = try (output.map { [$0] } ?? outputNames).map { name in
      let (edge, missing) = try importer.importValue(name)
      guard missing.isEmpty, let value = edge.value else { throw ModelError.unsupported(missing) }
      return (name, value)
    }
    try checkCurrent()
    return values
  }
}

extension ModelFile {
  /// What a graph may take beyond its own size when all of it is evaluated, as an input of so many bytes would.
  private static let evaluationBytes = 1 << 26
}

extension Value {
  /// The array in a file of ONNX's `TensorProto` (`.pb`).
  ///
  /// - Throws: ``ModelError/badTensor(name:problem:)`` where the bytes are none.
  public init(serializedTensor bytes: Data, name: String) throws {
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = 8
    guard let tensor = try? Onnx_TensorProto(serializedBytes: bytes, options: options), tensor.dataType != 0
    else {
      throw ModelError.badInput(name: name, problem: "is not an ONNX tensor")
    }
    self = try TensorDecoder(externalFiles: [:]).value(of: tensor)
  }

  /// An array of type int64; `integers` in row-major order, as many as the shape has.
  public init(shape: Shape, integers: [Int]) { self.init(shape: shape, elements: .integer(integers)) }

  /// An array of type bool; `flags` in row-major order, as many as the shape has.
  public init(shape: Shape, flags: [Bool]) { self.init(shape: shape, elements: .boolean(flags)) }
}
