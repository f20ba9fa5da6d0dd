internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Images
internal import Laboratory
internal import Networks
internal import Tensors

/// The principal angles between two subspaces, saved or learnt by two models, beside those of random ones.
struct Angles: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two subspaces by their principal angles, beside those of random subspaces.",
    discussion: """
      Takes two files, or directions that two models learn from the same images: angles --models A B --each sc:h=H \
      --images SPEC.
      """)

  @Argument(help: "m×C×H×W array.", completion: .file(extensions: ["npy"]))
  var first: String?

  @Argument(help: "m×C×H×W array for images of the same size.", completion: .file(extensions: ["npy"]))
  var second: String?

  @Option(name: .long, parsing: .upToNextOption, help: "Two ONNX files or names of bundled models.")
  var models: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Directions that each model learns: sc:h=H or sf.", valueName: "directions"))
  var each: String?

  @Option(
    name: .long, help: ArgumentHelp("The images that they learn from.", valueName: "spec"),
    completion: .file())
  var images: String?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Which of them, such as 0..100.", valueName: "a..b"))
  var range: IndexRange?

  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func validate() throws {
    if second != nil, models.isEmpty, each == nil, images == nil, range == nil { return }
    guard first == nil, models.count == 2, images != nil, let each else {
      throw ValidationError(
        "pass either two .npy files, or --models A B, --each DIRECTIONS and --images SPEC")
    }
    if Directions(each) == nil { throw ValidationError("--each \(each): expected sc:h=H or sf") }
  }

  func run() throws {
    if let first, let second {
      let (a, b) = (try basis(first), try basis(second))
      var angles = PrincipalAngles(.given(a), .given(b))
      angles.seed = runs.seed
      let o = try angles.outcome(between: a, b)
      try output.answer(o) { describe(o, pairs: angles.randomPairs) }
    } else if let directions = each.flatMap({ Directions($0) }), let images {
      try compare(directions, learntFrom: images)
    }
  }

  private func compare(_ directions: Directions, learntFrom images: String) throws {
    let options = try preprocessing.profile()
    let open = try models.map { try OpenModel(path: try ModelOptions.path(of: $0, assets), options: options) }
    var angles = PrincipalAngles(directions, .other(OtherModel(open[1].classifier), directions))
    angles.seed = runs.seed
    let set = try open[0].images(images, range?.range)
    let subject = Subject(
      classifier: open[0].classifier, images: set,
      others: [Subject(classifier: open[1].classifier, images: set)])
    let o = try runs.outcome(of: angles, on: subject, quiet: output.quiet)
    try output.answer(o, withEach: open) { describe(o, pairs: angles.randomPairs) }
  }

  private func describe(_ o: PrincipalAngles.Outcome, pairs: Int) {
    print("\(o.first) × \(o.second): \(o.dimensions[0]) and \(o.dimensions[1]) directions of ℝ^\(o.ambient)")
    printTable(
      ["i", "cosine", "angle", "random, mean of \(pairs)"],
      o.cosines.indices.map { i in
        [
          "\(i + 1)", Number.figure(o.cosines[i]), Number.figure(o.angles[i] * 180 / .pi) + "°",
          Number.figure(o.random[i]),
        ]
      })
    print("the largest cosine of any random pair is \(Number.figure(o.randomLargest))")
  }

  private func basis(_ path: String) throws -> Basis {
    let array = try NPY.read(path)
    guard array.shape.rank >= 2, array.shape.count > 0, array.elements.allSatisfy(\.isFinite), array.norm > 0
    else {
      throw Refusal(
        .badData, "\(path) is \(array.shape); a basis is m×C×H×W, its numbers finite and not all zero")
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    // C×H×W is one direction, m×d as many as it has rows.
    let vectors = array.shape.rank == 3 ? array.reshaped(to: Shape([1] + array.shape.extents)) : array
    return Basis(name: name, vectors: vectors)
  }
}
