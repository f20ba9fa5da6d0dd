internal import ArgumentParser
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks
internal import ONNX

/// Which model, and what it wants done to its pixels; what is not said here stands in the profile beside the model.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "An ONNX file, or the name of a bundled model or of one of your own.",
    completion: .file(extensions: ["onnx"]))
  var model: String

  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions

  /// The file that the argument names.
  func path() throws -> String { try Self.path(of: model, assets) }

  /// The model, and the images that it is opened for as it takes them.
  func open(for images: ImageOptions) throws -> (model: OpenModel, set: any DataSet) {
    try open(for: images.images, range: images.range?.range, turning: images.exif ?? .pillow)
  }

  /// The same for images by the words that name them.
  func open(
    for images: String, range: Range<Int>? = nil, turning: Turning = .pillow
  ) throws -> (model: OpenModel, set: any DataSet) {
    let (path, profile) = (try path(), try preprocessing.profile())
    do {
      let pair = try OpenPair(
        path: path, options: profile, assets: try? assets.find(), images: images, range: range,
        turning: turning)
      return (pair.model, pair.set)
    } catch let error as ModelError where !error.namesFile {
      throw Refusal(.badData, "\(URL(filePath: path).lastPathComponent): \(error)")
    }
  }

  /// The file that `model` names; `what` is all that the word could have stood for.
  static func path(
    of model: String, _ assets: AssetOptions, meaning what: String = "file or bundled model",
    near others: [String] = []
  ) throws -> String {
    if FileManager.default.fileExists(atPath: model) { return try PackedModel.file(at: model) }
    if model.contains("/") || model.hasSuffix(".onnx") { throw ModelError.missingFile(path: model) }
    let own = ModelFolder.own
    if let place = own?.path(of: model), FileManager.default.fileExists(atPath: place) { return place }
    let bundled = ModelFolder(folder: try assets.find().models)
    if FileManager.default.fileExists(atPath: bundled.path(of: model)) { return bundled.path(of: model) }
    if others.contains(model) {
      throw Refusal(.usage, "the command comes first, then its options: boundaryscope \(model) …")
    }
    let known = others + bundled.names + (own?.names ?? [])
    let meant = Misspelling.nearest(to: model, among: known).map { ", did you mean '\($0)'? Bundled" }
    var sentence =
      "no \(what) is called '\(model)'\(meant ?? "; bundled") models: \(bundled.names.joined(separator: ", "))"
    if let own, !own.names.isEmpty { sentence += "; your own: \(own.names.joined(separator: ", "))" }
    throw Refusal(.noSuchFile, sentence)
  }
}

/// Where the bundled models lie.
struct AssetOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The folder with the bundled models.", valueName: "folder"))
  var assets: String?

  func find() throws -> Assets { try Assets.find(assets) }
}
