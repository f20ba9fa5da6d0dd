import Foundation
import Geometry
import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("Experiments")
struct ExperimentTests {
  private static let subject = Subjects.smooth()

  /// One of each, with what INTERFACE.md promises of its JSON.
  private static var all: [any Experiment] {
    var universal = UniversalFooling(method: .uap, radius: 0.5)
    universal.passes = 2
    universal.target = 1
    return [
      Prediction(includesLogits: true), Robustness(), NoiseTolerance(share: 0.3), universal,
      UniversalFooling(method: .curvature, radius: 0.5), UniversalFooling(method: .normals, radius: 0.5),
      UniversalFooling(method: .random, radius: 0.5), curvature(.secant(step: 0.5)),
      NormalSpectrum(vectors: 4),
      Fooling(perturbation: .given(Subjects.basis(1, like: subject)), radius: 0.5),
      SubspaceFooling(basis: .given(Subjects.basis(4, like: subject)), dimensions: [1, 2, 4], radius: 0.5),
      section(subject),
    ] + paper
  }

  private static var paper: [any Experiment] {
    let basis = Directions.given(Subjects.basis(4, like: subject))
    var theorems = Theorems(normals: basis, basis: basis, dimensions: [1, 3], product: .secant(step: 0.4))
    theorems.draws = 3
    var spectrum = PointSpectrum(index: 1, method: .density, product: .exact)
    (spectrum.probes, spectrum.steps) = (2, 8)
    var transfer = Transfer(models: [], perturbations: [Direction(basis)])
    (transfer.planes, transfer.resolution) = (2, 5)
    return [
      SubspaceShape(basis: basis, dimensions: [1, 3], product: .secant(step: 0.4)),
      PrincipalAngles(basis, basis),
      transfer, Diversity(.draws(basis, dimension: 3, radius: 0.5), count: 3), theorems, LinearRemark(),
      CurvatureScan.steps([0.3, 0.6], of: curvature(.secant(step: 0.3)), radius: 0.5), spectrum,
      WithinSubspace(basis: basis, dimensions: [2, 4]), UniversalFooling(method: .gradient, radius: 0.5),
      UniversalFooling(method: .singular, radius: 0.5),
      FourierHeatMap(radius: 0.5), BandMargins(count: 2, block: 3), Linearity(settings: .init(radius: 0.3)),
      NoiseCertificate(sigma: 0.1, draws: 20, seed: 1), Persistence(along: Direction(basis), reach: 1),
    ]
  }

  private static func curvature(_ product: HessianProduct) -> SharedCurvature {
    var curvature = SharedCurvature(product: product)
    (curvature.points, curvature.eigenvectors, curvature.iterations) = (6, 3, 12)
    return curvature
  }

  private static func section(_ subject: Subject, product: HessianProduct = .exact) -> SectionMap {
    SectionMap(index: 1, along: .random(seed: 4), width: 21, height: 17, product: product)
  }

