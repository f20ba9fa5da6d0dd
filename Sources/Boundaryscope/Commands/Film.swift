internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Figures
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks
internal import Pages

/// A training as a film: the boundary around one image, checkpoint after checkpoint.
struct Film: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Show a training run as a film of its checkpoints: the boundary in one plane, distance, fooling and accuracy.",
    discussion: """
      The plane goes through the image along r(x) of the last checkpoint and a random direction. It stays the same
      throughout, and so do the images measured. --output film.gif writes an animated picture, --output film.cast a
      recording that terminals play.
      """)

  @Argument(
    help:
      "ONNX files in training order, or folders, whose files are sorted by name, numbers as numbers.",
    completion: .file(extensions: ["onnx"]))
  var models: [String]

  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup var images: ImageOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "The image that the plane goes through, by its index in the set.",
    transform: WholeNumber.index)
  var index = 0

  @Option(
    name: .long, parsing: .unconditional, help: "Images to measure, the first ones of the range.",
    transform: WholeNumber.images)
  var count = 100

  @Option(
    name: .long, parsing: .unconditional,
    help:
      "ξ of the fooling rates, pixels in [0, 1]; by default a fifth of the last checkpoint's random-noise norm."
  )
  var radius: Double?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Half the side of the plane, pixels in [0, 1]; by default ξ/2 or 2.5 times ‖r‖, whichever is more.")
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
      throw ValidationError("--size: the plane of a film is square, such as 64x64")
    }
    if let path = output.output, FilmFile.Format(path: path) == nil {
      throw ValidationError("--output \(path): a film is a .gif or a .cast")
    }
  }

  func run() throws {
    try output.check()
    let format = output.output.flatMap(FilmFile.Format.init(path:))
    if format == .gif { try FilmFile.checkPictures() }
    let (checkpoints, last, set) = try open()
    let film = try TrainingFilm(
      of: checkpoints, endingWith: last.classifier, images: images.open(set, for: last, first: count),
      image: last.images(of: set, index..<index + 1), radius: radius, extent: extent, size: size.width,
      seed: runs.seed, finder: runs.finder(quiet: output.quiet))
    let frames = try film.frames()
    if let format, let path = output.output {
      let style = figures.isChosen ? figures.chosen : FigureStyle(.slides)
      let bytes = try FilmFile(film.scenes(frames), delay: delay, style: style).bytes(format)
      try OutputFile.write(bytes, to: path)
    }
    let document = Document(radius: film.radius, frames: frames)
    try output.answer(document, with: last) {
      print(table(frames, film.radius))
      for frame in frames { frame.problem.map { print("\(frame.checkpoint): \($0)") } }
    }
  }

  private struct Document: Encodable {
    let radius: Double
    let frames: [TrainingFilm.Frame]
  }

  /// The checkpoints, and the last of them with the images that it is opened for.
  private func open() throws -> (checkpoints: [TrainingFilm.Checkpoint], last: OpenModel, set: any DataSet) {
    let paths = try models.flatMap(files)
    let (profile, assets, images) = (try preprocessing.profile(), try? assets.find(), images)
    @Sendable func pair(_ path: String) throws -> OpenPair {
      try OpenPair(
        path: path, options: profile, assets: assets, images: images.images, range: images.range?.range,
        turning: images.exif ?? .pillow)
    }
    guard let path = paths.last else {
      throw Refusal(.noSuchFile, "no checkpoint: pass ONNX files or a folder of them")
    }
    let last = try pair(path)
    guard index < last.set.count else {
      throw Refusal(.badData, "--index \(index): \(last.set.name) has the images 0 to \(last.set.count - 1)")
    }
    let checkpoints = paths.map { path in
      let name = URL(filePath: path).deletingPathExtension().lastPathComponent
      return TrainingFilm.Checkpoint(name) {
        let model = try pair(path).model
        guard model.imageShape == last.model.imageShape else {
          throw Refusal(
            .badData,
            "it takes images of \(model.imageShape), the last checkpoint of \(last.model.imageShape)")
        }
        return model.classifier
      }
    }
    return (checkpoints, last.model, last.set)
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
    guard !names.isEmpty else { throw Refusal(.noSuchFile, "\(word): this folder holds no .onnx file") }
    return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.map { "\(word)/\($0)" }
  }

  private func table(_ frames: [TrainingFilm.Frame], _ radius: Double) -> String {
    let table = Table(
      [
        .init("checkpoint"), .init("accuracy of \(frames[0].count)", alignment: .trailing),
        .init("median ‖r‖, px", alignment: .trailing),
        .init(
          "changed of \(frames[0].judged) unseen at ξ = \(Number.figure(radius, 3))", alignment: .trailing),
        .init("κ at z, 1/px", alignment: .trailing),
      ],
      rows: frames.map { frame in
        [
          frame.checkpoint, frame.accuracy.map { Number.rate($0) } ?? "–",
          frame.medianNorm.map { Number.figure($0, 3) } ?? "–", frame.fooling.map { Number.rate($0) } ?? "–",
          frame.curvatures.map { "\(Number.figure($0[0], 3)) to \(Number.figure($0[1], 3))" } ?? "–",
        ]
      })
    var canvas = Canvas(Size(rows: frames.count + 1, columns: 100), appearance: .plain)
    canvas.draw(table, in: canvas.bounds)
    return canvas.text
  }
}
