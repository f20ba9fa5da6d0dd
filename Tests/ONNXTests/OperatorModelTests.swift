internal import Foundation
internal import Networks
internal import ONNX
internal import Tensors
internal import TestSupport
internal import Testing

/// Models that exporters, optimisers and quantisers write, against onnxruntime: see `Fixtures/Operators`.
@Suite("Models of many operators")
struct OperatorModelTests {
  private struct Expectation: Decodable {
    let input: [Float]
    let logits: [Float]
  }

  static let names = [
    "transformer", "steps", "picks", "fused", "quantised", "batch", "training", "training_mode", "sparse",
  ]

  private static let folder = Fixtures.folder + "/Operators"

  private static func path(_ name: String) -> String { "\(folder)/\(name).onnx" }

  private static func expectation(_ name: String) throws -> (images: Tensor, logits: [Float]) {
    let data = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
    let found = try JSONDecoder().decode([String: Expectation].self, from: data)[name]!
    return (Tensor(shape: [2, 3, 8, 8], elements: found.input), found.logits)
  }

  @Test("a model gives the logits that onnxruntime gives, for images together and alone", arguments: names)
  func logits(name: String) throws {
    let expected = try Self.expectation(name)
    let network = try openClassifier(path: Self.path(name)).network
    #expect(distance(try network.logits(expected.images).elements, expected.logits) < 2e-5)
    #expect(
      distance(try network.logits(expected.images.entry(1)).elements, Array(expected.logits[4...])) < 2e-5)
  }

  @Test(
    "gradients are differences of the logits",
    arguments: ["picks", "fused", "batch", "sparse"])
  func gradients(name: String) throws {
    let expected = try Self.expectation(name)
    let network = try openClassifier(path: Self.path(name)).network
    let margin = Margin.pair(own: [0, 0], other: [1, 1])
    let v = randomTensor(expected.images.shape, seed: 3, deviation: 0.1)
    let found = try network.gradients(of: margin, at: expected.images)
    let (up, down) = (
      try network.values(of: margin, at: expected.images + 0.01 * v),
      try network.values(of: margin, at: expected.images - 0.01 * v)
    )
    for n in 0..<2 {
      let slope = Double(up[n] - down[n]) / 0.02
      let exact = found.gradients.entry(n).dot(v.entry(n))
      #expect(abs(slope - exact) <= 2e-2 * max(0.05, abs(exact)), "\(name), image \(n)")
    }
  }

  @Test(
    "images go through together where each is treated by itself",
    arguments: ["transformer", "picks", "fused", "quantised"])
  func tiles(name: String) throws { #expect(try openClassifier(path: Self.path(name)).network.tile > 1) }

  @Test("what was done to a model is said")
  func remarks() throws {
    func remark(_ name: String) throws -> String? { try openClassifier(path: Self.path(name)).remark }
    #expect(try remark("batch") == "the model is for 16 images at once; it is built for one")
    #expect(try remark("training") == "its input 'training' is 0; --set training=VALUE says otherwise")
    #expect(
      try remark("training_mode")?.hasSuffix(
        "it was exported in training mode, which is switched off: running moments, no dropout (export after model.eval())"
      ) == true)
    #expect(try remark("quantised") == "derivatives pass straight through the rounding of quantised values")
    #expect(try remark("fused") == nil)
    #expect(
      try ModelFile(path: Self.path("quantised")).inspection(profile: Profile()).straightThrough == true)
  }

  @Test("an input besides the image takes the value that is given, and only one that the model has")
  func setInput() throws {
    let path = Fixtures.path("two_inputs")
    var profile = Profile()
    profile.set = ["z": 0.5]
    let image = Tensor(repeating: 2, shape: [1, 3, 4, 4])
    let logits = try openClassifier(path: path, options: profile).network.logits(image)
    #expect(logits.elements.allSatisfy { $0 == 2.5 })
    profile.set = ["w": 1]
    #expect(throws: ModelError.badInput(name: "w", problem: "is not one of the model's: x, z")) {
      try openClassifier(path: path, options: profile)
    }
  }
}
