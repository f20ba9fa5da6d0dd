import Foundation
import Images
import Tensors
import Testing

/// The document that each command prints with `--json`.
@Suite("Documents for scripts")
struct DocumentTests {
  let program: Program

  init() throws {
    program = try Program()
    var basis = Tensor(zeros: [2, 3, 32, 32])
    basis.elements[0] = 1
    basis.elements[3072 + 40] = 1
    try NPY.write(basis, to: program.path("basis.npy"))
    try NPY.write(Tensor(repeating: 0.05, shape: [3, 32, 32]), to: program.path("v.npy"))
  }

  static let promises: [(command: String, keys: String)] = [
    (
      "inspect lenet-shapes",
      """
      format opset input.name input.shape input.layout outputs[].name outputs[].shape classes parameters \
      multiplyAdds operators.Conv piecewiseLinear unsupported[].operator unsupported[].node
      """
    ),
    (
      "predict lenet-shapes --images shapes --range 0..3 --logits",
      """
      count accuracy predictions[].index predictions[].label predictions[].name predictions[].probability \
      predictions[].truth predictions[].logits
      """
    ),
    (
      "derive lenet-shapes --images shapes --range 0..2 --margin pair:0,1 --order gradient",
      "product step values[]"
    ),
    (
      "derive lenet-shapes --images shapes --range 0..2 --margin region --order jacobian",
      "product step values[]"
    ),
    (
      "derive lenet-shapes --images shapes --range 0..2 --margin nearest --order hessian --step 0.5 --along $v.npy",
      "product step values[]"
    ),
    (
      "perturb lenet-shapes --images shapes --range 0..3",
      """
      count fooled meanNorm medianNorm rho.raw rho.centred meanIterations meanCosine maxResidual each[].index \
      each[].from each[].to each[].norm each[].iterations each[].cosine
      """
    ),
    (
      "noise lenet-shapes --images shapes --range 0..10 --share 0.3",
      "share radius curve[].radius curve[].rate"
    ),
    (
      """
      universal lenet-shapes --images shapes-train --range 0..10 --validate shapes --validate-range 0..10 \
      --method uap --radius 1 --norm l2 --passes 1
      """,
      """
      method radius norm training.rate validation.rate validation.interval[] validation.opposite \
      validation.clipped passes[].training passes[].validation
      """
    ),
    (
      "universal lenet-shapes --images shapes --range 0..10 --method random --radius 1 --norm linf",
      "method radius norm training.rate validation passes[]"
    ),
    (
      """
      curvature lenet-shapes --images shapes --range 0..6 --recipe region --count 4 --step 1 --eigenvectors 2 \
      --iterations 6 --product secant
      """,
      "recipe product step points eigenvalues[] rayleigh[] residuals[] normalised"
    ),
    (
      "curvature lenet-shapes --images shapes --range 0..4 --recipe paper --step 1 --iterations 4",
      "recipe product step points eigenvalues[] rayleigh[] residuals[] normalised spread.starts spread.lowest spread.highest"
    ),
    (
      "curvature lenet-shapes --images shapes --range 0..4 --recipe authors:3 --product softened --iterations 4",
      "recipe product step points eigenvalues[] rayleigh[] residuals[] normalised"
    ),
    ("normals lenet-shapes --images shapes --range 0..6 --count 4 --vectors 2", "singularValues[]"),
    (
      "fool lenet-shapes --images shapes --range 0..10 --perturbation $v.npy --radius 2",
      "count rate interval[] opposite either clipped ceiling labels"
    ),
    (
      "fool lenet-shapes --images shapes --range 0..5 --basis $basis.npy --dimension 1,2 --radius 1 --draws 2",
      "curve[].dimension curve[].mean curve[].deviation curve[].best curve[].ceiling"
    ),
    (
      """
      section lenet-shapes --images shapes --range 0..3 --index 2 --along random:7 --extent 1 --size 6x5 \
      --format json
      """,
      "axes.s[] axes.t[] margin[].[] label[].[] curvature planeCurvature planeStep planeError product step globalCurvature boundary[]"
    ),
    (
      "section lenet-shapes --images shapes --index 0 --along $v.npy --size 4x4",
      "axes.s[] margin[].[] label[].[]"
    ),
    (
      "shape lenet-shapes --images shapes --range 0..5 --basis $basis.npy --dimension 1,2 --step 1 --draws 2",
      "curve[].dimension curve[].mean curve[].deviation curve[].meanNormalised curve[].deviationNormalised"
    ),
    ("angles $basis.npy $basis.npy", "cosines[]"),
    (
      "transfer --models lenet-shapes lenet-cifar10 --images shapes --range 0..6 --perturbations $v.npy --planes 1",
      "rates[].[] ceilings[].[] agreement[].[]"
    ),
    (
      """
      bounds lenet-shapes --images shapes --range 0..5 --normals $basis.npy --basis $basis.npy --step 1 --delta 0.3 \
      --draws 1
      """,
      """
      theorem1[].dimension theorem1[].xi theorem1[].printed theorem1[].sharp theorem2[].dimension theorem2[].kappa \
      theorem2[].beta theorem2[].printed theorem2[].sharp theorem2[].consistent reached
      """
    ),
    (
      "section lenet-shapes --images shapes --through 1,4,2 --size 5x5 --format json",
      "axes.s[] corners[].[] label[].[]"
    ),
    (
      "fourier lenet-shapes --images shapes --range 0..4 --cutoff 2 --radius 2",
      "radius count rows[] columns[] rates[].[] errors[].[] clean bands[].radius bands[].rate bands[].deviation seed"
    ),
    (
      "bands lenet-shapes --images shapes --range 0..3 --count 2 --block 4",
      "count block median bands[].rows bands[].columns bands[].dimension bands[].reached bands[].median bands[].lower"
    ),
    (
      "linearity lenet-shapes --images shapes --range 0..3 --radius 0.5 --norm l2 --loss margin --steps 3",
      "radius ball loss mean deviation median largest relative spread each[].gamma each[].ends[] each[].slope"
    ),
    (
      "certificate lenet-shapes --images shapes --range 0..2 --sigma 0.1 --draws 50 --alpha 0.01 --gamma-draws 20",
      """
      sigma draws alpha count abstained changed medianRadius medianNorm ratio gamma persistence each[].smoothed \
      each[].lower each[].radius each[].norm each[].persistence
      """
    ),
    (
      "persistence lenet-shapes --images shapes --range 0..2 --along $v.npy --reach 5 --radius 2 --gamma-draws 20",
      """
      along reach kept keptOpposite first firstOpposite persistence split.radius split.rate split.opposite \
      split.evenAlone split.oddAlone split.even.mean split.odd.deviation each[].changes[].distance each[].even
      """
    ),
    (
      """
      transfer --models lenet-shapes lenet-cifar10 --images shapes --range 0..8 --planes 1 --shared \
      --each sc:h=1,n=4,m=2,k=6,climb=0
      """,
      """
      rates[].[] shared.overlap[].[] shared.largest[].[] shared.shiftedOverlap[].[] shared.spectrum[].[] \
      shared.quotients[].[] shared.chance.overlap shared.rings[].[]
      """
    ),
    (
      "scan lenet-shapes --images shapes --range 0..4 --radius 1 --steps 0.5,1 --count 3",
      "entries[].step entries[].rayleigh entries[].training chosen"
    ),
    (
      "spectrum lenet-shapes --images shapes --range 0..2 --step 1 --method density --probes 1 --iterations 4",
      "method nodes[].value nodes[].weight mean"
    ),
    (
      "reproduce table1 --images shapes --range 0..4 --validate shapes --validate-range 4..9 --radius 1",
      "figure data[].rho.raw data[].rho.centred paragraph parameters"
    ),
    (
      "report lenet-shapes --images shapes --range 0..40 --radius 2 --seconds 20",
      "schema verdict[].sentence signs[].name accuracy.rate distance.median universal[].points[].rate skipped"
    ),
    ("data list", "[].name [].count [].classes[]"),
    ("doctor", "[].what [].value [].why"),
  ]

