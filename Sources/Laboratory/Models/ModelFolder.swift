package import Foundation
internal import Images

/// A folder of models that are known by their names.
package struct ModelFolder {
  package let folder: URL

  package init(folder: URL) { self.folder = folder }

  /// The user's own folder, `boundaryscope/models` in the XDG data directory; a name there hides a bundled one.
  package static var own: ModelFolder? {
    DataFolder.standard.map { ModelFolder(folder: URL(filePath: $0.models)) }
  }

  package func path(of name: String) -> String { folder.appending(path: "\(name).onnx").path }

  package var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }
}
