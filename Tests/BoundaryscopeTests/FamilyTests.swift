import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Families of networks, a small classifier of each; `Families/make_families.py` wrote them.
enum Family: String, CaseIterable, CustomTestStringConvertible {
  case convolutional, depthwise, transformer, recurrent, ensemble, smooth, linear, single
  case rankOne = "rank_one"
  case standardized, repeated

  /// Those whose second derivative is no sum of jumps.
  static let bent: [Family] = [.transformer, .recurrent, .smooth, .rankOne, .standardized, .repeated]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Families").path
  static let pictures = folder + "/pictures.npy"

  var testDescription: String { rawValue }
  var path: String { "\(Self.folder)/\(rawValue).onnx" }
}

/// A speed-up that suits one family of networks must not break another.
@Suite("Every command on every family of networks")
struct FamilyTests {
  let program: Program

  init() throws {
    program = try Program()
    var basis = Tensor(zeros: [2, 3, 8, 8])
    basis.elements[5] = 1
    basis.elements[192 + 40] = 1
    try NPY.write(basis, to: program.path("basis.npy"))
  }

  /// Words after the command and the model; `$name` is a file of the test's folder or of `Families`.
  static let commands: [String] =
    [
      "predict --logits", "derive --range 0..3 --order gradient --output $gradient.npy",
      "derive --range 0..3 --order jacobian --output $jacobian.npy", "perturb", "noise --share 0.1",
      "normals --vectors 2", "fool --perturbation $direction.npy --radius 0.5",
      "fool --basis $basis.npy --dimension 1,2 --draws 3 --radius 0.5",
      "shape --basis $basis.npy --dimension 1,2 --draws 3 --step 0.3",
      "within --basis $basis.npy --dimension 1,2",
      "diversity --basis $basis.npy --dimension 2 --radius 0.5",
      "bounds --normals $basis.npy --basis $basis.npy --step 0.5", "scan --range 0..6 --radius 0.5 --count 4",
      "spectrum --range 0..1 --step 0.3", "section --index 1 --along random:1 --size 7x7",
      "section --index 1 --along uap --radius 0.5 --size 7x7", "report --radius 0.5",
      "section --through 1,2,5 --size 7x7",
      "film --index 1 --radius 0.5 --count 6 --size 7x7", "fourier --range 0..6 --radius 0.5",
      "bands --range 0..6 --count 2 --block 4", "linearity --range 0..6 --radius 0.3 --steps 5",
      "certificate --range 0..3 --sigma 0.1 --draws 50 --gamma-draws 20",
      "persistence --range 0..3 --gamma-draws 20",
    ]
    + ["exact", "secant", "softened"].map {
      "derive --range 0..3 --margin region --order hessian --product \($0)\($0 == "secant" ? " --step 0.3" : "") --along $direction.npy --output $hessian.npy"
    }
    + [
      "uap", "curvature", "normals", "random", "gradient",
      "even --augment shift:1 --gradients 128 --passes 1",
      "logistic --augment mirror --gradients 128 --passes 1",
    ].map {
      "universal --method \($0) --radius 0.5 --range 0..12"
    }
    + [
      "region --step 0.5", "paper --step 0.5", "authors:1 --step 0.5", "region --product exact",
      "region --product softened",
    ]
    .map { "curvature --recipe \($0) --count 5 --eigenvectors 2 --iterations 4" }

