import Foundation
import Images
import Tensors
import Testing

/// Arrays that commands write and read.
@Suite("Arrays")
struct ArrayTests {
  let program: Program

  init() throws { program = try Program() }

  static let written: [(command: String, shape: [Int])] = [
    ("derive lenet-shapes --images shapes --range 0..3 --order gradient", [3, 3, 32, 32]),
    ("derive lenet-shapes --images shapes --range 0..2 --order jacobian", [2, 10, 3, 32, 32]),
    ("perturb lenet-shapes --images shapes --range 0..3", [3, 3, 32, 32]),
    ("universal lenet-shapes --images shapes --range 0..10 --radius 2 --passes 1", [3, 32, 32]),
    (
      "curvature lenet-shapes --images shapes --range 0..4 --step 1 --eigenvectors 2 --iterations 6",
      [2, 3, 32, 32]
    ),
    ("normals lenet-shapes --images shapes --range 0..6 --vectors 3", [3, 3, 32, 32]),
    ("data export shapes --range 2..4", [2, 3, 32, 32]),
  ]

  @Test("--output writes an array of the promised shape", arguments: written)
  func writtenShape(_ promise: (command: String, shape: [Int])) throws {
    let ending = try program.run("\(promise.command) --output", [program.path("array.npy")])
    #expect(ending.status == 0, "\(ending.errors)")
    let array = try NPY.read(program.path("array.npy"))
    #expect(array.shape.extents == promise.shape)
    #expect(array.elements.allSatisfy(\.isFinite) && array.norm > 0)
  }

  @Test("bases have orthonormal rows", arguments: ["curvature --step 1 --iterations 6", "normals"])
  func orthonormal(_ command: String) throws {
    let words = command.split(separator: " ", maxSplits: 1)
    let options = words.dropFirst().joined()
    _ = try program.run(
      "\(words[0]) lenet-shapes --images shapes --range 0..5 \(options) --output", [program.path("basis.npy")]
    )
    let basis = try NPY.read(program.path("basis.npy"))
    for i in 0..<basis.count {
      for j in 0...i {
        let product = zip(basis.entry(i).elements, basis.entry(j).elements).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-4, "rows \(i) and \(j)")
      }
    }
  }

  @Test("a perturbation stays in the ball asked for, and judging it again gives the same rates")
  func universal() throws {
    let found = try program.run(
      "universal lenet-shapes --images shapes --range 0..10 --radius 2 --passes 1 --json --output",
      [program.path("v.npy")])
    #expect(try NPY.read(program.path("v.npy")).norm <= 2.0001)
    let judged = try program.run(
      "fool lenet-shapes --images shapes --range 0..10 --json --perturbation", [program.path("v.npy")])
    let training = (try found.document() as? [String: Any])?["training"] as? [String: Any]
    #expect((try judged.document() as? [String: Any])?["rate"] as? Double == training?["rate"] as? Double)
  }

  static let unsuitable: [(shape: Shape, value: Float, says: String)] = [
    ([3, 8, 8], 1, "this model takes 3×32×32"), ([3072], 1, "this model takes 3×32×32"),
    ([3, 32, 32], 0, "all zero"), ([3, 32, 32], .nan, "finite"),
  ]

  @Test("a direction of another shape, or none at all, is refused", arguments: unsuitable)
  func unsuitableDirection(_ wrong: (shape: Shape, value: Float, says: String)) throws {
    let path = program.path("wrong.npy")
    try NPY.write(Tensor(repeating: wrong.value, shape: wrong.shape), to: path)
    for command in [
      "fool lenet-shapes --images shapes --range 0..2 --perturbation",
      "section lenet-shapes --images shapes --range 0..1 --index 0 --size 4x4 --along",
      "derive lenet-shapes --images shapes --range 0..1 --order hessian --step 1 --along",
    ] {
      let ending = try program.run(command, [path])
      #expect(ending.status == 65, "\(ending.errors)")
      #expect(ending.complainsOnce && ending.errors.contains(wrong.says), "\(ending.errors)")
    }
  }

  @Test("a missing direction is told with what else would do")
  func missingDirection() throws {
    let ending = try program.run(
      "section lenet-shapes --images shapes --range 0..1 --index 0 --along gone.npy")
    #expect(ending.status == 66)
    #expect(ending.complainsOnce && ending.errors.contains("random:SEED, sc:h=H"), "\(ending.errors)")
    #expect(
      try program.run("fool lenet-shapes --images shapes --range 0..2 --perturbation gone.npy").status == 66)
  }

  static let writing = [
    "derive lenet-shapes --images shapes --range 0..1", "perturb lenet-shapes --images shapes --range 0..1",
    "universal lenet-shapes --images shapes --range 0..1 --radius 1",
    "curvature lenet-shapes --images shapes --range 0..1 --step 1",
    "normals lenet-shapes --images shapes --range 0..1",
    "section lenet-shapes --images shapes --range 0..1 --index 0 --size 4x4 --format svg",
    "section lenet-shapes --images shapes --range 0..1 --index 0 --size 4x4 --format png",
    "data export shapes --range 0..1",
  ]

  @Test("what cannot be written ends with status 73 and the path", arguments: writing)
  func unwritable(_ command: String) throws {
    for path in [program.path("none/array.npy"), program.folder] {
      let ending = try program.run("\(command) --output", [path])
      #expect(ending.status == 73, "\(ending.errors)")
      #expect(ending.complainsOnce && ending.errors.contains("cannot write \(path)"), "\(ending.errors)")
    }
  }

  @Test("a device is written, never replaced")
  func device() throws {
    let ending = try program.run("data export shapes --range 0..1 --output /dev/full")
    #expect(ending.status == 73)
    #expect(ending.complainsOnce && ending.errors.contains("/dev/full"), "\(ending.errors)")
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
  }

  @Test("a section is written as a picture", arguments: ["pdf", "png", "svg"])
  func section(_ format: String) throws {
    let path = program.path("section.\(format)")
    let ending = try program.run(
      "section lenet-shapes --images shapes --range 0..1 --index 0 --size 8x8 --format \(format) --output",
      [path])
    #expect(ending.status == 0, "\(ending.errors)")
    let start = try Data(contentsOf: URL(filePath: path)).prefix(4)
    let starts = ["pdf": Data("%PDF".utf8), "png": Data([0x89, 0x50, 0x4E, 0x47]), "svg": Data("<svg".utf8)]
    #expect(start == starts[format])
  }
}
