/// The classes of a data set that everybody knows, in the order in which its labels number them.
///
/// A list is a text file in `Lists`: a class a line, the identifier that folders bear and then its names with commas
/// between them; the first line, after `#`, says where the list comes from.
public struct KnownClasses: Sendable {
  /// What people call the set.
  public let title: String
  /// What folders and lists call the classes, such as WordNet's `n01440764`.
  public let identifiers: [String]
  /// Each class's names, the usual one first.
  public let names: [[String]]

  init(title: String, _ list: [UInt8]) {
    self.title = title
    let lines = String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ", maxSplits: 1) }
    identifiers = lines.map { String($0[0]) }
    names = lines.map { line in
      line.count < 2 ? [] : line[1].split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
  }

  /// ImageNet-1k, the classes of ILSVRC 2012, sorted by their WordNet identifiers.
  public static let imageNet = KnownClasses(title: "ImageNet-1k", PackageResources.imagenet_1k_txt)
}
