internal import ArgumentParser
internal import Experiments
internal import Figures
internal import Foundation
internal import Glibc
internal import Images
internal import Laboratory
internal import Pages

/// A figure or table of the paper, on any model.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reproduce a figure, the theorems or DeepFool's table on any model.",
    discussion: """
      --output FOLDER takes FIGURE.json, FIGURE.txt and FIGURE.pdf, .svg and .png; a paragraph says what the figure
      shows.
      Without images, the model's own set provides them: SET-train to learn from, SET to judge on.
      """)

  @Argument(help: "Which: \(PaperFigure.allCases.map(\.rawValue).joined(separator: ", ")).")
  var figure: PaperFigure

  @Option(
    name: .long, help: "An ONNX file or the name of a bundled model; two or more for fig10 and fig13.")
  var model: [String] = ["lenet-shapes"]

  @Option(name: .long, help: ArgumentHelp("Images to learn from.", valueName: "spec"), completion: .file())
  var images: String?

  @Option(
    name: .long, parsing: .unconditional, help: ArgumentHelp("Which of them.", valueName: "a..b"))
  var range: IndexRange?

  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "ξ, pixels in [0, 1]; by default a fifth of the random-noise norm of q = 0.8.")
  var radius: Double?

  @Option(
    name: .long, parsing: .unconditional, help: "Boundary points of S_c.", transform: WholeNumber.images)
  var count = 100

  @Option(name: .long, help: "Recipe of S_c: region, paper, authors:T.")
  var recipe = CurvatureRecipe.region

  @Option(
    name: .long, parsing: .upToNextOption, help: "Which picture formats to write; all by default.")
  var format: [FigureFile.Format] = []

  @OptionGroup(title: "How figures look") var figures: FigureOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func validate() throws {
    try checkPositive([("--radius", radius)])
  }

  func run() throws {
    if let folder = output.output { try prepare(folder) }
    let formats = try FigureFile.formats(format.isEmpty ? nil : format)
    let options = try preprocessing.profile()
    let open = try model.map { try OpenModel(path: try ModelOptions.path(of: $0, assets), options: options) }
    let bench = try Workbench(
      models: open, learning: .init(images, range?.range),
      judging: .init(judged.validate, judged.validateRange?.range), radius: radius, points: count,
      recipe: recipe, seed: runs.seed, runs.finder(quiet: output.quiet))
    let drawn = try figure.drawing(bench)
    if let folder = output.output {
      try drawn.write(to: folder, named: figure.rawValue, formats, style: figures.chosen)
      if format.isEmpty, formats.count < FigureFile.Format.allCases.count {
        complain("writing no PDF and no PNG: cairo is not installed; apt-get install libcairo2")
      }
    }
    if output.json {
      try printJSON(Answer(drawn.document, withEach: open))
    } else {
      printDrawn(drawn.printed(onTerminal: isatty(STDOUT_FILENO) == 1))
    }
  }

  private func prepare(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Refusal(.cannotWrite, "cannot make the folder \(folder): \(error.localizedDescription)")
    }
  }
}
