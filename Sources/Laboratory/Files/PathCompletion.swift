package import Explorer
internal import Foundation

/// What a path that is being typed could go on with, and what each of it is.
package enum PathCompletion {
  /// Entries looked at: a folder of a million files is not read to its end for a list that nobody reads.
  private static let most = 5000
  private static let pictures: Set<String> = [
    "png", "jpg", "jpeg", "bmp", "webp", "tif", "tiff", "gif", "ppm", "pgm", "pbm",
  ]
  private static let records: Set<String> = ["npy", "npz", "bin", "idx", "gz", "zip", "csv", "tsv", "mat"]

  /// `~` and `~/…` as the person's own folder.
  package static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else {
      return path
    }
    return home + path.dropFirst()
  }

  /// The entries of its folder that begin as it ends; of a model's path models and folders alone, where there are any.
  package static func completions(of path: String, models: Bool) -> [Completion] {
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let (typed, start) = (String(path[..<cut]), String(path[cut...]))
    if path == "~" { return [Completion(path: "~/", kind: .folder, remark: "your folder")] }
    let folder = typed.isEmpty ? "." : expanded(typed)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
    let found = names.prefix(most).filter {
      $0.hasPrefix(start) && (start.hasPrefix(".") || !$0.hasPrefix("."))
    }
    .sorted().prefix(200).map { completion(typed, folder, $0) }
    let wanted = found.filter {
      models
        ? $0.kind == .model || $0.kind == .folder || $0.kind == .pictures
        : $0.kind != .other && $0.kind != .model
    }
    return wanted.isEmpty ? Array(found) : wanted
  }

  private static func completion(_ typed: String, _ folder: String, _ name: String) -> Completion {
    let place = folder + (folder.hasSuffix("/") ? "" : "/") + name
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
    if isFolder.boolValue {
      let (kind, remark) = describe(folder: place)
      return Completion(path: typed + name + "/", kind: kind, remark: remark)
    }
    let suffix = URL(filePath: name).pathExtension.lowercased()
    let bytes = (try? FileManager.default.attributesOfItem(atPath: place)[.size] as? Int) ?? nil
    let size = bytes.map { ByteCountFormatter.string(fromByteCount: Int64($0), countStyle: .file) } ?? ""
    let kind: Completion.Kind =
      suffix == "onnx" ? .model : pictures.contains(suffix) || records.contains(suffix) ? .images : .other
    let what = kind == .model ? "model, " : pictures.contains(suffix) ? "picture, " : ""
    return Completion(path: typed + name, kind: kind, remark: what + size)
  }

  private static func describe(folder: String) -> (Completion.Kind, String) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return (.folder, "folder")
    }
    let some = names.prefix(most)
    func suffix(_ name: String) -> String { URL(filePath: name).pathExtension.lowercased() }
    let models = some.count { suffix($0) == "onnx" }
    let shown = some.count { pictures.contains(suffix($0)) }
    if models > 0 { return (.folder, models == 1 ? "folder with a model" : "folder of \(models) models") }
    if shown > 0 { return (.pictures, shown == 1 ? "folder with a picture" : "folder of \(shown) pictures") }
    return (.folder, "folder")
  }
}
