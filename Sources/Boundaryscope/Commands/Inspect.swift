internal import ArgumentParser
internal import ONNX

/// What is in a model file, whether or not it can be used.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is in a model file: shapes, operators, parameters, and what is missing.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let path = try model.path()
    let profile = try Profile(besideModelAt: path).overridden(by: try model.preprocessing.profile())
    let inspection = try ModelFile(path: path).inspection(profile: profile)
    try output.answer(inspection) { describe(inspection) }
  }

  private func describe(_ i: Inspection) {
    let input = i.input.map { "\($0.name) \(extents($0.shape)) \($0.layout ?? "")" }
    let outputs = i.outputs.map { "\($0.name) \(extents($0.shape))" }.joined(separator: ", ")
    let operators = i.operators.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
      separator: " · ")
    var rows = [
      ("format", "\(i.format), opset \(i.opset)"),
      ("input", input ?? "none that takes an image"), ("outputs", outputs), ("operators", operators),
      ("parameters", grouped(i.parameters)),
    ]
    if let classes = i.classes { rows.append(("classes", "\(classes)")) }
    if let cost = i.multiplyAdds { rows.append(("multiply-adds", "\(grouped(cost)) an image")) }
    if let flat = i.piecewiseLinear {
      rows.append(
        ("curvature", flat ? "piecewise linear: secant or softened products" : "smooth: exact products"))
    }
    if let remark = i.remark { rows.append(("remark", remark)) }
    for missing in i.unsupported { rows.append(("missing", "\(missing.operator) '\(missing.node)'")) }
    if let problem = i.problem { rows.append(("problem", problem)) }
    printRows(rows)
  }

  private func extents(_ shape: [Int]) -> String {
    shape.map { $0 < 0 ? "N" : "\($0)" }.joined(separator: "×")
  }
}
