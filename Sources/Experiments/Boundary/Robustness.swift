public import Geometry
internal import Jobs
internal import Networks
public import Tensors

/// The minimal perturbation r(x) of every image: how far the boundary is.
public struct Robustness: Experiment, ImageByImage {
  public static let name = "perturb"
  public static let version = 4

  /// How DeepFool searches, before any refinement.
  public var settings: DeepFool.Settings
  /// How the r that DeepFool found is then made shorter.
  public var refinement: Refinement

  public init(settings: DeepFool.Settings = DeepFool.Settings(), refinement: Refinement = .automatic) {
    self.settings = settings
    self.refinement = refinement
  }

  /// The published algorithm, landed and not refined.
  public static let deepFool = Robustness(refinement: .none)

  /// r(x) and the boundary's normal of every image, with their statistics.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// Images for which another label was found; the statistics are of these alone.
    public var fooled: Int
    /// Mean ‖r‖ in pixel units; nil where nothing was found.
    @OrNull public var meanNorm: Double?
    /// Median ‖r‖ in pixel units; nil where nothing was found.
    @OrNull public var medianNorm: Double?
    /// Median norm of DeepFool's r, before refinement.
    @OrNull public var medianDeepfool: Double?
    /// As it was asked for; the way of each image is in ``each``.
    public var refinement: Refinement
    /// Mean of ‖r‖/‖x‖ over the images that were fooled.
    public var rho: Rho
    /// Mean number of linearisations of the images that were fooled; nil where there are none.
    @OrNull public var meanIterations: Double?
    /// Mean cosine of r and the normal at the boundary: 1 where r is normal to it.
    @OrNull public var meanCosine: Double?
    /// Largest |G(z)| / (‖∇G(z)‖·‖r‖).
    @OrNull public var maxResidual: Double?
    /// One an image, in the order of the subject's images.
    public var each: [Each]
    /// r(x), N×C×H×W; zero where nothing was found.
    public var perturbations = Tensor(zeros: [0])
    /// Unit normals of the boundary at x + r(x), N×C×H×W; they point away from x.
    public var normals = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["perturbations": perturbations, "normals": normals] }
      set {
        perturbations = newValue["perturbations"] ?? perturbations
        normals = newValue["normals"] ?? normals
      }
    }

    private enum CodingKeys: CodingKey {
      case count
      case fooled
      case meanNorm
      case medianNorm
      case medianDeepfool
      case refinement
      case rho
      case meanIterations
      case meanCosine
      case maxResidual
      case each
    }
  }

  /// Mean of ‖r‖/‖x‖ for images as they are (raw) and with the set's mean image taken off (centred).
  public struct Rho: Codable, Sendable, Equatable {
    /// Of the images as they are; nil where none with ‖x‖ > 0 was fooled.
    @OrNull public var raw: Double?
    /// Of the images with their mean taken off; nil where none with ‖x‖ > 0 was fooled.
    @OrNull public var centred: Double?
  }
}

extension Robustness {
  /// Images between two places that are kept; a run that goes on must cut the images as one that was never stopped.
  private static let stride = 64
  /// What of the work DeepFool is, where a refinement follows.
  private static let deepFoolShare = 0.12

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let images = subject.images.images
    let lengths = Lengths(of: images)
    var outcome = context.checkpoint?.place(Outcome.self) ?? Outcome(of: images, refinement)
    while outcome.each.count < images.count {
      let start = outcome.each.count
      let range = start..<min(images.count, start + Self.stride)
      let report = { (fraction: Double, known: Outcome) in
        let done = start + Int(fraction * Double(range.count))
        try context.report(
          Progress(completed: done, total: images.count, phase: "boundary points"),
          partial: known.each.isEmpty ? nil : known)
      }
      let (before, found, ways) = try context.step(
        from: { outcome }, { try search(images[range], network, after: outcome, lengths: lengths, report) })
      outcome.append(found, before: before, ways, lengths)
    }
    return outcome
  }

  /// DeepFool's r of some images, the refined ones, and the ways they went; what is known meanwhile goes to `report`.
  private func search(
    _ images: Tensor, _ network: Network, after outcome: Outcome, lengths: Lengths,
    _ report: (Double, Outcome) throws -> Void
  ) throws -> (MinimalPerturbations, MinimalPerturbations, [Refinement]) {
    let found = try deepFool(images, network) { try report($0, outcome) }
    var known = outcome
    known.append(found, before: found, found.from.map { _ in .none }, lengths)
    let (refined, ways) = try refinement.refined(found, of: images, network) {
      try report(Self.deepFoolShare + (1 - Self.deepFoolShare) * $0, known)
    }
    return (found, refined, ways)
  }

  private func deepFool(
    _ images: Tensor, _ network: Network, _ report: (Double) throws -> Void
  ) throws -> MinimalPerturbations {
    let share = refinement == .none ? 1 : Self.deepFoolShare
    return try DeepFool.perturbations(of: images, network, settings: settings) {
      try report(share * $0.fraction)
    }
  }
}

