import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Classifiers at the edge of what one is; `Degenerate/make_degenerate.py` wrote them.
enum Degenerate: String, CaseIterable, CustomTestStringConvertible {
  case tied, constant, dead, pixel, pixels
  case oneClass = "one_class"
  case notFinite = "not_finite"

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Degenerate").path

  var testDescription: String { rawValue }
  var path: String { "\(Self.folder)/\(rawValue).onnx" }
  var shape: Shape {
    switch self {
    case .pixel: [1, 1, 1, 1]
    case .pixels: [1, 3, 1, 1]
    default: [1, 3, 8, 8]
    }
  }
  var pictures: String {
    Self.folder + (self == .pixel ? "/greys.npy" : self == .pixels ? "/triples.npy" : "/pictures.npy")
  }
  /// Whether no image can reach a boundary.
  var isConstant: Bool { self == .constant || self == .dead }
}

/// Where a quantity is not defined the answer says so; where it is, it has its closed form.
@Suite("Degenerate networks, sets and parameters")
struct DegenerateTests {
  let program: Program

  init() throws { program = try Program() }

  @Test(
    "every command ends with one document or one sentence", arguments: Degenerate.allCases,
    FamilyTests.commands)
  func ends(_ network: Degenerate, _ command: String) throws {
    let ending = try run(command, network)
    if ending.status == 0 {
      // The format has no word for what is not a number: a document that is read holds none.
      _ = try ending.document()
      #expect(ending.errors.isEmpty)
    } else {
      #expect([64, 65].contains(ending.status) && ending.complainsOnce, "\(ending.status) \(ending.errors)")
    }
  }

