internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Figures
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks

/// A training as a film: the boundary around one image, checkpoint after checkpoint.
struct Film: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Show a training as a film of its checkpoints: the boundary in one plane, distance, fooling and accuracy.",
    discussion: """
      The plane goes through the image along r(x) of the last checkpoint and a random direction, and stays; so do the
      images that are measured. With --output film.gif it is a picture that moves, with film.cast a recording that
      terminals play.
      """)

  @Argument(
    help:
      "ONNX files in the order of training, or folders, whose files go by their names, numbers as numbers.",
    completion: .file(extensions: ["onnx"]))
  var models: [String]

  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup var images: ImageOptions

  @Option(
    name: .long, parsing: .unconditional, help: "The image of the plane, by its place in the set.",
    transform: WholeNumber.index)
  var index = 0

  @Option(
    name: .long, parsing: .unconditional, help: "Images that are measured, the first ones of the range.",
    transform: WholeNumber.images)
  var count = 100

  @Option(
    name: .long, parsing: .unconditional,
    help:
      "ξ of the fooling rates, pixels in [0, 1]; a fifth of the last checkpoint's random-noise norm where not said."
  )
  var radius: Double?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Half the side of the plane, pixels in [0, 1]; ξ/2, or 2.5 times ‖r‖ where that is more.")
  var extent: Double?

  @Option(
    name: .long, help: ArgumentHelp("Points along each side of the plane, 2 to 4096.", valueName: "WxH"))
  var size = GridSize(width: 64, height: 64)

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("How long a frame is shown.", valueName: "seconds"))
  var delay = 0.4

  @OptionGroup(title: "How figures look") var figures: FigureOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func validate() throws {
    try checkPositive([("--radius", radius), ("--extent", extent), ("--delay", delay)])
    if size.width != size.height {
      throw ValidationError("--size: the plane of a film is as high as wide, such as 64x64")
    }
    if let path = output.output, TrainingFilm.Format(path: path) == nil {
      throw ValidationError("--output \(path): a film is a .gif or a .cast")
    }
  }

  func run() throws {
    try output.check()
    let format = output.output.flatMap(TrainingFilm.Format.init(path:))
    if format == .gif { try TrainingFilm.checkPictures() }
    let (opened, measured, image) = try open()
    let film = try TrainingFilm(
      of: opened.map(\.classifier), images: measured, image: image, radius: radius, extent: extent,
      size: size.width,
      seed: runs.seed,
      finder: runs.finder(quiet: output.quiet))
    let frames = try film.frames()
    if let format, let path = output.output {
      let bytes = try film.file(frames, format, delay: delay, style: figures.isChosen ? figures.chosen : nil)
      try OutputFile.write(bytes, to: path)
    }
    if output.json {
      return try printJSON(Answer(Document(radius: film.radius, frames: frames), withEach: opened))
    }
    for line in opened[opened.count - 1].lines(derives: true) { print(line) }
    print(table(frames, film.radius))
  }

  private struct Document: Encodable {
    let radius: Double
    let frames: [TrainingFilm.Frame]
  }

  private func open() throws -> (models: [OpenModel], images: ImageSet, image: ImageSet) {
    let paths = try models.flatMap(files)
    let profile = try preprocessing.profile()
    let pairs = try paths.map { path in
      try OpenPair(
        path: path, options: profile, assets: try? assets.find(), images: images.images,
        range: images.range?.range,
        turning: images.exif ?? .pillow)
    }
    guard let last = pairs.last else {
      throw Refusal(.noSuchFile, "no checkpoint: pass ONNX files or a folder of them")
    }
    for pair in pairs where pair.model.imageShape != last.model.imageShape {
      throw Refusal(
        .badData,
        "\(pair.model.classifier.name) takes images of \(pair.model.imageShape), \(last.model.classifier.name) of "
          + "\(last.model.imageShape): checkpoints of one training take the same")
    }
    guard index < last.set.count else {
      throw Refusal(.badData, "--index \(index): \(last.set.name) has the images 0 to \(last.set.count - 1)")
    }
    return (
      pairs.map(\.model), try images.open(last.set, for: last.model, first: count),
      try last.model.images(of: last.set, index..<index + 1)
    )
  }

  /// The checkpoints that a word names.
  private func files(_ word: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: word, isDirectory: &isFolder), isFolder.boolValue else {
      return [try ModelOptions.path(of: word, assets)]
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: word)) ?? []).filter {
      $0.hasSuffix(".onnx")
    }
    guard !names.isEmpty else { throw Refusal(.noSuchFile, "\(word): no .onnx file lies in this folder") }
    return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.map { "\(word)/\($0)" }
  }

  private func table(_ frames: [TrainingFilm.Frame], _ radius: Double) -> String {
    let table = Table(
      [
        .init("checkpoint"), .init("accuracy", alignment: .trailing),
        .init("median ‖r‖, px", alignment: .trailing),
        .init("changed at ξ = \(Number.figure(radius, 3))", alignment: .trailing),
      ],
      rows: frames.map { frame in
        [
          frame.checkpoint, frame.accuracy.map { Number.rate($0) } ?? "–",
          frame.medianNorm.map { Number.figure($0, 3) } ?? "–", frame.fooling.map { Number.rate($0) } ?? "–",
        ]
      })
    var canvas = Canvas(Size(rows: frames.count + 1, columns: 100), appearance: .plain)
    canvas.draw(table, in: canvas.bounds)
    return canvas.text
  }
}
