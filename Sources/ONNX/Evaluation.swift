internal import Networks
internal import ONNXSchema
internal import Tensors

extension ModelFile {
  /// Evaluates any graph at given inputs: all its outputs, or the one named.
  ///
  /// - Throws: ``ModelError`` where an input is missing, does not fit, or an operator is not available.
  public func evaluate(_ inputs: [String: Value], output: String? = nil) throws -> [(
    name: String, value: Value
  )] {
    var importer = try Importer(self, builder: GraphBuilder(imageShape: []))
    for name in inputs.keys.sorted() where !inputNames.contains(name) {
      throw ModelError.badInput(
        name: name, problem: "is none of the model's: \(inputNames.joined(separator: ", "))")
    }
    for info in freeInputs {
      guard let value = inputs[info.name] else {
        throw ModelError.badInput(name: info.name, problem: "is not given")
      }
      let stated = info.extents
      let fits = !info.type.tensorType.hasShape || stated.count == value.shape.rank
      guard fits else {
        throw ModelError.badInput(
          name: info.name,
          problem: "has \(stated.count) axes in the model, but \(value.shape) is given")
      }
      importer.set(info.name, to: .known(value))
    }
    if let output, !importer.gives(output) {
      throw ModelError.noSuchOutput(name: output, outputs: outputNames)
    }
    return try (output.map { [$0] } ?? outputNames).map { name in
      let (edge, missing) = try importer.importValue(name)
      guard missing.isEmpty, let value = edge.value else { throw ModelError.unsupported(missing) }
      return (name, value)
    }
  }
}