  @Test("every command's document has the keys that scripts rely on", arguments: promises)
  func keys(_ promise: (command: String, keys: String)) throws {
    let command = promise.command.replacing("$", with: program.folder + "/")
    let ending = try program.run(command + " --json")
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.errors.isEmpty, "\(ending.errors)")
    #expect(DocumentKeys.missing(promise.keys, in: try ending.document()) == [])
    #expect(DocumentKeys.missing(Self.reading(promise.command), in: try ending.document()) == [])
  }

  /// What every command with a model says of pixels; of each model's where there are several.
  private static func reading(_ command: String) -> String {
    switch command.split(separator: " ")[0] {
    case "angles", "data", "doctor": return ""
    case "transfer", "reproduce": return "preprocessing[].range preprocessing[].source"
    default:
      let keys = ["range", "mean", "std", "channels", "layout", "size", "source", "guessed"]
      return keys.map { "preprocessing.\($0)" }.joined(separator: " ")
    }
  }

  @Test("a missing key is noticed")
  func missingKey() {
    let document: Any = ["a": [["b": 1], ["c": 2]]] as [String: Any]
    #expect(DocumentKeys.missing("a a[] a[].b d", in: document) == ["a[].b", "d"])
  }

  @Test("indices count in the whole set, whatever range is used")
  func indices() throws {
    let part = try predictions("--range 5..8")
    let whole = try predictions("--range 0..8")
    #expect(part.compactMap { $0["index"] as? Int } == [5, 6, 7])
    #expect(part.compactMap { $0["label"] as? Int } == whole.suffix(3).compactMap { $0["label"] as? Int })
    let perturbed = try program.run("perturb lenet-shapes --images shapes --range 5..8 --json").document()
    let each = try #require((perturbed as? [String: Any])?["each"] as? [[String: Any]])
    #expect(each.compactMap { $0["index"] as? Int } == [5, 6, 7])
  }

  @Test("logits are printed when they are asked for, and their largest is the label")
  func logits() throws {
    #expect(try predictions("--range 0..4").allSatisfy { $0["logits"] is NSNull })
    for prediction in try predictions("--range 0..4 --logits") {
      let logits = try #require(prediction["logits"] as? [Double])
      #expect(logits.count == 10)
      #expect(logits.firstIndex(of: try #require(logits.max())) == prediction["label"] as? Int)
    }
  }

  @Test("class names come from the file that --labels names")
  func labels() throws {
    let names = (0..<10).map { "class \($0)" }
    try program.file("names.txt", Data((names.joined(separator: "\n") + "\n").utf8))
    for prediction in try predictions("--range 0..4 --labels \(program.path("names.txt"))") {
      #expect(prediction["name"] as? String == names[try #require(prediction["label"] as? Int)])
    }
  }

  @Test("the bundled model names most shapes that it has not seen")
  func accuracy() throws {
    let document = try program.run("predict lenet-shapes --images shapes --range 0..200 --json").document()
    let accuracy = try #require((document as? [String: Any])?["accuracy"] as? Double)
    #expect((0.88...0.99).contains(accuracy))
  }

  private func predictions(_ options: String) throws -> [[String: Any]] {
    let ending = try program.run("predict lenet-shapes --images shapes --json " + options)
    #expect(ending.status == 0, "\(ending.errors)")
    return try #require((try ending.document() as? [String: Any])?["predictions"] as? [[String: Any]])
  }
}
