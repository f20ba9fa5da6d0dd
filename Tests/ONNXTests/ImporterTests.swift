internal import Foundation
internal import Networks
internal import ONNX
internal import Tensors
internal import TestSupport
internal import Testing

@Suite("Importer")
struct ImporterTests {
  @Test(
    "a model gives the logits that onnxruntime gives, for two images at once",
    arguments: [
      "convnet", "old", "channels_last", "flat", "tokens", "halves", "external", "standardized", "recurrent",
      "patches",
    ])
  func logits(name: String) throws {
    let expected = try Fixtures.expectation(name)
    let classifier = try openClassifier(path: Fixtures.path(name), options: expected.profile)
    #expect(classifier.network.imageShape == Shape([1] + expected.image))
    let logits = try classifier.network.logits(expected.images)
    #expect(distance(logits.elements, expected.logits) < 2e-5)
  }

  @Test(
    "the images of a batch do not touch one another",
    arguments: [
      "convnet", "old", "channels_last", "flat", "tokens", "halves", "external", "standardized", "recurrent",
      "patches",
    ])
  func batches(name: String) throws {
    let expected = try Fixtures.expectation(name)
    let network = try openClassifier(path: Fixtures.path(name), options: expected.profile).network
    let x = expected.images
    let batch = try network.logits(x.gathering([0, 1, 1, 0, 1]))
    #expect(near(batch.entry(3), try network.logits(x.entry(0))))
    #expect(near(batch.entry(4), try network.logits(x.entry(1))))
  }

  @Test("a softmax at the end is taken off, and the remark says so")
  func finalSoftmax() throws {
    let classifier = try openClassifier(path: Fixtures.path("convnet"))
    #expect(classifier.remark == "margins are taken on the logits before the final Softmax")
    #expect(classifier.network.isPiecewiseLinear)
    #expect(try openClassifier(path: Fixtures.path("flat")).remark?.hasSuffix("LogSoftmax") == true)
    #expect(try openClassifier(path: Fixtures.path("old")).remark == nil)
  }

  @Test("of several outputs the one that is called so is taken, or the one that is named")
  func outputs() throws {
    let path = Fixtures.path("tokens")
    #expect(try openClassifier(path: path).network.classCount == 3)
    #expect(
      try openClassifier(path: path, options: Profile(output: "other")).network.classCount == 5)
    #expect(
      Fixtures.refusal("tokens", Profile(output: "nothing"))
        == "the model has no output 'nothing'; it has 'other', 'logits'")
  }

  @Test("one number is the logit of the second of two classes")
  func oneNumber() throws {
    let classifier = try openClassifier(path: Fixtures.path("one_number"))
    let x = randomTensor([2, 3, 4, 4], seed: 1)
    let logits = try classifier.network.logits(x)
    for n in 0..<2 {
      #expect(near(Array(logits.entryElements(n)), [0, x.entryElements(n).reduce(0, +)], 1e-4))
    }
  }

  @Test("the size of the images may be left to the options")
  func freeSize() throws {
    let classifier = try openClassifier(
      path: Fixtures.path("free_size"), options: Profile(resize: 20, crop: 6))
    #expect(classifier.network.imageShape == [1, 3, 6, 6])
    #expect(classifier.network.classCount == 3)
  }

  @Test("equal files and options have one digest; another byte or option has another")
  func digest() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (model, data) = (folder.appending(path: "external.onnx"), folder.appending(path: "external.data"))
    try FileManager.default.copyItem(atPath: Fixtures.path("external"), toPath: model.path)
    var weights = try Data(
      contentsOf: URL(filePath: Fixtures.path("external")).deletingLastPathComponent().appending(
        path: "external.data"))
    try weights.write(to: data)
    let own = try openClassifier(path: Fixtures.path("external")).digest
    #expect(own.count == 64)
    #expect(try openClassifier(path: model.path).digest == own)
    #expect(try openClassifier(path: model.path, options: Profile(mean: [0.5])).digest != own)
    weights[weights.count - 1] ^= 1
    try weights.write(to: data)
    #expect(try openClassifier(path: model.path).digest != own)
  }
}
