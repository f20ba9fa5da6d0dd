internal import ArgumentParser
internal import Foundation
internal import Networks
internal import ONNX

/// Which model, and what it wants done to its pixels; what is not said here stands in the profile beside the model.
struct ModelOptions: ParsableArguments {
  @Argument(help: "An ONNX file, or the name of a bundled model.", completion: .file(extensions: ["onnx"]))
  var model: String

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions

  /// The file that the argument names.
  func path() throws -> String { try Self.path(of: model, assets) }

  func open() throws -> OpenModel { try OpenModel(path: try path(), options: try preprocessing.profile()) }

  /// The file that `model` names; `what` is all that the word could have stood for.
  static func path(
    of model: String, _ assets: AssetOptions, meaning what: String = "file and no bundled model"
  ) throws -> String {
    if FileManager.default.fileExists(atPath: model) { return model }
    if model.contains("/") || model.hasSuffix(".onnx") { throw ModelError.missingFile(path: model) }
    let folder = try assets.find().models
    let bundled = folder.appending(path: "\(model).onnx").path
    guard FileManager.default.fileExists(atPath: bundled) else {
      let names = BundledModels.names(in: folder).joined(separator: ", ")
      throw Refusal(.noSuchFile, "no \(what) is called '\(model)'; bundled models: \(names)")
    }
    return bundled
  }
}

/// Where the bundled models lie.
struct AssetOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The folder with the bundled models.", valueName: "folder"))
  var assets: String?

  func find() throws -> Assets { try Assets.find(assets) }
}

/// The models in a folder, by name.
enum BundledModels {
  static func names(in folder: URL) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }
}
