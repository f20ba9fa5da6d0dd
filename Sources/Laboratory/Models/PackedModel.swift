internal import Experiments
internal import Files
internal import Foundation
internal import Images
internal import Tensors

/// A model in a zip archive, as Custom Vision and others hand them on, with what lies beside it.
package enum PackedModel {
  /// The model file: `path` itself, or the one ONNX file of the archive there, unpacked into the cache with the others.
  ///
  /// An archive with none is left to the reader of models, which says what it is.
  package static func file(at path: String) throws -> String {
    guard let files = Unpacking.files(in: path) else { return path }
    let models = files.filter { $0.hasSuffix(".onnx") }
    guard let model = models.first else { return path }
    guard models.count == 1 else {
      throw Refusal(
        .badData,
        "\(path) holds \(models.count) models (\(models.prefix(5).joined(separator: ", "))): unpack it and "
          + "name one")
    }
    return try store.unpacked(try digest(of: path)) { try Unpacking.unpack(path, into: $0) } + "/" + model
  }

  /// The cache; a folder for files that may go where there is none.
  private static var store: ResultStore {
    let temporary = FileManager.default.temporaryDirectory.path + "/boundaryscope"
    return ResultStore(
      folder: ResultStore.standardFolder(ProcessInfo.processInfo.environment) ?? temporary)
  }

  private static func digest(of path: String) throws -> String {
    var digest = Digest()
    do {
      try RegularFile(path).forEachPiece { digest.update($0) }
    } catch let problem as FileProblem {
      throw Refusal(.badData, "\(path) cannot be read: \(problem)")
    }
    return digest.hexadecimal
  }
}
