import Experiments
import Explorer
import Foundation
import Images
import Jobs
import Networks
import ONNX
import Tensors
import TestSupport
import Testing

@testable import Laboratory

/// What is opened, and what is found with it.
@Suite("Opening")
struct OpeningTests {
  @Test("A model takes images of its size, and its digest follows file and options")
  func model() throws {
    let path = BundledAssets.model("lenet-shapes")
    let open = try OpenModel(path: path, options: Profile())
    #expect(open.imageShape == [3, 32, 32])
    let images = try open.images("shapes", 2..<5)
    #expect(images.count == 3 && images.truth?.count == 3 && images.name == "shapes 2..5")
    let again = try OpenModel(path: path, options: Profile())
    let other = try OpenModel(path: path, options: Profile(mean: [0.5]))
    #expect(open.classifier.digest.count == 64)
    #expect(again.classifier.digest == open.classifier.digest)
    #expect(other.classifier.digest != open.classifier.digest)
  }

  @Test("A library lists the models of its folders, and says of each that cannot be used why")
  func library() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: BundledAssets.model("lenet-shapes"), toPath: "\(folder.path)/b.onnx")
    try Data("no model".utf8).write(to: URL(filePath: "\(folder.path)/a.onnx"))
    try Data().write(to: URL(filePath: "\(folder.path)/notes.txt"))
    let library = Library(folders: [URL(filePath: folder.path)])
    #expect(library.models(inspected: false).map(\.name) == ["a", "b"])
    let inspected = library.models(inspected: true)
    #expect(inspected[0].problem != nil && inspected[1].problem == nil)
    #expect(inspected[1].operators.contains("Conv"))
  }

  @Test("Directions from a file have the shape of the model's images")
  func directions() throws {
    let folder = try TemporaryFolder()
    let open = try OpenModel(path: BundledAssets.model("lenet-shapes"), options: Profile())
    let path = "\(folder.path)/v.npy"
    func basis() throws -> Basis { try Basis(fileAt: path, for: open) { Issue.record("\($0)") } }
    try writeArray([2, 3, 32, 32], to: path)
    #expect(try basis().dimension == 2)
    try writeArray([3, 32, 32], to: path)
    #expect(try basis().dimension == 1)
    try writeArray([3, 32, 31], to: path)
    #expect(throws: ImageError.self) { try basis() }
  }

  /// An array of ones in NumPy's format 1.0.
  private func writeArray(_ shape: [Int], to path: String) throws {
    let text =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
    let header = text.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
    var bytes = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data(header.utf8)
    for _ in 0..<shape.reduce(1, *) { bytes += Data([0, 0, 0x80, 0x3F]) }
    try bytes.write(to: URL(filePath: path))
  }

  @Test("A set is told apart by all of its files, not by the first of them")
  func sets() throws {
    let folder = try TemporaryFolder()
    let open = try OpenModel(path: BundledAssets.model("lenet-shapes"), options: Profile())
    for i in 10..<20 {
      let bytes = [UInt8](repeating: UInt8(i), count: 3 * 32 * 32)
      try PNG.write(
        Images.Picture(width: 32, height: 32, channels: 3, bytes: bytes), to: "\(folder.path)/\(i).png")
    }
    func digest() throws -> String {
      try Laboratory.digest(of: open.dataSet(folder.path), spec: folder.path, open)
    }
    let first = try digest()
    #expect(try digest() == first)
    let white = [UInt8](repeating: 255, count: 3 * 32 * 32)
    try PNG.write(
      Images.Picture(width: 32, height: 32, channels: 3, bytes: white), to: "\(folder.path)/19.png")
    #expect(try digest() != first)
  }

  @Test("Images that were made lately are not made again; the oldest go where there are too many")
  func cache() throws {
    let cache = ImageCache(capacity: 20)
    var made = 0
    func images(_ range: Range<Int>) throws -> Int {
      try cache.images(of: "s", range) {
        made += 1
        return ImageSet(
          name: "s", images: Tensor(shape: [range.count, 1, 1, 1], elements: range.map(Float.init)))
      }.count
    }
    #expect(try images(0..<8) == 8 && images(8..<16) == 8 && images(0..<8) == 8)
    #expect(made == 2)
    #expect(try images(16..<24) == 8)  // more than there is room for: 8..<16 goes
    #expect(try images(0..<8) == 8 && made == 3)
    #expect(try images(8..<16) == 8 && made == 4)
  }

  @Test("A run that is interrupted says that what was finished is kept, where it is")
  func interruption() throws {
    let folder = try TemporaryFolder()
    let interruption = Interruption()
    interruption.interrupt()
    let subject = Subject(
      classifier: Classifier(network: SmallNetworks.smooth(seed: 3), name: "s", classNames: [], digest: "s"),
      images: ImageSet(
        name: "n", images: Tensor(shape: [1, 2, 6, 6], elements: .init(repeating: 0.5, count: 72))))
    let keeping = OutcomeFinder(
      store: ResultStore(folder: folder.path), interruption: interruption, progress: { _ in })
    let refusal = #expect(throws: Refusal.self) { try keeping(Robustness(), on: subject) }
    #expect(refusal?.status == .interrupted)
    let forgetting = OutcomeFinder(store: nil, interruption: interruption, progress: { _ in })
    #expect(throws: Interrupted.self) { try forgetting(Robustness(), on: subject) }
  }
}
