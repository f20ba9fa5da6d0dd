internal import Experiments
internal import Foundation
internal import Networks
internal import Tensors
internal import TestSupport

enum EntryTrial {
  private static let subject = Subject(
    classifier: Classifier(
      network: SmallNetworks.smooth(seed: 3), name: "small", classNames: ["a", "b", "c", "d"], digest: "small"
    ),
    images: ImageSet(name: "images", images: Tensor(repeating: 0.5, shape: [2, 2, 6, 6]), truth: nil))

  private static let experiment = NormalSpectrum(vectors: 2)
  private static let store = ResultStore(folder: Scratch.folder + "/cache")

  /// The files of an entry that is whole, by their paths.
  private static let whole: [(path: String, bytes: Data)] = {
    _ = try? experiment.outcome(on: subject, in: store, ExperimentContext())
    let root = store.folder + "/results"
    let names = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
    return names.sorted().compactMap { name in
      FileManager.default.contents(atPath: "\(root)/\(name)").map { ("\(root)/\(name)", $0) }
    }
  }()

  static func read(_ bytes: [UInt8]) {
    guard let first = bytes.first, !whole.isEmpty else { return }
    let (path, original) = whole[Int(first) % whole.count]
    try? Data(bytes.dropFirst()).write(to: URL(filePath: path))
    _ = store.outcome(of: experiment, on: subject)
    try? original.write(to: URL(filePath: path))
  }
}
