package import Experiments
internal import Foundation
package import Images
package import Networks
package import ONNX
package import Tensors

/// A model that was opened, with what its profile says about the pictures it takes.
package struct OpenModel: Sendable {
  package let path: String
  package let profile: Profile
  package let classifier: Classifier

  package init(path: String, options: Profile) throws {
    self.path = path
    profile = try Profile(besideModelAt: path).overridden(by: options)
    classifier = try openClassifier(path: path, options: options) { parts in
      var digest = Digest()
      for part in parts { part.withUnsafeBytes { digest.update($0) } }
      return digest.hexadecimal
    }
  }

  /// C×H×W of the images it takes.
  package var imageShape: Shape { classifier.network.imageShape.entry }

  /// How pictures come to that size.
  package var fitting: Fitting { Fitting(resize: profile.resize, crop: profile.crop, shape: imageShape) }

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
