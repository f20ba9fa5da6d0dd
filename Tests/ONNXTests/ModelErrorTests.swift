internal import Foundation
internal import ONNX
internal import Testing

@Suite("Model errors")
struct ModelErrorTests {
  @Test(
    "a model that is no classifier is refused in one sentence",
    arguments: [
      (
        "missing_operators",
        """
        the model needs operators that are not supported: BitwiseNot with operations on bits, which have no derivative \
        ('first', 'second'), Bernoulli with random numbers ('third')
        """
      ),
      ("cycle", "Relu 'second' depends on its own output; an ONNX graph has no cycles"),
      ("unknown_value", "Add 'add' takes 'nowhere', which nothing in the model gives"),
      ("image_output", "output 'y' is an array of 1×3×4×4; a classifier gives one score per class"),
      ("constant_output", "the model takes no image: it has no input"),
      ("takes_tokens", "the model takes no image: its input 'x' does not hold pixel values"),
      (
        "two_inputs",
        "input 'x' is not the model's only input: give 'z' a value too, with --set z=VALUE"
      ),
      (
        "free_size",
        "input 'x' leaves the size of the image open; set it with --crop SIDE, --resize SIDE or --resize HxW"
      ),
      ("not_a_number", "MatMul 'dense': weights hold a number that is not finite"),
      (
        "short_tensor", "tensor 'w' of the model is 48×2 and needs 96 elements, but the file has 94"
      ),
      ("huge_tensor", "tensor 'w' of the model cannot have the shape 1099511627776×1099511627776"),
      ("wrong_filters", "Conv 'conv': filters of 2×5×3×3 in 1 groups do not take 1×3×4×4"),
      (
        "absent",
        "tensor 'w' has its data in 'absent.data', which does not exist; it belongs beside the model file"
      ),
      (
        "outside",
        "tensor 'w' has its data in '../ONNXTests.swift', which lies outside the model's folder"
      ),
    ])
  func refused(name: String, sentence: String) { #expect(Fixtures.refusal(name) == sentence) }

  @Test(
    "bytes that are no model are refused",
    arguments: [
      ([], "the file is empty"), (Array("PK\u{3}\u{4}zip".utf8), "it is a zip archive"),
      (Array("version https://git-lfs.github.com/spec/v1".utf8), "it is a Git LFS pointer"),
      (Array("{\"json\": 1}".utf8), "it is text"),
      ([0xFF, 0xFF, 0xFF], "its structure breaks off"),
      ([0x1F, 0x8B, 8, 0], "it is packed by gzip; unpack it with gunzip"),
      ([0x28, 0xB5, 0x2F, 0xFD], "it is packed by bzip2, xz or Zstandard; unpack it first"),
      ([0x08, 0x07], "it holds no graph"),
    ] as [([UInt8], String)])
  func noModel(bytes: [UInt8], reason: String) {
    let error = #expect(throws: ModelError.self) {
      try ModelFile(bytes: Data(bytes), path: "net.onnx")
    }
    #expect("\(error!)".hasPrefix("net.onnx is not an ONNX model: \(reason)"))
  }

  @Test("a file that is missing, and a folder, are told apart")
  func missing() {
    #expect(Fixtures.refusal("nothing")?.hasSuffix("nothing.onnx: no such file") == true)
    let reason = "it is a folder; name the model in it, \(Fixtures.folder)/absent.onnx"
    #expect(throws: ModelError.unreadableFile(path: Fixtures.folder, reason: reason)) {
      try ModelFile(path: Fixtures.folder)
    }
    let empty = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try? FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: empty) }
    #expect(throws: ModelError.unreadableFile(path: empty, reason: "it is a folder without an .onnx file")) {
      try ModelFile(path: empty)
    }
    try? Data([1]).write(to: URL(filePath: empty + "/saved_model.pb"))
    let saved = #expect(throws: ModelError.self) { try ModelFile(path: empty) }
    #expect("\(saved!)".contains("it is a TensorFlow SavedModel; convert it with python -m tf2onnx.convert"))
  }

  @Test("preprocessing that does not fit the model is refused")
  func preprocessing() {
    #expect(
      Fixtures.refusal("convnet", Profile(mean: [1, 2]))
        == "mean has 2 numbers, but the model takes 3 channels: give 1 or 3")
    #expect(Fixtures.refusal("convnet", Profile(std: [0])) == "a std must not be 0")
    #expect(
      Fixtures.refusal("convnet", Profile(classes: ["cat"]))
        == "1 class names are given, but the model has 4 classes")
  }
}