  private func json<E: Experiment>(_ experiment: E, _ subject: Subject) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(Finding(try experiment.outcome(on: subject, in: nil, Reports().context)))
  }

  @Test("What is kept on the way to an outcome stands in its key by its version", arguments: all.indices)
  func nested(index: Int) throws {
    let folder = try TemporaryFolder()
    let store = ResultStore(folder: folder.path)
    func check<E: Experiment>(_ experiment: E) throws {
      _ = try experiment.outcome(on: Self.subject, in: store, Reports().context)
      let entries = folder.files.filter { $0.hasSuffix("entry.json") }
      let kept = try entries.map { name -> String in
        let entry = try JSONDecoder().decode(
          StoreEntry.self, from: Data(contentsOf: URL(filePath: "\(folder.path)/\(name)")))
        let key = try JSONSerialization.jsonObject(with: Data(entry.key.utf8)) as? [String: Any]
        return try #require(key?["experiment"] as? String)
      }
      #expect(kept.contains(E.name) && Set(kept).isSubset(of: E.versions.keys), "\(kept)")
    }
    try check(Self.all[index])
  }

  @Test("The same experiment on the same subject gives the same outcome twice", arguments: all.indices)
  func deterministic(index: Int) throws {
    func twice<E: Experiment>(_ experiment: E) throws -> (E.Outcome, E.Outcome) {
      let first = try experiment.run(on: Self.subject, Reports().context)
      return (first, try experiment.run(on: Self.subject, Reports().context))
    }
    func check(_ experiment: some Experiment) throws {
      let (first, second) = try twice(experiment)
      #expect(first == second)
    }
    try check(Self.all[index])
  }

  @Test("Every outcome survives the store, arrays and all", arguments: all.indices)
  func stored(index: Int) throws {
    func check<E: Experiment>(_ experiment: E) throws {
      let store = ResultStore(folder: try TemporaryFolder().path)
      let outcome = try experiment.outcome(on: Self.subject, in: store, Reports().context)
      #expect(store.outcome(of: experiment, on: Self.subject) == outcome)
      try store.removeAll()
    }
    try check(Self.all[index])
  }

  @Test("An experiment that is interrupted from the start throws and does no work", arguments: all.indices)
  func interrupted(index: Int) throws {
    func check<E: Experiment>(_ experiment: E) {
      let reports = Reports<E.Outcome>()
      reports.interruption.interrupt()
      #expect(throws: Interrupted.self) { try experiment.run(on: Self.subject, reports.context) }
      #expect(reports.count == 0)
    }
    check(Self.all[index])
  }

  @Test(
    "The JSON has the keys that scripts rely on",
    arguments: zip(
      all.indices,
      [
        "count accuracy predictions[{index label name probability truth logits}]",
        "count fooled meanNorm medianNorm rho{raw centred} meanIterations meanCosine maxResidual"
          + " each[{index from to norm iterations cosine}]",
        "share radius curve[{radius rate}]",
        "method radius norm training{rate} validation{rate interval opposite clipped} passes[{training validation}]",
        "method radius norm training{rate} validation{rate interval opposite clipped} passes",
        "method radius norm training{rate} validation{rate interval opposite clipped} passes",
        "method radius norm training{rate} validation{rate interval opposite clipped} passes",
        "recipe product step points eigenvalues rayleigh residuals normalised iterations products seed",
        "singularValues", "count rate interval opposite either clipped labels",
        "curve[{dimension mean deviation best}]",
        "axes{s t} margin label curvature globalCurvature boundary",
        "curve[{dimension mean deviation meanNormalised deviationNormalised}]", "cosines random",
        "rates agreement", "products rates",
        "theorem1[{dimension xi printed sharp}] theorem2[{dimension kappa beta printed sharp consistent}] reached lemma1",
        "dimension xi printed sharp reached",
        "entries[{step eigenvalue rayleigh training validation}] chosen",
        "nodes[{value weight}] mean", "curve[{dimension reached mean median}]",
        "method radius norm training{rate} validation{rate interval opposite clipped} passes[{training validation}]",
        "method radius norm training{rate} validation{rate interval opposite clipped} passes layer",
        "radius count rows columns rates errors clean bands[{radius frequencies rate deviation}] seed",
        "count block median bands[{rows columns dimension reached median lower upper}]",
        "radius ball loss mean deviation median largest relative spread each[{index gamma ends slope relative}]",
        "abstained changed medianRadius medianNorm ratio gamma persistence"
          + " each[{index label smoothed kept lower radius norm persistence}]",
        "kept keptOpposite first firstOpposite gamma persistence each[{index label changes margin even odd}]"
          + " split{radius rate opposite either evenAlone oddAlone even{mean deviation} odd{mean deviation}}",
      ]))
  func keys(index: Int, expected: String) throws {
    func check(_ experiment: some Experiment) throws {
      let object = try JSONSerialization.jsonObject(with: try json(experiment, Self.subject))
      for path in paths(expected) { #expect(contains(object, path), "\(path) is missing") }
    }
    try check(Self.all[index])
  }

  /// `a b{c d} e[{f}]` as the paths a, b.c, b.d, e.0.f.
  private func paths(_ keys: String) -> [[String]] {
    var (paths, stack, word) = ([[String]](), [String](), "")
    func end() {
      if !word.isEmpty { paths.append(stack + [word]) }
      word = ""
    }
    for character in keys {
      switch character {
      case " ": end()
      case "{":
        stack.append(word)
        word = ""
      case "[":
        stack.append(word)
        word = "0"
      case "}":
        end()
        stack.removeLast()
      case "]": stack.removeLast()
      default: word.append(character)
      }
    }
    end()
    return paths
  }

  private func contains(_ object: Any, _ path: [String]) -> Bool {
    guard let key = path.first else { return true }
    let rest = Array(path.dropFirst())
    if let list = object as? [Any] { return !list.isEmpty && contains(list[0], rest) }
    guard let value = (object as? [String: Any])?[key] else { return false }
    return contains(value, rest)
  }
}
