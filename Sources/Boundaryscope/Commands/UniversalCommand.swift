internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Laboratory
internal import Networks
internal import Tensors

/// One perturbation for all images.
struct UniversalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "universal", abstract: "Find one perturbation that fools the model on most images.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, help: ArgumentHelp("Images to judge on.", valueName: "spec"), completion: .file())
  var validate: String?

  @Option(
    name: .customLong("validate-range"), parsing: .unconditional,
    help: ArgumentHelp("Which of them, such as 0..100.", valueName: "a..b"))
  var validateRange: IndexRange?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "uap: the published algorithm; curvature, normals, random: one direction; gradient, logistic, even: stochastic ascent, "
        + "even by v and −v together; singular: from a hidden layer's Jacobians."))
  var method = UniversalFooling.Method.uap

  @Option(
    name: .long, parsing: .unconditional,
    help: "Norm of the perturbation, pixels in [0, 1]; by default a fifth of the random-noise norm.")
  var radius: Double?

  @Option(name: .long, help: "The norm of the ball it stays in.")
  var norm = UniversalFooling.Norm.l2

  @Option(
    name: .long, parsing: .unconditional,
    help: "Passes over the images: at most (uap; 5 by default), in all (gradient; 10).",
    transform: WholeNumber.passes)
  var passes: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Gradients in all; by default one per image and pass (gradient), 10000 (logistic, even).",
    transform: WholeNumber.gradients)
  var gradients: Int?

  @Option(
    name: .long,
    help:
      "The loss to raise: clipped, a clipped cross-entropy (gradient), or logistic, of the region margin (the others)."
  )
  var loss: GradientUniversal.Loss?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How training images are augmented: none (gradient), mirror, or shift:N, mirrored and shifted by up to N pixels "
        + "(shift:3: logistic, even); curvature takes them too.", valueName: "none|mirror|shift:N"))
  var augment: Augmentation?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Node whose Jacobian to use (singular); by default the best of five on the images.",
    transform: WholeNumber.index)
  var layer: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help:
      "Gradient steps beyond Lanczos that raise the share carried over the boundary at distance h (curvature).",
    transform: WholeNumber.steps)
  var ascent = 0

  @Option(
    name: .long, parsing: .unconditional, help: "Ritz vectors that an ascent starts from (curvature).",
    transform: WholeNumber.starts)
  var starts = 5

  @Option(
    name: .long, parsing: .unconditional,
    help: "Secant step h of method curvature; by default the radius.")
  var step: Double?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Products in the longest climb of vᵀA(v) beyond Lanczos (curvature); 0 for Lanczos alone.",
    transform: WholeNumber.steps)
  var climb: Int?

  @Option(
    name: .long, parsing: .unconditional, help: "Boundary points of method curvature.",
    transform: WholeNumber.images)
  var count = 100

  func run() throws {
    try output.check()
    try checkPositive([("--radius", radius), ("--step", step)])
    let (open, set) = try model.open(for: images)
    let judged = try validate.map { try open.images($0, validateRange?.range) }
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open), validation: judged)
    var universal = UniversalFooling(method: method, radius: try chosenRadius(subject), seed: runs.seed)
    universal.norm = norm
    universal.passes = passes ?? (universal.isAscent ? 10 : 5)
    try ascend(&universal)
    universal.layer = layer
    if method == .curvature {
      var curvature = SharedCurvature(product: .secant(step: Float(step ?? universal.radius)))
      curvature.points = count
      curvature.augmentation = augment ?? .none
      curvature.seed = runs.seed
      (curvature.ascent, curvature.starts) = (ascent, starts)
      curvature.climb = climb ?? curvature.climb
      universal.curvature = curvature
    }
    let outcome = try runs.outcome(of: universal, on: subject, quiet: output.quiet)
    try output.save(outcome.perturbation.reshaped(to: open.imageShape))
    let length = norm == .l2 ? universal.radius : nil
    try output.answer(outcome, with: open, alarm: open.alarm("ξ", norm: length)) { describe(outcome) }
  }

  /// Takes what an ascent is told; the other methods know none of it.
  private func ascend(_ universal: inout UniversalFooling) throws {
    if universal.isAscent {
      universal.gradients = gradients ?? universal.gradients
      universal.loss = loss ?? universal.loss
      universal.augmentation = augment ?? universal.augmentation
      return
    }
    let isVaried = augment != nil && method != .curvature
    for (option, isSaid) in [
      ("--gradients", gradients != nil), ("--loss", loss != nil), ("--augment", isVaried),
    ]
    where isSaid {
      throw ValidationError(
        "--method \(method.rawValue) takes no \(option): gradient, logistic and even\(option == "--augment" ? ", and curvature," : "") take it"
      )
    }
  }

  /// ξ: a fifth of R_0.8, as in the paper, where nobody chose it.
  private func chosenRadius(_ subject: Subject) throws -> Double {
    if let radius { return radius }
    let noise = try runs.outcome(of: NoiseTolerance(seed: runs.seed), on: subject, quiet: output.quiet)
    guard let random = noise.radius else {
      throw Refusal(.badData, "random noise never changes 80 % of these labels, so pass --radius XI")
    }
    return random / 5
  }

  private func describe(_ o: UniversalFooling.Outcome) {
    for (i, pass) in o.passes.enumerated() {
      let validation = pass.validation.map { ", validation \(Number.rate($0))" } ?? ""
      print("pass \(i + 1): training \(Number.rate(pass.training))\(validation)")
    }
    var rows = [
      ("method", "\(o.method.rawValue), seed \(o.seed)"),
      ("norm", "\(o.norm.rawValue) \(Number.figure(o.radius)) (pixels in [0, 1])"),
      (
        "training",
        "\(Number.rate(o.training.rate)) of \(o.training.count) images fooled"
          + (o.training.ceiling.map { ", at most \(Number.rate($0))" } ?? "")
      ),
    ]
    if let a = o.ascent {
      rows.append(
        ("ascent", "\(a.gradients) gradients, loss \(a.loss.rawValue), augmentation \(a.augmentation)"))
    }
    if let layer = o.layer { rows.append(("layer", "node \(layer), \(o.layerName ?? "")")) }
    if let v = o.validation { rows += rateRows(v) }
    printRows(rows)
  }
}

/// A fooling rate in all the ways it is told.
func rateRows(_ v: FoolingRates) -> [(String, String)] {
  [
    ("fooled", "\(Number.rate(v.rate, v.interval)) of \(v.count) images (95 % Wilson interval)"),
    (
      "ceiling",
      "\(Number.rate(v.ceiling)): all images except those of the class that most fooled images become"
    ),
    ("by −v", Number.rate(v.opposite)),
    ("by v or −v", Number.rate(v.either)),
    ("clipped", "\(Number.rate(v.clipped)) with x + v clipped to [0, 1]"),
  ]
}

/// Throws a usage error for numbers that have to be positive and are not.
func checkPositive(_ options: [(String, Double?)]) throws {
  for (name, value) in options {
    if let value, !(value > 0 && value.isFinite) {
      throw ValidationError("\(name) \(Number.figure(value)): expected a positive number")
    }
  }
}
