internal import Foundation
internal import ONNXSchema
internal import Tensors

@testable internal import ONNX

/// A case of ONNX's backend tests: a model, arrays for its inputs, and the arrays that it has to give.
struct ConformanceCase: CustomStringConvertible {
  let model: String
  private let inputs: [String]
  private let outputs: [String]
  private let tolerance: (relative: Float, absolute: Float)

  var description: String {
    let name = URL(filePath: model).deletingPathExtension().lastPathComponent
    return name == "model" ? URL(filePath: model).deletingLastPathComponent().lastPathComponent : name
  }

  /// Every case of a set, in order of their names.
  static func all(in folder: String) throws -> [ConformanceCase] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".onnx") {
        return ConformanceCase(model: path, inputs: [], outputs: [path.dropLast(5) + "_output_0.pb"])
      }
      guard FileManager.default.fileExists(atPath: path + "/model.onnx") else { return nil }
      let arrays = path + "/test_data_set_0"
      return ConformanceCase(
        model: path + "/model.onnx", inputs: files("input", arrays), outputs: files("output", arrays),
        tolerance: Tolerance(path + "/data.json"))
    }
  }

  private static func files(_ kind: String, _ folder: String) -> [String] {
    (0..<64).map { "\(folder)/\(kind)_\($0).pb" }.prefix { FileManager.default.fileExists(atPath: $0) }
  }

  private struct Tolerance: Decodable {
    var rtol: Float = 1e-3
    var atol: Float = 1e-7

    init() {}

    init(_ path: String) {
      let data = FileManager.default.contents(atPath: path)
      self = data.flatMap { try? JSONDecoder().decode(Tolerance.self, from: $0) } ?? Tolerance()
    }
  }

  private init(model: String, inputs: [String], outputs: [String], tolerance: Tolerance = Tolerance()) {
    self.model = model
    self.inputs = inputs
    self.outputs = outputs
    self.tolerance = (tolerance.rtol, tolerance.atol)
  }

  /// What is wrong with what the model gives; nil where nothing is.
  func problem() -> String? {
    do {
      let file = try ModelFile(path: model)
      var given: [String: Value] = [:]
      if inputs.isEmpty, model.contains("/light/") {
        given = try Self.ramps(for: file)
      } else {
        for (name, path) in zip(file.inputNames, inputs) { given[name] = try Self.array(path) }
      }
      let results = try file.evaluate(given)
      guard results.count == outputs.count else {
        return "gives \(results.count) arrays, not \(outputs.count)"
      }
      for (result, path) in zip(results, outputs) {
        if let problem = try difference(result.value, Self.array(path)) {
          return "'\(result.name)' \(problem)"
        }
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static func array(_ path: String) throws -> Value {
    try Value(serializedTensor: Data(contentsOf: URL(filePath: path)), name: path)
  }

  /// The arrays that the runner of the light models makes up: from 0 to 1 in equal steps.
  private static func ramps(for file: ModelFile) throws -> [String: Value] {
    var ramps: [String: Value] = [:]
    for input in file.freeInputs {
      let shape = Shape(input.extents.map { $0 ?? 1 })
      let count = Double(shape.count)
      ramps[input.name] = Value(
        Tensor(shape: shape, elements: (0..<shape.count).map { Float(Double($0) / count) }))
    }
    return ramps
  }

  private func difference(_ found: Value, _ expected: Value) -> String? {
    if found.shape != expected.shape { return "is \(found.shape), not \(expected.shape)" }
    if found.type != expected.type { return "holds \(found.type.name), not \(expected.type.name)" }
    guard expected.isFloat else { return found.elements == expected.elements ? nil : "differs" }
    var worst: Float = 0
    for (a, b) in zip(found.floats, expected.floats) where a != b && !(a.isNaN && b.isNaN) {
      let excess = abs(a - b) - tolerance.absolute - tolerance.relative * abs(b)
      if excess > 0 || excess.isNaN { worst = max(worst, abs(a - b).isNaN ? .infinity : abs(a - b)) }
    }
    return worst > 0 ? "differs by up to \(worst)" : nil
  }
}
