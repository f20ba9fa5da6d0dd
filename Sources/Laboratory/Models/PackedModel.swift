internal import Experiments
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
    let folder = try place(of: path)
    if !FileManager.default.fileExists(atPath: folder + "/" + model) {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Unpacking.unpack(path, into: folder)
    }
    return folder + "/" + model
  }

  /// A folder of its own for the archive's contents.
  private static func place(of path: String) throws -> String {
    var digest = Digest()
    try Data(contentsOf: URL(filePath: path), options: .alwaysMapped).withUnsafeBytes { digest.update($0) }
    let cache =
      ResultStore.standardFolder(ProcessInfo.processInfo.environment)
      ?? FileManager.default.temporaryDirectory.path + "/boundaryscope"
    return "\(cache)/unpacked/\(digest.hexadecimal)"
  }
}
