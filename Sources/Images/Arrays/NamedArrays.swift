internal import Tensors

/// Arrays under names, as NumPy's archives and MATLAB's files keep them, and which of them are images and labels.
///
/// A name is read by its words: `x_test`, `test_images`, `images`, `data`, `X` hold images, `y_test`, `test_labels`,
/// `labels`, `target` labels; of several parts the one to judge with is taken. `arr_0` and `arr_1` go together.
struct NamedArrays {
  let names: [String]
  let array: (String) throws(ImageError) -> NPYArray

  private enum Part: Int {
    case test, whole, validation, training
  }

  private static let images: Set<String> = [
    "x", "images", "image", "imgs", "img", "data", "pixels", "inputs", "arr0",
  ]
  private static let labels: Set<String> = [
    "y", "labels", "label", "target", "targets", "classes", "finelabels", "arr1",
  ]
  private static let parts: [(String, Part)] = [
    ("test", .test), ("validation", .validation), ("valid", .validation), ("val", .validation),
    ("training", .training), ("train", .training),
  ]

  /// What a name says: its part, and the rest of its letters and digits.
  private static func words(_ name: String) -> (part: Part, rest: String) {
    let whole = name.lowercased().filter { $0.isLetter || $0.isNumber }
    for (word, part) in parts {
      if whole.hasPrefix(word) { return (part, String(whole.dropFirst(word.count))) }
      if whole.hasSuffix(word) { return (part, String(whole.dropLast(word.count))) }
    }
    return (.whole, whole)
  }

  /// The name of the images: the usual one, else the only array with three axes or more.
  func imagesName(_ path: String) throws(ImageError) -> String {
    let usual = names.filter { NamedArrays.images.contains(NamedArrays.words($0).rest) }
      .min { NamedArrays.words($0).part.rawValue < NamedArrays.words($1).part.rawValue }
    if let usual { return usual }
    var found: [String] = []
    for name in names where try array(name).shape.rank >= 3 { found.append(name) }
    if found.count == 1 { return found[0] }
    throw .array(
      path, "it is not clear which array holds the images (\(names.joined(separator: ", "))): name it images")
  }

  /// The name of the labels that belong to `images`, an array of `count` images; nil where there are none.
  func labelsName(of images: String, count: Int) throws(ImageError) -> String? {
    let part = NamedArrays.words(images).part
    let usual = names.first { name in
      let words = NamedArrays.words(name)
      return words.part == part && NamedArrays.labels.contains(words.rest)
    }
    if let usual { return usual }
    for name in names where name != images {
      let other = try array(name)
      if other.shape == [count], other.type.kind != .float { return name }
    }
    return nil
  }

  /// What to say where one part of several was taken.
  func remark(_ taken: String) -> String? {
    let others = names.filter { NamedArrays.images.contains(NamedArrays.words($0).rest) }
    return others.count > 1 ? "the images are \(taken) of its arrays \(names.joined(separator: ", "))" : nil
  }
}
