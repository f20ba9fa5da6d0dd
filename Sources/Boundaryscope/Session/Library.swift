internal import Explorer
internal import Foundation
internal import Images
internal import ONNX

/// What can be opened without naming a path: the models of some folders, and the bundled sets of images.
struct Library: Sendable {
  let folders: [URL]

  var sets: [SetEntry] {
    ShapesSet.names.map { name in
      SetEntry(name: name, spec: name, count: ShapesSet(named: name)?.count, remark: "drawn by the program")
    }
  }

  /// The models by folder and name; inspected, the files are read, else listed with what their profiles say.
  func models(inspected: Bool) -> [ModelEntry] {
    folders.flatMap { folder in
      BundledModels.names(in: folder).map { name in
        let path = folder.appending(path: "\(name).onnx").path
        return Self.entry(
          forModelAt: path, (try? Profile(besideModelAt: path)) ?? Profile(), inspected: inspected)
      }
    }
  }

  static func entry(forModelAt path: String, _ profile: Profile, inspected: Bool) -> ModelEntry {
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
    var entry = ModelEntry(
      name: name, path: path, dataSet: profile.dataset ?? "", accuracy: profile.accuracy, bytes: bytes)
    guard inspected else { return entry }
    do {
      let inspection = try ModelFile(path: path).inspection(profile: profile)
      entry.smoothness = inspection.piecewiseLinear.map { $0 ? .piecewiseLinear : .smooth }
      entry.operators = inspection.operators.sorted {
        $0.value > $1.value || $0.value == $1.value && $0.key < $1.key
      }
      .map(\.key)
      entry.remark = inspection.remark
      entry.problem = inspection.problem
    } catch {
      entry.problem = "\(error)"
    }
    return entry
  }
}
