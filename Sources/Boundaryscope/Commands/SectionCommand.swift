internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Figures
internal import Foundation
internal import Glibc
internal import Images
internal import Laboratory
internal import Networks
internal import Pages
internal import Tensors

/// The plane through an image along its minimal perturbation and another direction.
struct SectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "section",
    abstract: "Show the boundary in the plane through an image along r(x) and v, or through three images.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, pdf, svg, png

    /// nil where it is no file of a figure.
    var file: FigureFile.Format? { FigureFile.Format(rawValue: rawValue) }
  }

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup(title: "How figures look") var figures: FigureOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, parsing: .unconditional, help: "Which image of the set.", transform: WholeNumber.index)
  var index: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The plane through three images of the set instead of r and v.", valueName: "i,j,k"))
  var through: NumberList?

  @Option(name: .long, help: "\(Direction.forms)")
  var along = "random:1"

  @Option(
    name: .long, parsing: .unconditional,
    help: "Half the side of the square, pixels in [0, 1]; by default three times ‖r‖.")
  var extent: Double?

  @Option(name: .long, help: ArgumentHelp("Points along v and along r, 2 to 4096 each.", valueName: "WxH"))
  var size = GridSize(width: 96, height: 96)

  @Option(name: .long, help: "The format; pdf, svg and png need --output.")
  var format: Format?

  @Option(
    name: .long, parsing: .unconditional, help: "Norm of the universal perturbation (uap), pixels in [0, 1].")
  var radius: Double?

  func validate() throws {
    try checkPositive([("--extent", extent), ("--radius", radius)])
    if let file = format?.file, output.output == nil {
      throw ValidationError("--format \(file.rawValue) needs --output FILE")
    }
    if (index == nil) == (through == nil) {
      throw ValidationError("pass either --index I, an image, or --through I,J,K, three of them")
    }
    if let through, through.numbers.count != 3 || Set(through.numbers).count != 3 {
      throw ValidationError("--through \(through.text): expected three different images, such as 0,3,7")
    }
    for place in through?.numbers ?? [] where !(place >= 0 && place == place.rounded() && place < 1e9) {
      throw ValidationError("--through \(Number.figure(place)): images are counted from 0")
    }
    if along == "uap", radius == nil {
      throw ValidationError("--along uap needs --radius XI, the norm of the perturbation")
    }
  }

  func run() throws {
    try output.check()
    if let file = format?.file { _ = try FigureFile.formats([file]) }
    let (open, set) = try model.open(for: images)
    if let corners = through?.numbers.map({ Int($0) }) { return try show(corners, of: set, open) }
    let index = index ?? 0
    let image = try image(index, of: set, open)
    let along = try direction(open)
    let learnt = along.directions.isLearnt
    // The scale of a section's curvature is that of the picture: the distance to the boundary.
    let one = Subject(classifier: open.classifier, images: image)
    let robustness = try runs.outcome(of: Robustness(), on: one, quiet: output.quiet)
    let product = try product.chosen(defaultStep: robustness.each[0].norm)
    let section = SectionMap(
      index: 0, along: along, extent: extent, width: size.width, height: size.height, product: product)
    let subject =
      try learnt
      ? Subject(
        classifier: open.classifier, images: images.open(set, for: open), validation: judged.open(for: open),
        image: image) : one
    var outcome = try runs.outcome(of: section, on: subject, quiet: output.quiet)
    outcome.index = index
    try write(outcome, open)
  }

  /// The image that is looked at; one of the range, unless that says what is learnt from.
  private func image(_ index: Int, of set: any DataSet, _ open: OpenModel) throws -> ImageSet {
    let isFile = FileManager.default.fileExists(atPath: along)
    let isRange = along.hasPrefix("random") || isFile
    let range = (isRange ? images.range?.range : nil)?.clamped(to: 0..<set.count) ?? 0..<set.count
    guard range.contains(index) else {
      throw Refusal(
        .badData,
        "--index \(index): \(set.name) has the images \(range.lowerBound) to \(range.upperBound - 1)")
    }
    return try open.images(of: set, index..<index + 1)
  }

  /// The plane through three images: the second lies on its vertical axis above the first.
  private func show(_ corners: [Int], of set: any DataSet, _ open: OpenModel) throws {
    for corner in corners where corner >= set.count {
      throw Refusal(.badData, "--through \(corner): \(set.name) has the images 0 to \(set.count - 1)")
    }
    let read = try corners.map { try open.images(of: set, $0..<$0 + 1) }
    let others = ImageSet(
      name: set.name, images: Tensor(concatenating: read.dropFirst().map(\.images)),
      offsets: Array(corners.dropFirst()))
    let subject = Subject(classifier: open.classifier, images: others, image: read[0])
    let side = norm((others.images.entry(0) - read[0].images).elements)
    var section = SectionMap(
      index: 0, along: Direction(.image(corners[2])), extent: extent, width: size.width, height: size.height,
      product: try product.chosen(defaultStep: side))
    section.towards = corners[1]
    var outcome = try runs.outcome(of: section, on: subject, quiet: output.quiet)
    outcome.index = corners[0]
    try write(outcome, open)
  }

  private func direction(_ open: OpenModel) throws -> Direction {
    guard along == "uap" else { return try Direction(named: along, "--along", for: open) }
    guard let radius else { preconditionFailure("--along uap was validated with its --radius") }
    return Direction(.universal(UniversalFooling(method: .uap, radius: radius, seed: runs.seed)))
  }

  private func write(_ outcome: SectionMap.Outcome, _ open: OpenModel) throws {
    let picture = SectionPicture(outcome, of: open.classifier)
    let alarm = open.alarm("‖r‖", norm: outcome.norm)
    if let kind = format?.file {
      let bytes = try picture.file(style: figures.chosen).bytes(kind)
      return try OutputFile.write(bytes, to: output.output ?? "")
    }
    if format == .json || (format == nil && output.json) {
      return try printJSON(Answer(outcome, with: open, alarm: alarm))
    }
    output.tell(open, alarm: alarm)
    printDrawn(picture.printed(onTerminal: isatty(STDOUT_FILENO) == 1))
  }
}

/// Points along v and along r, `WxH`.
struct GridSize: ExpressibleByArgument {
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let parts = argument.split(separator: "x").map { Int($0) }
    guard parts.count == 2, let w = parts[0], let h = parts[1], (2...4096).contains(w), (2...4096).contains(h)
    else {
      return nil
    }
    self.init(width: w, height: h)
  }

  var defaultValueDescription: String { "\(width)x\(height)" }
}
