internal import Foundation
internal import Images
internal import Tensors
internal import Testing

/// Files that are not part of the project: found where BOUNDARYSCOPE_DATA says, else beside the checkout.
@Suite("Real files")
struct RealFileTests {
  private func data(_ name: String) -> String? {
    let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data")
      .path
    let path = (ProcessInfo.processInfo.environment["BOUNDARYSCOPE_DATA"] ?? beside) + "/" + name
    if FileManager.default.fileExists(atPath: path) { return path }
    print("skipped: \(name) is not there")
    return nil
  }

  @Test("CIFAR-10's test records are fairly mixed")
  func cifar() throws {
    guard let path = data("cifar10/test_dev_5000.bin") else { return }
    let set = try openDataSet(path)
    let labels = try set.labels(0..<set.count)
    #expect((0..<10).allSatisfy { k in labels.count { $0 == k } == 500 })
    #expect(try set.images(4_990..<5_000).shape == [10, 3, 32, 32])
  }

  @Test("MNIST's gzipped files give the published counts")
  func mnist() throws {
    guard let path = data("mnist/t10k-images-idx3-ubyte.gz") else { return }
    let set = try openDataSet(path)
    let labels = try set.labels(0..<10_000)
    #expect(
      (0..<10).map { k in labels.count { $0 == k } } == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
      ])
    #expect(try set.image(0).shape == [1, 1, 28, 28])
  }

  @Test(
    "photographs are brought to a model's size",
    arguments: ["winml_cat.jpg", "winml_kitten.png", "winml_kitten_224.png", "winml_mnist_28.png"])
  func photographs(name: String) throws {
    guard let path = data("photos/" + name) else { return }
    let set = try openDataSet(path, fitting: Fitting(resize: 256, crop: 224, shape: [3, 224, 224]))
    #expect(try set.image(0).shape == [1, 3, 224, 224])
  }
}
