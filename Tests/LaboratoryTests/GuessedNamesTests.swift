import Experiments
import Foundation
import Images
import Networks
import ONNX
import TestSupport
import Testing

@testable import Laboratory

/// Names that are only guessed from the size of a model.
@Suite("Guessed names")
struct GuessedNamesTests {
  private let folder: TemporaryFolder
  private let model: OpenModel

  /// The bundled network without its profile: ten classes of 32×32 pixels, as CIFAR-10 has.
  init() throws {
    folder = try TemporaryFolder()
    let path = "\(folder.path)/model.onnx"
    try FileManager.default.copyItem(atPath: BundledAssets.model("lenet-shapes"), toPath: path)
    model = try OpenModel(path: path, options: Profile(), assets: Assets.find(BundledAssets.folder.path))
  }

  /// A set of class folders with a picture each.
  private func set(_ name: String, _ classes: [String]) throws -> any DataSet {
    let root = "\(folder.path)/\(name)"
    for (i, name) in classes.enumerated() {
      try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
      let bytes = [UInt8](repeating: UInt8(20 * i), count: 3 * 32 * 32)
      try PNG.write(
        Images.Picture(width: 32, height: 32, channels: 3, bytes: bytes), to: "\(root)/\(name)/0.png")
    }
    return try model.dataSet(root)
  }

  @Test("yield to as many folders with other names, in the order of these")
  func yield() throws {
    #expect(model.classifier.namesAreGuessed && model.classifier.classNames.contains("truck"))
    let names = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibex", "jay"]
    let set = try set("animals", names)
    #expect(try model.matching(with: set).source == .order)
    let images = try model.images(of: set, 0..<10)
    #expect(images.truth == (0..<10).map { $0 })
    #expect(images.classNames == names)
  }

  @Test("hold for folders that bear them, some or all")
  func hold() throws {
    let set = try set("some", ["truck", "cat"])
    let images = try model.images(of: set, 0..<2)
    #expect(images.truth == [3, 9])
    #expect(images.classNames.isEmpty)
  }
}
