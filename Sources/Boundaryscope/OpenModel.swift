internal import Experiments
internal import Foundation
internal import Images
internal import Networks
internal import ONNX
internal import Tensors

/// A model that was opened, with what its profile says about the pictures it takes.
struct OpenModel: Sendable {
  let path: String
  let profile: Profile
  let classifier: Classifier

  init(path: String, options: Profile) throws {
    self.path = path
    profile = try Profile(besideModelAt: path).overridden(by: options)
    classifier = try openClassifier(path: path, options: options) { parts in
      var digest = Digest()
      for part in parts { part.withUnsafeBytes { digest.update($0) } }
      return digest.hexadecimal
    }
  }

  /// C×H×W of the images it takes.
  var imageShape: Shape { classifier.network.imageShape.entry }

  /// How pictures come to that size.
  var fitting: Fitting { Fitting(resize: profile.resize, crop: profile.crop, shape: imageShape) }

  func dataSet(_ spec: String) throws -> any DataSet { try openDataSet(spec, fitting: fitting) }

  /// Images `range` of a set, all of them where no range is given.
  func images(_ spec: String, _ range: Range<Int>?) throws -> ImageSet {
    let set = try dataSet(spec)
    return try images(of: set, range ?? 0..<set.count)
  }

  func images(of set: any DataSet, _ range: Range<Int>) throws -> ImageSet {
    ImageSet(
      name: "\(set.name) \(range.lowerBound)..\(range.upperBound)", images: try set.images(range),
      truth: try truth(of: set, range))
  }

  /// The true classes, where the set's classes are the model's.
  func truth(of set: any DataSet, _ range: Range<Int>) throws -> [Int]? {
    guard let labels = try set.labels(range) else { return nil }
    return labels.allSatisfy { $0 < classifier.network.classCount } ? labels : nil
  }
}
