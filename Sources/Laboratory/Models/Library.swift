internal import Explorer
internal import Files
internal import Foundation
internal import Images
internal import Networks
internal import ONNX
internal import Synchronization

/// What can be opened without naming a path: the models of some folders, and the bundled sets of images.
struct Library: Sendable {
  let folders: [URL]
  private let inspections = Inspections()

  init(folders: [URL]) { self.folders = folders }

  /// The sets that the program draws, and those that are or could be installed.
  var sets: [SetEntry] {
    ShapesSet.names.map { name in
      SetEntry(name: name, spec: name, count: ShapesSet(named: name)?.count, remark: "drawn")
    } + PublishedSet.all.flatMap(Self.entries)
  }

  /// One line for a set that is not installed; two, to judge with and to train on, for one that is.
  private static func entries(_ set: PublishedSet) -> [SetEntry] {
    guard let folder = DataFolder.standard, set.isInstalled(in: folder) else {
      return [
        SetEntry(
          name: set.name, spec: set.name, count: set.testCount,
          installation: .init(name: set.name, bytes: set.bytes))
      ]
    }
    return [
      SetEntry(name: set.name, spec: set.name, count: set.testCount, remark: "installed"),
      SetEntry(name: set.trainName, spec: set.trainName, count: set.trainCount, remark: "installed"),
    ]
  }

  /// The models by folder and name; inspected, the files are read, else listed with what their profiles say.
  func models(inspected: Bool) -> [ModelEntry] {
    defer { if inspected { inspections.prune() } }
    return folders.flatMap { folder in
      let folder = ModelFolder(folder: folder)
      return folder.names.map { name in
        let path = folder.path(of: name)
        return entry(forModelAt: path, inspected: inspected)
      }
    }
  }

  /// The set that a model was trained on, where it is here and another set was chosen by name; else what was chosen.
  ///
  /// Nil where that is the drawn set, the model does not know it and no person named it: pictures of other classes are never
  /// lent.
  static func images(for model: OpenModel, instead spec: String, isNamed: Bool) -> String? {
    let own = model.profile.dataset
    if let own, own == spec || spec == own + "-train" { return spec }
    let named = ShapesSet.names + PublishedSet.all.flatMap { [$0.name, $0.trainName] }
    guard named.contains(spec) else { return spec }
    if let own, ShapesSet.names.contains(own) { return own }
    if let own, let folder = DataFolder.standard, let set = PublishedSet.all.first(where: { $0.name == own }),
      set.isInstalled(in: folder)
    {
      return own
    }
    return ShapesSet.names.contains(spec) && !isNamed ? nil : spec
  }

  /// The published set that a model was trained on, where it is not here.
  static func missingSet(of model: OpenModel) -> PublishedSet? {
    PublishedSet.all.first { $0.name == model.profile.dataset && DataFolder.standard != nil }
  }

  func entry(forModelAt path: String, options: Profile = Profile(), inspected: Bool) -> ModelEntry {
    let profile = (try? Profile(besideModelAt: path)) ?? Profile()
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
    let entry = ModelEntry(
      name: name, path: path, dataSet: profile.dataset ?? "", accuracy: profile.accuracy, bytes: bytes)
    return inspected ? inspections.inspected(entry, options) : entry
  }

  /// Whether a model that was inspected is still the file that was read then: size and time are what they were before.
  func isWhole(_ path: String) -> Bool { inspections.isCurrent(path) }

  /// Files of a folder were written: models whose data or notes they may be are read anew, even where the models are
  /// the same.
  func forget(_ names: Set<String>, in folder: URL) { inspections.forget(names, in: folder) }
}

/// What was read in the files of models, each read once until it is written anew.
private final class Inspections: Sendable {
  private struct Known {
    let stamp: String
    let options: Profile
    let entry: ModelEntry
  }

  private let known = Mutex<[String: Known]>([:])

  /// The entry with what its file says.
  func inspected(_ entry: ModelEntry, _ options: Profile) -> ModelEntry {
    let stamp = Self.stamp(entry.path)
    if let known = known.withLock({ $0[entry.path] }), known.stamp == stamp, known.options == options {
      return known.entry
    }
    let read = Self.read(entry, options)
    known.withLock { $0[entry.path] = Known(stamp: stamp, options: options, entry: read) }
    return read
  }

  /// Whether nothing was written since the model was read.
  func isCurrent(_ path: String) -> Bool { known.withLock { $0[path]?.stamp } == Self.stamp(path) }

  func forget(_ names: Set<String>, in folder: URL) {
    known.withLock { known in
      known = known.filter { path, _ in
        let file = URL(filePath: path)
        let stem = file.deletingPathExtension().lastPathComponent
        return file.deletingLastPathComponent().path != folder.path
          || !names.contains { $0.hasPrefix(stem) && $0 != file.lastPathComponent }
      }
    }
  }

  /// Lets go what was read of files that are gone.
  func prune() { known.withLock { known in known = known.filter { FileStamp($0.key) != nil } } }

  /// Of the model, and of the files beside it that may tell how its pixels are read.
  private static func stamp(_ path: String) -> String {
    ([path] + ModelFile.placesOfNotes(besideModelAt: path))
      .map { FileStamp($0)?.description ?? "-" }.joined(separator: ",")
  }

  private static func read(_ bare: ModelEntry, _ options: Profile) -> ModelEntry {
    var entry = bare
    do {
      let inspection = try ModelFile(path: entry.path).inspection(profile: options)
      entry.smoothness = inspection.piecewiseLinear.map { $0 ? .piecewiseLinear : .smooth }
      entry.operators = inspection.operators.sorted {
        $0.value > $1.value || $0.value == $1.value && $0.key < $1.key
      }
      .map(\.key)
      entry.remark = inspection.remark
      entry.pixels = inspection.preprocessing.map { ([$0.sentence] + $0.doubts).joined(separator: ". ") }
      entry.problem = inspection.problem
    } catch {
      entry.problem = "\(error)"
    }
    return entry
  }
}