extension Robustness {
  public func suits(_ outcome: Outcome, _ subject: Subject) -> Bool {
    let (images, classes) = (subject.images.images, 0..<subject.classifier.network.classCount)
    return outcome.each.map(\.index) == Array(0..<images.count)
      && outcome.each.allSatisfy { classes.contains($0.from) && classes.contains($0.to) }
      && outcome.perturbations.shape == images.shape && outcome.normals.shape == images.shape
  }

  public func joined(_ parts: [Outcome], on subject: Subject) -> Outcome {
    let images = subject.images.images
    var whole = Outcome(of: images, refinement)
    for part in parts { whole.append(part) }
    whole.summarise(Lengths(of: images))
    return whole
  }
}

extension Robustness.Outcome {
  /// Puts what was found on the next images behind; the statistics are to be made anew.
  fileprivate mutating func append(_ part: Self) {
    let start = each.count
    for var one in part.each {
      one.index += start
      each.append(one)
    }
    perturbations.append(part.perturbations)
    normals.append(part.normals)
  }

  /// Nothing found yet.
  fileprivate init(of images: Tensor, _ refinement: Refinement) {
    self.init(
      count: images.count, fooled: 0, refinement: refinement, rho: Robustness.Rho(raw: nil, centred: nil),
      each: [],
      perturbations: Tensor(zeros: images.shape.batch(of: 0)),
      normals: Tensor(zeros: images.shape.batch(of: 0)))
  }

  fileprivate mutating func append(
    _ found: MinimalPerturbations, before: MinimalPerturbations, _ ways: [Refinement], _ lengths: Lengths
  ) {
    for n in 0..<found.count {
      each.append(
        Robustness.Each(index: each.count, found, n, deepfool: before.norms[n], refinement: ways[n]))
    }
    perturbations.append(found.perturbations.scalingEntries(by: found.isFooled.map { $0 ? 1 : 0 }))
    normals.append(found.normals)
    summarise(lengths)
  }

  fileprivate mutating func summarise(_ lengths: Lengths) {
    let reached = each.filter(\.isFooled)
    let norms = reached.map(\.norm)
    fooled = reached.count
    meanNorm = mean(norms)
    medianNorm = norms.isEmpty ? nil : Statistics(norms).median
    medianDeepfool = norms.isEmpty ? nil : Statistics(reached.map(\.deepfool)).median
    meanIterations = mean(reached.map { Double($0.iterations) })
    meanCosine = mean(reached.map(\.cosine))
    maxResidual = reached.map(\.residual).max()
    rho = Robustness.Rho(
      raw: mean(ratios(reached, to: lengths.raw)), centred: mean(ratios(reached, to: lengths.centred)))
  }

  /// What a person should know before these numbers: where r is no distance to the boundary; nil where it may be one.
  public var warning: String? {
    let reached = each.filter(\.isFooled)
    let askew = reached.filter(\.isAskew).count
    let far = reached.filter { $0.refinement == .none && $0.isAskew }.count
    if far > 0 {
      return
        "\(far) of \(reached.count) r are far from normal to the boundary (cos(r, ∇G) < 0.9) and so not distances "
        + "to it: --refine minimal looks for shorter ones"
    }
    if askew * 2 > reached.count {
      return
        "\(askew) of \(reached.count) r are far from normal to the boundary (cos(r, ∇G) < 0.9): ‖r‖ is an upper "
        + "bound of the distance"
    }
    guard let medianNorm, let medianDeepfool, medianDeepfool > 1.5 * medianNorm else { return nil }
    let ratio = (10 * medianDeepfool / medianNorm).rounded() / 10
    return
      "DeepFool alone ends \(ratio) times too far on this network: its norms are not distances to the boundary"
  }

  private func ratios(_ reached: [Robustness.Each], to norms: [Double]) -> [Double] {
    reached.filter { norms[$0.index] > 0 }.map { $0.norm / norms[$0.index] }
  }

  private func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }

  /// The same as the geometry has it.
  func minimalPerturbations(of images: Tensor) -> MinimalPerturbations {
    MinimalPerturbations(
      perturbations: perturbations, points: images + perturbations, from: each.map(\.from),
      to: each.map(\.to),
      norms: each.map(\.norm), iterations: each.map(\.iterations), cosines: each.map(\.cosine),
      residuals: each.map(\.residual), obstacles: each.map(\.obstacle), gradients: normals)
  }
}

/// ‖x‖ of every image, as it is and with the mean image taken off.
private struct Lengths {
  let raw: [Double]
  let centred: [Double]

  init(of images: Tensor) {
    raw = images.entryNorms
    centred = images.addingToEach(-1, images.meanEntry).entryNorms
  }
}

extension Tensor {
  /// Puts another batch of the same entries behind, in place where nobody else holds the elements.
  fileprivate mutating func append(_ other: Tensor) {
    let shape = shape.batch(of: count + other.count)
    var elements = elements
    self = Tensor(zeros: [0])
    elements += other.elements
    self = Tensor(shape: shape, elements: elements)
  }

  /// The mean of the entries of a batch.
  fileprivate var meanEntry: [Float] {
    var sum = [Float](repeating: 0, count: entryCount)
    for n in 0..<count { add(1 / Float(count), Array(entryElements(n)), to: &sum) }
    return sum
  }
}
