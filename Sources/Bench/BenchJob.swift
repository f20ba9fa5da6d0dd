internal import Geometry
internal import Laboratory
package import Networks
package import Tensors

/// One kind of work, as `bench` times it.
package enum BenchJob: String, CaseIterable {
  case forward, gradient, secant, exact, jacobian, section, deepfool, universal, averageHessian, fooling

  /// What is counted.
  var unit: String {
    switch self {
    case .section: "points"
    default: "images"
    }
  }

  /// The jobs of PyTorch that it is compared with: the same work, and for two the published implementation.
  var torchJobs: [String] {
    switch self {
    case .deepfool: ["deepfool", "deepfool-published"]
    case .universal: ["universal", "universal-published"]
    default: [rawValue]
    }
  }

  /// Forward passes' worth of multiply-adds in one unit; nil where that depends on the images.
  func passes(classes: Int) -> Double? {
    switch self {
    case .forward, .section, .fooling: 1
    case .gradient: 2
    case .secant, .averageHessian, .exact: 4
    case .jacobian: Double(1 + classes)
    case .deepfool, .universal: nil
    }
  }

  /// How many images keep it busy for about half a second at 160 GFLOP/s a thread, which minimal filtering makes of a
  /// fast core, or where they are done one after the other for some forty.
  ///
  /// `cost` is a forward pass's multiply-adds. A section is computed in steps, small ones first, and so has three times
  /// as many cells, and no use for more than two images.
  package func count(cost: Int, limit: Int) -> Int {
    if self == .section { return whole(max(64, min(1024, 150_000_000_000 / max(1, cost)))) }
    let passes = passes(classes: 10)
    let work = Double(Threads.count) * (passes == nil ? 1e12 : 4e10)
    let affordable = Int(work / ((passes ?? 60) * Double(max(1, cost))))
    return whole(min(limit, max(8, affordable)))
  }

  /// So many units in eights, which suit any batch, or for a section the largest square of them.
  func whole(_ count: Int) -> Int {
    guard self == .section else { return count < 8 ? count : count / 8 * 8 }
    let side = Int(Double(count).squareRoot())
    return side * side
  }
}

/// The network and what the jobs work on.
package struct BenchSubject {
  package let network: Network
  package let images: Tensor
  let directions: Tensor
  let labels: [Int]
  /// Of the ball of the universal perturbation, in pixel units.
  let radius: Double

  package init(_ network: Network, images: Tensor, seed: UInt64) throws {
    self.network = network
    self.images = images
    var generator = SeededGenerator(seed: seed, stream: 7)
    directions = Tensor(shape: images.shape, elements: generator.gaussianVector(images.elements.count))
    labels = try network.labels(images)
    radius = 0.05 * (images.entryNorms.reduce(0, +) / Double(images.count))
  }

  /// What a run of the job on the first `count` images does, for a section of so many cells; whatever it needs before is
  /// made now.
  func work(_ job: BenchJob, count: Int) throws -> () throws -> Void {
    let own = 0..<(job == .section ? 2 : count)
    let (network, x, v) = (network, images[own], directions[own])
    let labels = Array(labels[own])
    let margin = Margin.region(own: labels)
    switch job {
    case .forward: return { _ = try network.logits(x) }
    case .gradient: return { _ = try network.gradients(of: margin, at: x) }
    case .secant: return { _ = try network.hessianProduct(.secant(step: 1), of: margin, at: x, along: v) }
    case .exact: return { _ = try network.hessianProduct(.exact, of: margin, at: x, along: v) }
    case .jacobian: return { _ = try network.jacobian(at: x) }
    case .section: return try section(side: Int(Double(count).squareRoot()))
    case .deepfool: return { try crossings(of: x) }
    case .universal: return { try universal(FoolingTest(network, images: x, labels: labels)) }
    case .averageHessian:
      let average = try AverageHessian(network, at: x, margin: margin, product: .secant(step: 1))
      let vector = Array(v.entryElements(0))
      return { _ = try average.product(vector) }
    case .fooling:
      let test = FoolingTest(network, images: x, labels: labels)
      let vector = Array(v.entryElements(0))
      return { _ = try test.share(fooledBy: vector, radius: radius) }
    }
  }

  /// DeepFool as published: across the boundary, not back onto it.
  private func crossings(of x: Tensor) throws {
    var search = DeepFool(network, at: x)
    while !search.hasCrossed { _ = try search.advance() }
  }

  private func section(side: Int) throws -> () throws -> Void {
    let towards = Array(images.entryElements(1))
    guard
      let plane = SectionPlane(
        through: images.entry(0), towards: towards, along: Array(directions.entryElements(0)))
    else {
      throw Refusal(
        .badData, "the second image is black, and a section needs a direction: take other --images")
    }
    let window = SectionWindow(around: plane, extent: 2, columns: side, rows: side)
    return {
      var section = Section(network, plane: plane, own: labels[0], window: window)
      while try section.advance() != nil {}
    }
  }

  private func universal(_ test: FoolingTest) throws {
    var settings = UniversalPerturbation.Settings(.l2(radius))
    settings.passes = 1
    settings.target = 1
    var run = UniversalPerturbation(test, settings: settings)
    while try run.advance() != nil {}
  }
}
