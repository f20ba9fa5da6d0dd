internal import KnownClasses
internal import Networks
internal import Tensors

/// The names of the classes of well-known sets: ImageNet's own list, for the others a folder with a file a set.
///
/// A model that takes images of a set's size and tells as many classes apart as the set has was most likely trained on
/// it. Where two sets agree, what the model is called decides; where it bears another set's name, nothing is said.
public struct PublishedNames: Sendable {
  private let folder: String

  public init(folder: String) { self.folder = folder }

  private struct Published {
    let list: List
    let title: String
    let channels: Int
    let sides: ClosedRange<Int>
    let counts: [Int]
    /// The word that sets it apart from others with as many classes; nil where it stands for all of them.
    var word: String?
  }

  private enum List {
    case known(KnownClasses)
    /// In the folder, without `.txt`.
    case file(String)

    func names(in folder: String) -> [String]? {
      switch self {
      case .known(let classes): classes.names.map { $0.first ?? "" }
      case .file(let name): ClassNames.read("\(folder)/\(name).txt")
      }
    }
  }

  private static let sets = [
    Published(
      list: .known(.imageNet), title: "ImageNet", channels: 3, sides: 112...4096, counts: [1000, 1001]),
    Published(list: .file("cifar-10"), title: "CIFAR-10", channels: 3, sides: 32...32, counts: [10]),
    Published(list: .file("cifar-100"), title: "CIFAR-100", channels: 3, sides: 32...32, counts: [100]),
    Published(
      list: .file("fashion-mnist"), title: "Fashion-MNIST", channels: 1, sides: 28...32, counts: [10],
      word: "fashion"),
    Published(list: .file("mnist"), title: "MNIST", channels: 1, sides: 28...32, counts: [10]),
    Published(
      list: .file("emnist-byclass"), title: "EMNIST by class", channels: 1, sides: 28...32, counts: [62]),
    Published(
      list: .file("emnist-balanced"), title: "EMNIST balanced", channels: 1, sides: 28...32, counts: [47]),
    Published(
      list: .file("emnist-letters"), title: "EMNIST letters", channels: 1, sides: 28...32, counts: [26]),
  ]

  /// Sets of the same sizes that are not among these.
  private static let others = [
    "svhn", "kmnist", "kuzushiji", "notmnist", "stl", "eurosat", "gtsrb", "cinic", "places",
  ]

  /// Names for images of `shape` and a number of classes; `words` is what the model is called.
  func statement(_ shape: Shape, classes: Int, words: String) -> Statement? {
    let words = words.lowercased()
    guard !Self.others.contains(where: words.contains) else { return nil }
    let set = Self.sets.first { set in
      set.channels == shape[1] && set.sides.contains(shape[2]) && set.sides.contains(shape[3])
        && set.counts.contains(classes) && set.word.map(words.contains) ?? true
    }
    guard let set, let names = set.list.names(in: folder) else { return nil }
    return Statement(
      source: .guess, place: "\(classes) classes of \(shape.entry) pixels, as \(set.title) has",
      profile: Profile(),
      names: [names])
  }
}
