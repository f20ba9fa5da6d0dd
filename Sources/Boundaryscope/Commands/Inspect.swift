internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Images
internal import Laboratory
internal import Networks
internal import ONNX

/// What is in a model file, with what the judge of readings found.
private struct JudgedInspection: Encodable {
  let inspection: Inspection
  let pixels: JudgedPixels

  init(_ inspection: Inspection, _ model: OpenModel, _ judgement: ReadingJudgement.Outcome?) {
    self.inspection = inspection
    pixels = JudgedPixels(model.preprocessing, judgement)
  }

  private enum Key: CodingKey { case preprocessing }

  func encode(to encoder: any Encoder) throws {
    try inspection.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(pixels, forKey: .preprocessing)
  }
}

/// What is in a model file, whether or not it can be used.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Show what a model file holds: layers, shapes, parameters, the kind of output, and missing operators.")

  @OptionGroup var model: ModelOptions
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Images on which to compare the usual ways to read pixels, preferably labelled.", valueName: "spec"),
    completion: .file())
  var images: String?

  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func run() throws {
    let path = try model.path()
    let inspection = try ModelFile(path: path).inspection(
      profile: try model.preprocessing.profile(), published: (try? model.assets.find())?.publishedNames)
    guard let images, inspection.problem == nil else {
      return try output.answer(inspection) { describe(inspection) }
    }
    let (open, set) = try model.open(for: images)
    let judgement = try runs.judgement(of: open, on: set, images, 0..<set.count, quiet: output.quiet)
    try output.answer(JudgedInspection(inspection, open, judgement)) {
      describe(inspection)
      if let judgement {
        printReadings(judgement)
        if let sentence = judgement.sentence { print("doubt: \(sentence)") }
      }
    }
  }

  private func describe(_ i: Inspection) {
    let input = i.input.map { "\($0.name) \(extents($0.shape)) \($0.layout ?? "")" }
    let outputs = i.outputs.map { "\($0.name) \(extents($0.shape))" }.joined(separator: ", ")
    let operators = i.operators.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
      separator: " · ")
    var rows = [
      ("format", "\(i.format), opset \(i.opset)"),
      ("input", input ?? "none that takes an image"), ("outputs", outputs), ("operators", operators),
      ("parameters", Number.grouped(i.parameters)),
    ]
    if let classes = i.classes { rows.append(("classes", "\(classes)")) }
    if let kind = i.outputKind { rows.append(("output", Self.sentence(ofOutput: kind))) }
    if let cost = i.multiplyAdds { rows.append(("multiply-adds", "\(Number.grouped(cost)) per image")) }
    if let flat = i.piecewiseLinear { rows.append(("curvature", Self.sentence(isPiecewiseLinear: flat))) }
    for line in i.preprocessing?.lines ?? [] {
      let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
      rows.append((parts[0], parts[1]))
    }
    if let remark = i.remark { rows.append(("remark", remark)) }
    for missing in i.unsupported { rows.append(("missing", "\(missing.operator) '\(missing.node)'")) }
    if let problem = i.problem { rows.append(("problem", problem)) }
    printRows(rows)
    if let layers = i.layers { printLayers(layers) }
  }

  private func printLayers(_ layers: [Inspection.Layer]) {
    print("")
    let rows = layers.map { layer in
      [
        String(layer.name.suffix(40)), layer.operator, extents(layer.shape), count(layer.parameters),
        count(layer.multiplyAdds), layer.regularity == "piecewiseLinear" ? "piecewise" : layer.regularity,
      ]
    }
    printTable(["layer", "operator", "output", "parameters", "multiply-adds", "kind"], rows)
  }

  private func count(_ n: Int) -> String { n == 0 ? "–" : Number.grouped(n) }

  private static func sentence(ofOutput kind: String) -> String {
    switch kind {
    case "softmax": "softmax: probabilities; margins are taken on the logits before it"
    case "logSoftmax": "log-softmax: logarithms of probabilities; margins are taken on the logits before it"
    case "sigmoid": "sigmoid: a probability per class; margins are taken on the logits before it"
    case "tanh": "hyperbolic tangent; margins are taken on the logits before it"
    case "probabilities": "probabilities; margins are taken on the logits before them, or on their logarithms"
    case "logProbabilities": "logarithms of probabilities; margins are taken on the logits before them"
    case "scores": "functions of logits that keep their order; margins are taken on the logits"
    default: "logits: scores as they are"
    }
  }

  private static func sentence(isPiecewiseLinear: Bool) -> String {
    isPiecewiseLinear
      ? "piecewise linear: exact Hessian products of a margin vanish almost everywhere; take --product secant or softened"
      : "smooth: exact Hessian products say how the boundary bends"
  }

  private func extents(_ shape: [Int]) -> String {
    shape.map { $0 < 0 ? "N" : "\($0)" }.joined(separator: "×")
  }
}
