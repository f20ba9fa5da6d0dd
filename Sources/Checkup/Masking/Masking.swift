public import Experiments
public import Geometry
public import Jobs
public import Networks
internal import Tensors

/// Whether gradients lead to the boundary, or hide it.
///
/// Of each image: ‖r‖ as DeepFool and its refinement have it, and as the fast minimum-norm attack has it
/// (``FastMinimumNorm``); the smallest perturbation that a search without gradients finds (``BoundaryWalk``); whether one step along the gradient of the region margin, and whether random directions, of
/// the length ‖r‖ change the label. A sound classifier has: every image reaches a boundary; no search without gradients is
/// shorter; a random direction of length ‖r‖ changes hardly a label; a step of the median ‖r‖ succeeds for no more images
/// than the iterative search (Carlini et al. 2019; Tramèr et al., NeurIPS 2020; Pintor et al., NeurIPS 2022). Cost for
/// each image: that of r, 50 gradients of the attack, `queries` forward passes of the walk, ten of noise.
public struct Masking: Experiment {
  public static let name = "masking"
  public static let version = 2
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// Forward passes that the walk may take an image.
  public var queries: Int
  /// Seed of the walk, and of the random directions.
  public var seed: UInt64

  public init(queries: Int = 250, seed: UInt64 = 1) {
    self.queries = queries
    self.seed = seed
  }

  /// What the searches found, for each image and as shares.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// One entry an image, in the order of the set.
    public var each: [Each]
    /// The share of labels that random directions of the image's own ‖r‖ change.
    public var noise: Double
    /// Labels changed by one step, and by r, of the median ‖r‖.
    public var radius: Double
    /// The share of all labels that one step of the median ‖r‖ along the margin's gradient changes.
    public var oneStep: Double
    /// The share of all images whose boundary is reached within the median ‖r‖, after refinement.
    public var iterative: Double

