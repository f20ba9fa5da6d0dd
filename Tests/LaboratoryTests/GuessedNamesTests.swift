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

  @Test("make no truth where the folders are fewer than the classes")
  func some() throws {
    let set = try set("some", ["truck", "cat"])
    let images = try model.images(of: set, 0..<2)
    #expect(images.truth == nil)
    #expect(images.classNames.isEmpty)
    #expect(images.remarks.contains { $0.contains("are only a guess") && $0.contains("--labels FILE") })
    #expect(try model.named(by: set).lines.contains { $0.hasPrefix("class names: a guess") })
  }

  @Test("are not called the names of the classes where folders settle those")
  func settled() throws {
    let names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    let set = try set("whole", names)
    let named = try model.named(by: set)
    #expect(try named.images(of: set, 0..<10).truth == (0..<10).map { $0 })
    #expect(named.classifier.classNames == names)
    #expect(named.preprocessing.names?.source == .images)
    #expect(named.lines.contains("class names: those of whole"))
    #expect(!named.lines.contains { $0.contains("a guess") })
    #expect(named.lines.contains { $0.hasPrefix("truth: ") && $0.contains("in the order of their names") })
  }

  @Test("count for folders of digits as little as for others: their numbers do")
  func digits() throws {
    let set = try set("digits", (0..<10).map(String.init))
    #expect(try model.images(of: set, 0..<10).truth == (0..<10).map { $0 })
    #expect(try model.matching(with: set).source == .numbers)
    let some = try self.set("three", ["1", "4", "7"])
    #expect(try model.images(of: some, 0..<3).truth == [1, 4, 7])
  }
}
