internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Laboratory
internal import Networks

/// What the theorems promise, beside what is really reached.
struct Bounds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate Theorems 1 and 2 and Lemma 1, beside the measured norm that fools.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, help: ArgumentHelp("S_f: sf, or a basis from `normals`.", valueName: "n.npy"),
    completion: .file())
  var normals: String

  @Option(
    name: .long, help: ArgumentHelp("S_c: sc:h=H, or a basis from `curvature`.", valueName: "b.npy"),
    completion: .file())
  var basis: String

  @Option(name: .long, parsing: .unconditional, help: "δ: the share that may stay unfooled.")
  var delta = 0.2

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Dimensions; by default 1, 2, 5, 10, … as far as the bases go.", valueName: "m,…"))
  var dimension: NumberList?

  @Option(
    name: .long, parsing: .unconditional,
    help: "β of Theorem 2: the share of pairs (x, v) that κ may leave out.")
  var share = 0.1

  @Option(
    name: .long, parsing: .unconditional, help: "Directions drawn at each dimension.",
    transform: WholeNumber.draws)
  var draws = 10

  func validate() throws {
    for (name, value) in [("--delta", delta), ("--share", share)] where !(value > 0 && value < 1) {
      throw ValidationError("\(name) \(Number.figure(value)): expected a share between 0 and 1")
    }
  }

  func run() throws {
    let product = try product.chosen(defaultStep: nil)
    let (open, set) = try model.open(for: images)
    let sf = try Directions(named: normals, "--normals", for: open)
    let sc = try Directions(named: basis, "--basis", for: open)
    let largest = max(sf.dimension ?? 0, sc.dimension ?? 0)
    let chosen = try dimension.map { try (sf.dimension == largest ? sf : sc).dimensions(chosen: $0) }
    var theorems = Theorems(
      normals: sf, basis: sc, dimensions: chosen ?? usualDimensions(upTo: largest), product: product)
    (theorems.delta, theorems.beta, theorems.draws, theorems.seed) = (delta, share, draws, runs.seed)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    let o = try runs.outcome(of: theorems, on: subject, quiet: output.quiet)
    try output.answer(o, with: open) { Self.describe(o) }
  }

  static func describe(_ o: Theorems.Outcome) {
    let scale = o.step.map { ", h = \(Number.figure($0)) px" } ?? ""
    print(
      "\(o.count) boundary points, R = \(Number.figure(o.norm)) px, δ = \(Number.figure(o.delta)), \(o.product)\(scale), seed \(o.seed)"
    )
    print("\nTheorem 1, flat: some v of the first m normals, ‖v‖ ≤ ρ, fools by +v or −v (px)")
    printTable(
      ["m", "ξ", "‖P r̂‖² mean", "ρ printed", "ρ sharp", "promised", "reached"],
      o.theorem1.map {
        [
          "\($0.dimension)", Number.figure($0.xi, 3), Number.figure($0.energy, 3), length($0.printed),
          length($0.sharp),
          Number.rate($0.promised), length($0.reached),
        ]
      })
    if let best = o.bestFlat { print("the sharp bound is smallest at m = \(best)") }
    print("\nTheorem 2, curved: some v of the first m directions of S_c (px; κ for ‖r‖ = 1)")
    printTable(
      ["m", "κ", "κ along v", "κ along r", "β", "smallest β", "ρ printed", "ρ sharp", "reached", ""],
      o.theorem2.map {
        [
          "\($0.dimension)", Number.figure($0.kappa, 3), Number.figure($0.tangentKappa, 3),
          Number.figure($0.normalKappa, 3),
          Number.figure($0.beta, 2), Number.figure($0.smallestBeta, 2), length($0.printed), length($0.sharp),
          length($0.reached), $0.remark ?? "",
        ]
      })
    print("\nLemma 1: β₁·m/d ≤ ‖P_m v‖² ≤ β₂·m/d, each side failing with probability δ at most")
    printTable(
      ["m", "d", "β₁", "β₂", "below", "above", "found", "found"],
      o.lemma1.map {
        [
          "\($0.dimension)", "\($0.ambient)", Number.figure($0.bounds.lower, 3),
          Number.figure($0.bounds.upper, 3),
          Number.figure($0.bounds.failsBelow, 2), Number.figure($0.bounds.failsAbove, 2),
          Number.figure($0.measuredBelow, 2),
          Number.figure($0.measuredAbove, 2),
        ]
      })
    if let radius = o.reached.radius, let name = o.reached.subspace, let m = o.reached.dimension {
      print(
        "\nmeasured: \(Number.rate(o.reached.share)) fooled at norm \(Number.figure(radius)) px (\(name), m = \(m))"
      )
    }
    if let excess = o.excess {
      print(
        "the bounds are \(Number.figure(excess.least, 2)) to \(Number.figure(excess.most, 2)) times the norms reached\(excess.least > 10 ? ": vacuous here" : "")"
      )
    }
    print(
      "Theorem 2 assumes that r is normal to the boundary: cos(r, ∇G) has median \(Number.figure(o.cosine, 2)), 10 % below \(Number.figure(o.lowCosine, 2))"
    )
    if let remark = o.remark { print(remark) }
  }

  private static func length(_ x: Double?) -> String { x.map { Number.figure($0) } ?? "–" }
}
