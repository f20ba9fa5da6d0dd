import Foundation
import Testing

/// Models that cannot be used.
@Suite("Bad models")
struct BadModelTests {
  let program: Program

  init() throws { program = try Program() }

  /// The bundled model's own bytes.
  private static let bundled = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Assets/models/lenet-shapes.onnx")

  private func expectRefusal(
    of path: String, status: Int32 = 65, saying part: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let ending = try program.run("predict --images shapes --range 0..2 --json", [path])
    #expect(ending.status == status, "\(ending.errors)", sourceLocation: location)
    #expect(ending.complainsOnce, "\(ending.errors)", sourceLocation: location)
    #expect(ending.errors.contains(part), "\(ending.errors)", sourceLocation: location)
    #expect(ending.output.isEmpty, sourceLocation: location)
  }

  @Test("a missing file, and a name that no bundled model has")
  func missing() throws {
    try expectRefusal(of: program.path("none.onnx"), status: 66, saying: "no such file")
    try expectRefusal(of: "nobody", status: 66, saying: "bundled models: lenet-cifar10, lenet-")
  }

  @Test("an empty file, a folder, text, and random bytes")
  func noModel() throws {
    try expectRefusal(of: try program.file("empty.onnx", Data()), saying: "empty")
    try expectRefusal(of: program.folder, saying: "folder")
    try expectRefusal(
      of: try program.file("text.onnx", Data("not a model\n".utf8)), saying: "not an ONNX model")
    try FileManager.default.createDirectory(
      atPath: program.path("export/onnx"), withIntermediateDirectories: true)
    let model = try program.file("export/onnx/model.onnx", Data("words".utf8))
    try expectRefusal(of: program.path("export"), saying: "it is a folder; name the model in it, \(model)")
    let packed = try program.file("net.keras", Data("PK\u{3}\u{4}".utf8) + Data(count: 400))
    try expectRefusal(of: packed, saying: "it is a Keras file (.keras); load it in Keras and write it with")
    var state: UInt32 = 1
    let noise = Data(
      (0..<5000).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      })
    try expectRefusal(of: try program.file("noise.onnx", noise), saying: "not an ONNX model")
  }

  @Test("a model whose end is missing", arguments: [0.00001, 0.001, 0.03, 0.5, 0.9, 0.999_999])
  func truncated(_ share: Double) throws {
    let whole = try Data(contentsOf: Self.bundled)
    let part = whole.prefix(Int(Double(whole.count) * share))
    try expectRefusal(of: try program.file("part.onnx", part), saying: "part.onnx is not an ONNX model")
  }

  @Test("weights that are no numbers")
  func notFinite() throws {
    var bytes = try Data(contentsOf: Self.bundled)
    // All ones is a NaN in half precision, wherever a number begins.
    for i in bytes.count / 2..<bytes.count / 2 + 64 { bytes[i] = 0xFF }
    try expectRefusal(of: try program.file("nan.onnx", bytes), saying: "not finite")
  }

  @Test("preprocessing that does not suit the model")
  func preprocessing() throws {
    for (options, part) in [
      ("--mean 0.5,0.5", "3 channels"), ("--std 1,1,0", "std must not be 0"),
      ("--output-name other", "'logits'"),
      ("--layout nhwc", "the model takes 32×3×32"),
    ] {
      let ending = try program.run("predict lenet-shapes --images shapes --range 0..1 " + options)
      #expect(ending.status == 65)
      #expect(ending.complainsOnce && ending.errors.contains(part), "\(ending.errors)")
    }
  }

  @Test("class names that are too few, or no text")
  func classNames() throws {
    let few = try program.file("few.txt", Data("a\nb\n".utf8))
    let noText = try program.file("no-text.txt", Data([0xFF, 0xFE, 0x80]))
    for (path, status, part) in [
      (few, 65, "10 classes"), (noText, 65, "not a text file"),
      (program.path("none.txt"), 66, "no such file"),
    ] {
      let ending = try program.run("predict lenet-shapes --images shapes --range 0..1 --labels", [path])
      #expect(ending.status == status)
      #expect(ending.complainsOnce && ending.errors.contains(part), "\(ending.errors)")
    }
  }

  @Test("a folder of bundled models that is none")
  func assets() throws {
    let ending = try program.run("inspect lenet-shapes --assets", [program.folder])
    #expect(ending.status == 66)
    #expect(ending.complainsOnce && ending.errors.contains("no folder 'models'"), "\(ending.errors)")
  }
}
