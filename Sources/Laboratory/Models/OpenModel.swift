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
  package private(set) var classifier: Classifier
  /// How the classes of the images that it was opened for were matched with its own; nil where it was for none.
  package private(set) var truth: ClassMatching?

  /// Opens a file; `assets` is where the names of well-known classes lie, found by itself where nil.
  ///
  /// What its images say of it, `said`, goes behind all that anybody else does.
  package init(path: String, options: Profile, assets: Assets? = nil, images said: Profile? = nil) throws {
    self.path = path
    self.options = options
    profile = try Profile(besideModelAt: path).overridden(by: options)
    classifier = try openClassifier(
      path: path, options: options, images: said,
      published: (assets ?? (try? Assets.find(nil)))?.publishedNames)
  }

  /// How pixels are read.
  package var preprocessing: Preprocessing { classifier.preprocessing! }  // a classifier from a file has it

  /// C×H×W of the images it takes.
  package var imageShape: Shape { classifier.network.imageShape.entry }

  /// How pictures come to that size.
  package var fitting: Fitting {
    let size = preprocessing.size
    var fitting = Fitting(resize: size.resize.map(Fitting.Resize.init), shape: imageShape)
    // Pictures of another size than those that the model was opened for are no pictures for it.
    if size.source == .images { fitting.resize = nil }
    fitting.crop = size.crop.map { side in
      CentreCrop(
        side: side, rounding: size.centring == .floor ? .down : .toEven,
        pads: size.source == .folder || size.source == .notes)
    }
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

  /// Which of the model's classes those of a set are; guessed names say nothing of that.
  package func matching(with set: any DataSet) throws -> ClassMatching {
    try ClassMatching(
      set, modelNames: hasOwnNames ? classifier.classNames : [],
      guessed: classifier.namesAreGuessed ? classifier.classNames : [],
      count: classifier.network.classCount)
  }

  /// The names of the model's classes where the set alone knows them: then they go before guessed ones.
  package func names(of set: any DataSet, by matching: ClassMatching) -> [String] {
    guard !hasOwnNames else { return [] }
    return matching.namesOfModel(set.classNames, count: classifier.network.classCount) ?? []
  }

  private var hasOwnNames: Bool {
    let source = preprocessing.names?.source
    return source != .guess && source != .images && !classifier.classNames.isEmpty
  }

  /// The same model with the names that a set gives its classes, and with what that set tells of their truth.
  package func named(by set: any DataSet) throws -> OpenModel {
    let matching = try matching(with: set)
    var model = self
    model.truth = matching
    let names = names(of: set, by: matching)
    if !names.isEmpty {
      model.classifier.classNames = names
      model.classifier.preprocessing?.names = .init(
        source: .images, place: "those of \(URL(filePath: set.name).lastPathComponent)")
    }
    return model
  }

  /// The true classes of images `range`, nil for one of a class that the model does not have; nil where none is known.
  package func truth(
    of set: any DataSet, _ range: Range<Int>, by matching: ClassMatching
  ) throws -> [Int?]? {
    guard matching.source != .none else { return nil }
    return try set.labels(range).map { matching[$0] }
  }
}

// MARK: - In words

extension OpenModel {
  /// What there is to say before any number: of pixels and names, of the truth, and, where it derives, of derivatives.
  package func lines(derives: Bool) -> [String] {
    var lines = preprocessing.lines
    if let truth, truth.source != .none || truth.sentence != nil {
      lines.append("truth: \(truth.phrase)")
    }
    if derives, let remark = classifier.network.straightThroughRemark {
      lines.append("straight through: \(remark)")
    }
    return lines
  }

  package var lines: [String] { lines(derives: true) }
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
      "\(what) = \(numbers[0]) is more than two images can differ by, √(C·H·W) = \(numbers[1]): the pixels are "
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
