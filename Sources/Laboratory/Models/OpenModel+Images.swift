internal import Foundation
package import Images
internal import Networks
package import ONNX
internal import Tensors

/// A model and the images that it was opened for.
///
/// What neither the model nor a person says is taken from the images: the size, where the model leaves it open and they
/// all have one; that their numbers run to 16, where nothing says what the model wants; the names of the classes.
package struct OpenPair: Sendable {
  package let model: OpenModel
  package let set: any DataSet

  /// - Throws: ``Refusal`` where the model leaves its size open, and the images do not settle it.
  package init(
    path: String, options: Profile, assets: Assets? = nil, images spec: String, range: Range<Int>? = nil,
    turning: Turning = .pillow
  ) throws {
    var model = try OpenModel(
      path: path, options: options, assets: assets, sizedBy: spec, range: range, turning: turning)
    var set = try model.dataSet(spec, turning)
    if let other = try model.scaled(as: set, assets) {
      model = other
      set = try model.dataSet(spec, turning)
    }
    self.model = try model.named(by: set)
    self.set = set
  }
}

extension OpenModel {
  /// Opens a file; where it leaves the size of its images open, it is that of those that `spec` names.
  ///
  /// - Throws: ``Refusal`` where it leaves its size open, and the images do not settle it.
  package init(
    path: String, options: Profile, assets: Assets? = nil, sizedBy spec: String, range: Range<Int>? = nil,
    turning: Turning = .pillow
  ) throws {
    do {
      self = try OpenModel(path: path, options: options, assets: assets)
    } catch let error as ModelError where error.leavesSizeOpen {
      let (height, width) = try Self.size(of: spec, range, turning)
      do {
        let size = Profile(resize: .exactly(height: height, width: width))
        self = try OpenModel(path: path, options: options, assets: assets, images: size)
      } catch let problem as ModelError where !problem.leavesSizeOpen {
        throw Refusal(
          .badData,
          "\(URL(filePath: path).lastPathComponent): \(error); at the size of the images, \(height)×\(width), \(problem)"
        )
      }
    }
  }

  /// The model that takes the numbers of a set as they are in its file, where those are scikit-learn's digits and
  /// nothing says what it wants; nil where that changes nothing.
  package func scaled(as set: any DataSet, _ assets: Assets? = nil) throws -> OpenModel? {
    guard set.white == 16, preprocessing.source == .none, imageShape == [1, 8, 8] else { return nil }
    return try OpenModel(path: path, options: options, assets: assets, images: Profile(scale: .sixteen))
  }

  /// How many images say what size all have; the others are checked when they are read.
  private static let sample = 256

  private static func size(
    of spec: String, _ range: Range<Int>?, _ turning: Turning
  ) throws -> (height: Int, width: Int) {
    let set = try openDataSet(spec, fitting: Fitting(turning: turning))
    let all = 0..<set.count
    let shape = try set.read((range?.clamped(to: all) ?? all).prefix(sample)).images.shape
    return (shape[2], shape[3])
  }

  /// The set that `spec` names as the model takes it, pictures turned so.
  package func dataSet(_ spec: String, _ turning: Turning) throws -> any DataSet {
    var fitting = fitting
    fitting.turning = turning
    return try openDataSet(spec, fitting: fitting)
  }
}