    /// Images from which the gradients led to a boundary.
    public var reached: Int { each.filter(\.isFooled).count }
    /// Images for which the walk found a clearly shorter way than the gradients, or the only one.
    public var beaten: Int { each.filter(\.isBeaten).count }
    /// On how many images each search was the shortest, by its name.
    public var won: [String: Int] {
      let winners = each.compactMap(\.winner)
      return Dictionary(
        uniqueKeysWithValues: Search.allCases.map { search in
          (search.rawValue, winners.count { $0 == search })
        })
    }
    /// The image at the median of these norms, the lower of two; nil where no boundary was reached.
    public var middle: (index: Int, norm: Double)? {
      let known = each.indices.compactMap { i in
        each[i].isFooled ? each[i].smallest.map { (index: i, norm: $0) } : nil
      }
      .sorted { ($0.norm, $0.index) < ($1.norm, $1.index) }
      return known.isEmpty ? nil : known[(known.count - 1) / 2]
    }
    /// Mean of the smallest norm of each image, by whichever search.
    public var meanSmallest: Double? {
      let all = each.compactMap(\.smallest)
      return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
    }
  }

  /// The norms that each search found for one image, in pixel units.
  public struct Each: Codable, Sendable, Equatable {
    /// Whether DeepFool, or its refinement, reached another label.
    public var isFooled: Bool
    /// ‖r‖ of DeepFool, before refinement; no distance where ``isFooled`` is false.
    public var deepfool: Double
    /// ‖r‖ after refinement; no distance where ``isFooled`` is false.
    public var refined: Double
    /// What the fast minimum-norm attack found; nil where it met no other label.
    @OrNull public var fmn: Double?
    /// What the walk found; nil where it found nothing.
    @OrNull public var walk: Double?

    /// The walk is shorter by a fiftieth at least.
    public var isBeaten: Bool { walk.map { !isFooled || $0 < 0.98 * refined } ?? false }
    /// The norm of the ``winner``, the least up to a thousandth; nil where no search reached another label.
    public var smallest: Double? { winner.flatMap(norm) }

    /// Which search found the smallest norm; of those within a thousandth of each other the plainest.
    public var winner: Search? {
      let all = Search.allCases.compactMap { search in norm(search).map { (search, $0) } }
      guard let least = all.map(\.1).min() else { return nil }
      return all.first { $0.1 <= 1.001 * least }?.0
    }

    private func norm(_ search: Search) -> Double? {
      switch search {
      case .deepfool: isFooled ? deepfool : nil
      case .refinement: isFooled ? refined : nil
      case .fmn: fmn
      case .walk: walk
      }
    }
  }

  /// How a boundary was reached.
  public enum Search: String, CaseIterable, Sendable { case deepfool, refinement, fmn, walk }

  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let count = Double(extent.selection.images.count)
    return Robustness().stretches(on: extent) + [
      .init("minimum-norm attack", passes: 2.2 * Double(FastMinimumNorm.standardSteps) * count),
      .init("walk without gradients", passes: Double(queries + 12) * count),
    ]
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let images = subject.images.images
    let found = try context.outcome(
      of: Robustness(), on: Subject(classifier: subject.classifier, images: subject.images))
    let labels = found.each.map(\.from)
    let attacked = try attacked(network, images, labels, context)
    let walked = try walked(network, images, labels, context)
    let norms = found.each.filter(\.isFooled).map(\.norm).sorted()
    let radius = norms.isEmpty ? 0 : norms[norms.count / 2]
    let each = found.each.indices.map { i in
      Each(
        isFooled: found.each[i].isFooled, deepfool: found.each[i].deepfool, refined: found.each[i].norm,
        fmn: attacked[i], walk: walked[i])
    }
    return Outcome(
      count: images.count, each: each, noise: try noise(network, images, found),
      radius: radius, oneStep: try oneStep(network, images, labels, radius),
      iterative: Double(norms.filter { $0 <= radius }.count) / Double(max(1, images.count)))
  }

  private func attacked(
    _ network: Network, _ images: Tensor, _ labels: [Int], _ context: ExperimentContext<Outcome>
  ) throws -> [Double?] {
    var attack = FastMinimumNorm(network, of: images, labels: labels)
    while try attack.advance() {
      try context.report(
        Progress(completed: attack.done, total: attack.steps, phase: "minimum-norm attack"))
    }
    return try attack.norms()
  }

  private func walked(
    _ network: Network, _ images: Tensor, _ labels: [Int], _ context: ExperimentContext<Outcome>
  ) throws -> [Double?] {
    var walk = try BoundaryWalk(network, of: images, labels: labels, queries: queries, seed: seed)
    while try walk.advance() {
      try context.report(
        Progress(completed: walk.spent, total: queries, phase: "walk without gradients"))
    }
    return walk.norms
  }

  /// Ten random directions an image.
  private func noise(_ network: Network, _ images: Tensor, _ found: Robustness.Outcome) throws -> Double {
    let reached = found.each.indices.filter { found.each[$0].isFooled && found.each[$0].norm > 0 }
    guard !reached.isEmpty else { return 0 }
    let x = images.gathering(reached)
    var changed = 0
    for draw in 0..<10 {
      let elements = reached.flatMap { i in
        var generator = SeededGenerator(seed: seed, stream: UInt64(max(1000, images.count) * draw + i))
        return generator.unitVector(x.entryCount)
      }
      let moved = x.adding(
        Tensor(shape: x.shape, elements: elements), scales: reached.map { Float(found.each[$0].norm) })
      changed += zip(try network.labels(moved), reached).filter { $0 != found.each[$1].from }.count
    }
    return Double(changed) / Double(10 * reached.count)
  }

  private func oneStep(_ network: Network, _ images: Tensor, _ labels: [Int], _ radius: Double) throws
    -> Double
  {
    guard radius > 0 else { return 0 }
    let gradients = try network.gradients(of: Margin.region(own: labels), at: images).gradients
    let scales = gradients.entryNorms.map { $0 > 0 && $0.isFinite ? Float(radius / $0) : 0 }
    let moved = images.adding(gradients, scales: scales)
    let changed = zip(try network.logits(moved, allowingNonFinite: true).argmaxOfEntries, labels).filter {
      $0 != $1
    }
    return Double(changed.count) / Double(max(1, images.count))
  }
}
