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
      path: path, options: options, published: (assets ?? (try? Assets.find(nil)))?.publishedNames
    ) { parts in
      var digest = Digest()
      for part in parts { part.withUnsafeBytes { digest.update($0) } }
      return digest.hexadecimal
    }
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

  package func images(of set: any DataSet, _ range: Range<Int>) throws -> ImageSet {
    ImageSet(
      name: "\(set.name) \(range.lowerBound)..\(range.upperBound)", images: try set.images(range),
      truth: try truth(of: set, range), start: range.lowerBound)
  }

  /// The true classes, where the set's classes are the model's.
  package func truth(of set: any DataSet, _ range: Range<Int>) throws -> [Int]? {
    guard let labels = try set.labels(range) else { return nil }
    return labels.allSatisfy { $0 < classifier.network.classCount } ? labels : nil
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