  @Test("ends well, with one document", arguments: Family.allCases, commands)
  func ends(_ family: Family, _ command: String) throws {
    let ending = try run(command, family)
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.errors.isEmpty)
    _ = try ending.document()
  }

  @Test("is inspected, compared, and transferred to", arguments: Family.allCases)
  func meets(_ family: Family) throws {
    let v = Family.folder + "/direction.npy"
    let inspection = try program.run("inspect --json", [family.path])
    #expect(inspection.status == 0, "\(inspection.errors)")
    let transfer = try program.run(
      "transfer --json --quiet --images",
      [Family.pictures, "--models", family.path, Family.smooth.path, "--perturbations", v, v])
    #expect(transfer.status == 0, "\(transfer.errors)")
  }

  @Test("has the logits of ONNX Runtime", arguments: Family.allCases)
  func logits(_ family: Family) throws {
    struct Document: Decodable {
      struct Row: Decodable { let logits: [Float] }
      let predictions: [Row]
    }
    let ending = try run("predict --range 0..2 --logits", family)
    let found = try JSONDecoder().decode(Document.self, from: ending.output).predictions.map(\.logits)
    let data = try Data(contentsOf: URL(filePath: Family.folder + "/expected.json"))
    let expected = try #require(JSONDecoder().decode([String: [[Float]]].self, from: data)[family.rawValue])
    for (row, right) in zip(found, expected) {
      // One logit z is two scores, 0 and z; z − log Σ exp z is a head behind the logits z, up to a number a row.
      let expected = family == .single ? [0] + right : right
      let shift = family == .rankOne ? row[0] - expected[0] : 0
      #expect(near(row, expected.map { $0 + shift }, 1e-4), "\(row) \(right)")
    }
  }

  @Test("a pair's gradient is the difference of two rows of the Jacobian", arguments: Family.allCases)
  func jacobian(_ family: Family) throws {
    let gradient = try derivative("--margin pair:0,1 --order gradient", family)
    let jacobian = try derivative("--order jacobian", family)
    let size = gradient.entryCount
    for n in 0..<gradient.count {
      let rows = jacobian.entryElements(n)
      let difference = (0..<size).map { rows[rows.startIndex + size + $0] - rows[rows.startIndex + $0] }
      #expect(near(Array(gradient.entryElements(n)), difference, 1e-4))
    }
  }

  @Test("a secant product is the difference of gradients on both sides", arguments: Family.allCases)
  func secant(_ family: Family) throws {
    let (h, along) = (Float(0.2), try NPY.read(Family.folder + "/direction.npy"))
    // Grey enough for both sides to be pictures.
    let middle = try 0.5 * NPY.read(Family.pictures)[0..<3] + Tensor(repeating: 0.25, shape: [3, 3, 8, 8])
    try NPY.write(middle, to: program.path("middle.npy"))
    let sides = try [h, -h].map { side in
      try NPY.write(middle.addingToEach(side, along.elements), to: program.path("side.npy"))
      return try derivative("--margin pair:0,1 --order gradient", family, of: program.path("side.npy"))
    }
    let product = try derivative(
      "--margin pair:0,1 --order hessian --product secant --step \(h) --along $direction.npy", family,
      of: program.path("middle.npy"))
    #expect(near(product, 1 / (2 * h) * (sides[0] - sides[1]), 2e-3))
  }

  @Test("an exact product is the limit of secants where the network is smooth", arguments: Family.bent)
  func exact(_ family: Family) throws {
    let words = "--margin pair:0,1 --order hessian --along $direction.npy --product "
    let exact = try derivative(words + "exact", family)
    #expect(exact.norm > 0)
    #expect(near(exact, try derivative(words + "secant --step 0.01", family), 2e-2))
  }

  @Test("is not said to be in training mode where it is not", arguments: Family.allCases)
  func sound(_ family: Family) throws {
    let ending = try run("report --radius 0.5 --seconds 2", family)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.text.utf8)) as? [String: Any], "\(ending.errors)")
    let signs = try #require(document["signs"] as? [[String: Any]])
    let mode = try #require(signs.first { $0["name"] as? String == "training mode" })
    #expect(mode["found"] as? Bool == false)
  }

  private func run(_ command: String, _ family: Family, of pictures: String = Family.pictures) throws
    -> Program.Ending
  {
    let words = command.split(separator: " ").map { word -> String in
      switch word {
      case "$direction.npy": Family.folder + "/direction.npy"
      default: word.hasPrefix("$") ? program.path(String(word.dropFirst())) : String(word)
      }
    }
    return try program.run(
      words[0], [family.path, "--images", pictures, "--json", "--quiet"] + words.dropFirst())
  }

  private func derivative(_ words: String, _ family: Family, of pictures: String = Family.pictures) throws
    -> Tensor
  {
    let ending = try run("derive --range 0..3 \(words) --output $derivative.npy", family, of: pictures)
    try #require(ending.status == 0, "\(ending.errors)")
    return try NPY.read(program.path("derivative.npy"))
  }
}
