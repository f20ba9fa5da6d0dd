package import Experiments
internal import Foundation
package import Images
package import Networks
package import ONNX
package import Tensors

/// A model that was opened, with what is known about the pictures it takes.
package struct OpenModel: Sendable {
  package let path: String
  /// What the command line said of it.
  package let options: Profile
  /// What the profile beside it says of it, with the options in their place.
  package let profile: Profile
  package let classifier: Classifier

  /// Opens a file; `assets` is where the names of well-known classes lie, found by itself where nil.
  package init(path: String, options: Profile, assets: Assets? = nil) throws {
    self.path = path
    self.options = options
    profile = try Profile(besideModelAt: path).overridden(by: options)
    classifier = try openClassifier(
      path: path, options: options, published: (assets ?? (try? Assets.find(nil)))?.publishedNames)
  }

  /// How pixels are read.
  package var preprocessing: Preprocessing { classifier.preprocessing! }  // a classifier from a file has it

  /// C×H×W of the images it takes.
  package var imageShape: Shape { classifier.network.imageShape.entry }

  /// How pictures come to that size.
  package var fitting: Fitting {
    let size = preprocessing.size
    var fitting = Fitting(resize: size.resize.map(Fitting.Resize.init), crop: size.crop, shape: imageShape)
    fitting.filter = size.interpolation.flatMap { Resampling.Filter(rawValue: $0.rawValue) } ?? .bilinear
    fitting.bindsArrays = size.source == .option || size.source == .profile
    return fitting
  }

  package func dataSet(_ spec: String) throws -> any DataSet { try openDataSet(spec, fitting: fitting) }

  /// Images `range` of a set, all of them where no range is given.
  package func images(_ spec: String, _ range: Range<Int>?) throws -> ImageSet {
    let set = try dataSet(spec)
    return try images(of: set, range ?? 0..<set.count)
  }

  /// Those of images `range` that can be read; what became of the others is among the remarks.
  package func images(of set: any DataSet, _ range: Range<Int>) throws -> ImageSet {
    let batch = try set.read(range)
    let matching = try matching(with: set)
    let truth = try truth(of: set, range, by: matching)
    var images = ImageSet(
      name: "\(set.name) \(range.lowerBound)..\(range.upperBound)", images: batch.images,
      truth: truth.map { truth in batch.indices.map { truth[$0 - range.lowerBound] } },
      start: range.lowerBound, offsets: batch.indices.map { $0 - range.lowerBound })
    images.classNames = names(of: set, by: matching)
    images.remarks = set.remarks + batch.sentences + [matching.sentence].compactMap { $0 }
    return images
  }

  /// Which of the model's classes those of a set are.
  ///
  /// Names that are guessed yield to a set with as many classes, some of which they do not name.
  package func matching(with set: any DataSet) throws -> ClassMatching {
    let count = classifier.network.classCount
    let matching = try ClassMatching(set, modelNames: classifier.classNames, count: count)
    guard classifier.namesAreGuessed, set.labelling == .names, set.classNames.count == count,
      matching.source == .none || matching.classes.contains(nil)
    else { return matching }
    return try ClassMatching(set, modelNames: [], count: count)
  }

  /// The names of the model's classes where the set alone knows them: then they go before guessed ones.
  package func names(of set: any DataSet, by matching: ClassMatching) -> [String] {
    guard classifier.classNames.isEmpty || classifier.namesAreGuessed && matching.source == .order else {
      return []
    }
    return matching.namesOfModel(set.classNames, count: classifier.network.classCount) ?? []
  }

  /// The true classes of images `range`, nil for one of a class that the model does not have; nil where none is known.
  package func truth(
    of set: any DataSet, _ range: Range<Int>, by matching: ClassMatching
  ) throws -> [Int?]? {
    guard matching.source != .none else { return nil }
    return try set.labels(range).map { matching[$0] }
  }
}

// MARK: - Pixels

extension OpenModel {
  /// The distance between a black and a white picture, √(C·H·W), beyond which nothing lies.
  package var diameter: Double { Double(imageShape.count).squareRoot() }

  /// What to make of a norm that is larger than two pictures can differ by; nil where it is not.
  package func alarm(_ what: String, norm: Double?) -> String? {
    guard let norm, norm > diameter else { return nil }
    let numbers = [norm, diameter].map { Preprocessing.short(Float($0)) }
    return
      "\(what) = \(numbers[0]) is more than two pictures can differ by, √(C·H·W) = \(numbers[1]): the pixels are "
      + "most likely read wrongly; say how with --scale, --mean, --std, --channels"
  }
}

extension Fitting.Resize {
  fileprivate init(_ resize: Preprocessing.Resize) {
    switch resize {
    case .shortSide(let side): self = .shortSide(side)
    case .exactly(let height, let width): self = .exactly(height: height, width: width)
    }
  }
}