  @Test(
    "a network without a boundary says so wherever one is needed", arguments: [Degenerate.constant, .dead])
  func constant(_ network: Degenerate) throws {
    let each = try document("perturb", network).list("each")
    #expect(each.count == 24)
    for one in each {
      #expect(one["obstacle"] as? String == "flat" && one["norm"] is NSNull && one["to"] is NSNull)
    }
    #expect(try document("fool --perturbation $direction.npy --radius 0.5", network)["rate"] as? Double == 0)
    #expect(try document("noise --share 0.1", network)["radius"] is NSNull)
    let training = try document("universal --method uap --radius 0.5", network)["training"] as? [String: Any]
    #expect(training?["rate"] as? Double == 0)
    for command in ["curvature --step 0.5", "normals", "spectrum --step 0.5 --range 0..1"] {
      let ending = try run(command, network)
      #expect(
        ending.status == 65 && ending.errors.contains("the network may be constant"), "\(ending.errors)")
    }
    let section = try run("section --index 0 --along random:1", network)
    #expect(section.status == 65 && section.errors.contains("no margin has a gradient that leads anywhere"))
  }

  @Test("a tie is said where the image has one, and is no obstacle to other images")
  func tie() throws {
    for one in try document("perturb", .tied).list("each") {
      let isTied = [0, 1].contains(one["from"] as? Int)
      #expect(one["obstacle"] as? String == (isTied ? "tie" : nil))
      #expect((one["norm"] as? Double).map { $0 > 0 } == (isTied ? nil : true))
      // Of classes that tie the first is the label.
      #expect(one["from"] as? Int != 1 && one["to"] as? Int != 1)
    }
  }

  @Test("one class has no boundary, and logits that are no numbers are refused")
  func refused() throws {
    for command in ["perturb", "predict", "curvature --step 0.5"] {
      let one = try run(command, .oneClass)
      #expect(one.status == 65 && one.errors.contains("does not depend on the image"), "\(one.errors)")
      let infinite = try run(command, .notFinite)
      #expect(infinite.status == 65 && infinite.errors.contains("not finite"), "\(infinite.errors)")
    }
  }

  @Test("d = 1: ‖r‖ is |x − ½|, and nothing is bent")
  func onePixel() throws {
    let pixels = try NPY.read(Degenerate.pixel.pictures).elements
    for (one, x) in zip(try document("perturb", .pixel).list("each"), pixels) {
      #expect(try abs(#require(one["norm"] as? Double) - Double(abs(x - 0.5))) < 1e-6)
      #expect(one["cosine"] as? Double == 1)
    }
    let curvature = try document("curvature --step 0.1 --eigenvectors 3", .pixel)
    #expect(curvature["eigenvalues"] as? [Double] == [0])
    #expect(try document("spectrum --step 0.1 --range 0..1", .pixel)["flatShare"] as? Double == 1)
    let plane = try run("section --index 0 --along random:1", .pixel)
    #expect(plane.status == 65 && plane.errors.contains("spans no plane"))
  }

  @Test("m > d: all directions are given, and no more")
  func moreThanAll() throws {
    let curvature = try document("curvature --step 0.1 --eigenvectors 7 --iterations 9", .pixels)
    #expect((curvature["eigenvalues"] as? [Double])?.count == 3)
    let normals = try document("normals --vectors 7", .pixels)
    #expect((normals["singularValues"] as? [Double])?.count == 3)
  }

  @Test("an empty set is refused in a sentence", arguments: FamilyTests.commands)
  func none(_ command: String) throws {
    let empty = try run(command, .tied, of: Degenerate.folder + "/none.npy")
    #expect(
      empty.status == 65 && empty.complainsOnce && empty.errors.contains("holds no images"), "\(empty.errors)"
    )
  }

  @Test(
    "an empty range is refused before any work", arguments: ["predict", "perturb", "curvature --step 0.5"])
  func noRange(_ command: String) throws {
    let ending = try run(command + " --range 3..3", .tied)
    #expect(ending.status == 64 && ending.complainsOnce && ending.errors.contains("3..3"), "\(ending.errors)")
  }

  @Test(
    "n = 1: every command answers for one image, or says how many it needs", arguments: FamilyTests.commands)
  func one(_ command: String) throws {
    let words = command.replacing(#/ --range \d+\.\.\d+| --index 1/#) {
      $0.output.contains("index") ? " --index 0" : ""
    }
    let ending = try run(words, .tied, of: Degenerate.folder + "/one.npy")
    #expect(ending.status == 0 || ending.status == 65 && ending.complainsOnce, "\(ending.errors)")
    if ending.status == 0 { _ = try ending.document() }
  }

  @Test("images that are all equal have one r and one normal")
  func equal() throws {
    let (pictures, smooth) = (Degenerate.folder + "/equal.npy", Family.smooth.path)
    let norms = try document("perturb", .tied, of: pictures, by: smooth).list("each").compactMap {
      $0["norm"] as? Double
    }
    #expect(norms.count == 24 && Set(norms).count == 1)
    let values = try #require(
      document("normals --vectors 3", .tied, of: pictures, by: smooth)["singularValues"] as? [Double])
    // The squares of 24 unit normals sum to 24.
    #expect(abs(values[0] - 24.0.squareRoot()) < 1e-4 && values.dropFirst().allSatisfy { abs($0) < 1e-3 })
    let rate = try #require(
      document("fool --perturbation $direction.npy --radius 0.5", .tied, of: pictures, by: smooth)["rate"]
        as? Double)
    #expect(rate == 0 || rate == 1)
  }

  @Test(
    "h = 0 and ξ = 0 have no meaning and are refused before any work",
    arguments: [
      "curvature --step 0", "spectrum --step 0 --range 0..1", "shape --basis $basis.npy --step 0",
      "bounds --normals $basis.npy --basis $basis.npy --step 0", "universal --method uap --radius 0",
      "fool --perturbation $direction.npy --radius 0", "scan --radius 0", "report --radius 0",
      "fourier --radius 0", "linearity --radius 0", "certificate --sigma 0",
      "derive --order hessian --product secant --step 0 --along $direction.npy --output $o.npy",
    ])
  func zero(_ command: String) throws {
    let ending = try run(command, .tied)
    #expect(
      ending.status == 64 && ending.complainsOnce && ending.errors.contains("positive"), "\(ending.errors)")
  }

  private func run(
    _ command: String, _ network: Degenerate, of pictures: String? = nil, by model: String? = nil
  ) throws
    -> Program.Ending
  {
    for (name, count) in [("direction", 1), ("basis", network == .pixel ? 1 : 2)] {
      var vectors = Tensor(zeros: network.shape.batch(of: count))
      for i in 0..<count { vectors.elements[i * vectors.entryCount + i] = 1 }
      try NPY.write(vectors, to: program.path("\(name).npy"))
    }
    let words = command.split(separator: " ").map {
      $0.hasPrefix("$") ? program.path(String($0.dropFirst())) : String($0)
    }
    return try program.run(
      words[0],
      [model ?? network.path, "--images", pictures ?? network.pictures, "--json", "--quiet"]
        + words.dropFirst())
  }

  private func document(
    _ command: String, _ network: Degenerate, of pictures: String? = nil, by model: String? = nil
  ) throws -> [String: Any] {
    let ending = try run(command, network, of: pictures, by: model)
    return try #require(ending.document() as? [String: Any], "\(ending.errors)")
  }
}

extension [String: Any] {
  /// The objects of a list.
  fileprivate func list(_ key: String) throws -> [[String: Any]] {
    try #require(self[key] as? [[String: Any]], "\(key)")
  }
}
