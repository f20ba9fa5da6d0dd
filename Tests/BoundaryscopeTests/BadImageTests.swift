import Foundation
import Images
import Tensors
import Testing

/// Images that cannot be used as they are.
@Suite("Bad images")
struct BadImageTests {
  let program: Program

  init() throws { program = try Program() }

  /// A picture of slanted stripes.
  private func picture(_ width: Int, _ height: Int) -> Picture {
    var bytes: [UInt8] = []
    for i in 0..<width * height { bytes += [UInt8(i % width * 3 % 256), UInt8(i / width * 5 % 256), 90] }
    return Picture(width: width, height: height, channels: 3, bytes: bytes)
  }

  private func predict(_ images: String, _ options: String = "") throws -> Program.Ending {
    try program.run("predict lenet-shapes --json \(options) --images", [images])
  }

  private func expectRefusal(
    of images: String, _ options: String = "", status: Int32 = 65, saying part: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let ending = try predict(images, options)
    #expect(ending.status == status, "\(ending.errors)", sourceLocation: location)
    #expect(ending.complainsOnce, "\(ending.errors)", sourceLocation: location)
    #expect(ending.errors.contains(part), "\(ending.errors)", sourceLocation: location)
    #expect(ending.output.isEmpty, sourceLocation: location)
  }

  @Test("a missing file, and a name that no bundled set has")
  func missing() throws {
    try expectRefusal(of: program.path("none.png"), status: 66, saying: "no such file")
    try expectRefusal(of: "circles", status: 66, saying: "sets: shapes, shapes-train")
  }

  @Test("an empty file, bytes of no picture, and an empty folder")
  func noPicture() throws {
    try expectRefusal(of: try program.file("empty.png", Data()), saying: "empty")
    let noise = Data((0..<999).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + 200) })
    try expectRefusal(of: try program.file("noise.png", noise), saying: "PNG, JPEG, BMP, WebP")
    try FileManager.default.createDirectory(atPath: program.path("none"), withIntermediateDirectories: false)
    try expectRefusal(of: program.path("none"), saying: "no pictures")
  }

  @Test("a picture whose end is missing", arguments: [0.1, 0.5, 0.8])
  func truncated(_ share: Double) throws {
    let whole = PNG.encode(picture(32, 32))
    let bytes = Data(whole.prefix(Int(Double(whole.count) * share)))
    try expectRefusal(of: try program.file("part.png", bytes), saying: "part.png is")
  }

  @Test("a picture of another size is fitted when that is asked for, and else the sentence says how")
  func anotherSize() throws {
    let path = program.path("large.png")
    try PNG.write(picture(60, 48), to: path)
    try expectRefusal(of: path, saying: "3×48×60 and the model takes 3×32×32: pass --resize 32 --crop 32")
    try expectRefusal(of: path, "--resize 32", saying: "--crop 32")
    for options in ["--resize 32 --crop 32", "--crop 32"] {
      let ending = try predict(path, options)
      #expect(ending.status == 0, "\(ending.errors)")
      #expect((try ending.document() as? [String: Any])?["count"] as? Int == 1)
    }
  }

  @Test("a picture too small for the crop")
  func tooSmall() throws {
    let path = program.path("small.png")
    try PNG.write(picture(16, 16), to: path)
    try expectRefusal(of: path, "--crop 32", saying: "--resize")
    #expect(try predict(path, "--resize 32 --crop 32").status == 0)
  }

  @Test("arrays that are no images")
  func arrays() throws {
    let wrong: [(Tensor, String)] = [
      (Tensor(zeros: [5]), "N×C×H×W"),
      (Tensor(zeros: [2, 3, 8, 8]), "the model takes 3×32×32"),
      (Tensor(repeating: 4000, shape: [2, 3, 32, 32]), "pixels run from 0 to 1 or from 0 to 255"),
      (Tensor(repeating: .nan, shape: [2, 3, 32, 32]), "outside [0, 1]"),
    ]
    for (array, part) in wrong {
      try NPY.write(array, to: program.path("images.npy"))
      try expectRefusal(of: program.path("images.npy"), saying: part)
    }
    let whole = Data(NPY.encode(Tensor(zeros: [2, 3, 32, 32])))
    try expectRefusal(of: try program.file("part.npy", whole.dropLast(100)), saying: "part.npy is a damaged")
    #expect(try predict(try program.file("whole.npy", whole)).status == 0)
  }

  @Test("a range that the set has not", arguments: ["0..10001", "10000..10001", "3..99999999999"])
  func outOfRange(_ range: String) throws {
    try expectRefusal(of: "shapes", "--range \(range)", saying: "images 0..10000")
  }

  @Test("an index outside the range of a section")
  func index() throws {
    for index in [4, 8] {
      let ending = try program.run("section lenet-shapes --images shapes --range 5..8 --index \(index)")
      #expect(ending.status == 65)
      #expect(ending.complainsOnce && ending.errors.contains("the images 5 to 7"), "\(ending.errors)")
    }
  }
}
