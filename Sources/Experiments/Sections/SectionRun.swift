internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

extension SectionMap {
  /// Cells a side that the first picture has at least, by the cost of a pass.
  public static func coarseSide(multiplyAdds: Int) -> Int { Section.coarseSide(multiplyAdds: multiplyAdds) }

  /// Where somebody looks, whole sections are also kept for others of the same plane.
  public func outcome(
    on subject: Subject, in store: ResultStore?, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    let known = store?.outcome(of: self, on: subject)
    let outcome = try known ?? run(on: subject, store.map { context.keeping(in: $0, nil) } ?? context)
    if known == nil { store?.save(outcome, of: self, on: subject) }
    context.aid?.keep(outcome, of: plane(of: subject))
    return outcome
  }

  private func plane(of subject: Subject) -> SectionAid.Plane {
    SectionAid.Plane(subject: subject.digest, along: along, judge: judge, towards: towards)
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let (own, seen) = (try looking(subject, context), try judge.map { try subject.other($0).classifier })
    let network = try Subject(classifier: seen ?? own.classifier, images: own.looked).boundaryNetwork(
      interruptibleBy: context.interruption)
    let found = try anchor(network, own, context)
    let window = window(found)
    var section = Section(network, plane: found.plane, own: found.from, window: window)
    context.aid?.fill(&section, of: plane(of: subject))
    var outcome = Outcome(
      index: index, along: along.name, axes: Axes(s: window.s, t: window.t), cells: Cells(section.grid),
      from: found.from, to: found.to, norm: found.distance ?? 0, curvature: .nan, product: product.name,
      step: product.step, cosine: found.cosine, globalCurvature: nil, boundary: [],
      remark: product.remark(on: network), corners: found.corners)
    var trace: Followed?
    // Following the boundary takes as many passes as a picture of twenty points a side.
    let isDear = network.multiplyAdds >= Network.dearPass
    while try section.advance(near: context.aid?.place) != nil {
      outcome.cells = Cells(section.grid)
      // A product takes as long as several cells: it waits for the coarse pictures of other planes.
      if section.isCoarseKnown, !isDear || section.grid.knownCount > 81 {
        try outcome.bend(network, found, product)
      }
      if section.isCoarseKnown, trace == nil, !isDear { trace = try begin(&outcome, network, found) }
      try outcome.follow(&trace)
      try context.report(
        Progress(completed: section.grid.knownCount, total: window.count, phase: "cells"), partial: outcome)
    }
    if trace == nil { trace = try begin(&outcome, network, found) }
    outcome.cells = Cells(section.grid)
    while try outcome.follow(&trace) {}
    return outcome
  }

  /// Places of the boundary line to each side of z: as fine as the grid, forty where that is fine.
  var places: Int { max(width, height) >= 48 ? 40 : max(4, max(width, height) / 2) }

  /// The curvature at z, and the boundary from there; nil where the plane has no z.
  private func begin(_ outcome: inout Outcome, _ network: Network, _ found: Anchor) throws -> Followed? {
    guard let distance = found.distance else { return nil }
    let plane = found.plane.reaching(distance)
    try outcome.bend(network, found, product)
    let reach = extent ?? 2 * plane.distance
    let curve = try PlaneCurve(network, in: plane, own: found.from, product: product, reach: reach)
    outcome.take(curve)
    let trace = try BoundaryTrace(network, plane: plane, own: found.from, reach: reach, count: places)
    return Followed(curve: curve, trace: trace)
  }

  /// The subject with the image that is looked at, once it is sure that there is one.
  private func looking(_ subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Subject {
    _ = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard width >= 2, height >= 2, extent ?? 1 > 0 else {
      throw SubjectError("a section needs a positive extent and at least 2×2 cells, not \(width)×\(height)")
    }
    if subject.image != nil { return subject }
    guard subject.images.count > index, index >= 0 else {
      throw SubjectError(
        "\(subject.images.name) has no image \(index); choose one of 0 to \(subject.images.count - 1)")
    }
    return Subject(
      classifier: subject.classifier, images: subject.images, validation: subject.validation,
      image: subject.images.gathering([index]), others: subject.others)
  }
}

// MARK: - The plane

extension SectionMap {
  /// The plane, and where the boundary that is seen crosses its t axis.
  fileprivate struct Anchor {
    let plane: SectionPlane
    let from: Int
    let to: Int
    /// The t of z; nil where class `from` wins all along the axis.
    let distance: Double?
    /// cos(r, ∇G(z)); nil where z is not that of r.
    var cosine: Double?
    /// The places (s, t) of x, of the image that t̂ points to, and of x + v; nil where t̂ runs along r.
    var corners: [[Double]]?
  }

  /// The boundary as it is followed from z, and how it bends there.
  fileprivate struct Followed {
    let curve: PlaneCurve?
    var trace: BoundaryTrace
  }

  /// The plane through x, along the r of the subject's own model unless `towards` says another image, and the boundary of `network` in it.
  private func anchor(
    _ network: Network, _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> Anchor {
    let (way, own) = try way(of: subject, context)
    let v = try context.vector(along, on: subject).vectors.elements
    let x = subject.looked.images
    guard let plane = SectionPlane(through: x, towards: way, along: v) else {
      let other = towards.map { "the way to image \($0)" } ?? "r"
      throw SubjectError(
        "\(along.name) spans no plane with \(other) of image \(index); choose another direction")
    }
    if let own, judge == nil {
      return Anchor(
        plane: plane, from: own.from, to: own.to, distance: plane.distance, cosine: own.cosine)
    }
    let from = try network.logits(x).argmaxOfEntries[0]
    let reach = own == nil ? plane.distance : plane.distance + (extent ?? 2 * plane.distance)
    let distance = try plane.crossing(network, own: from, within: reach)
    // On the boundary two labels are equal: the best of the others is the one beyond.
    var others = try network.logits(plane.images(at: [.init(s: 0, t: distance ?? 0)]))
    others.elements[from] = -.infinity
    var anchor = Anchor(plane: plane, from: from, to: others.argmaxOfEntries[0], distance: distance)
    if own == nil {
      anchor.corners = [[0, 0], [0, plane.distance], [dot(v, plane.across), dot(v, plane.towards)]]
    }
    return anchor
  }

  /// What t̂ runs along: r of the subject's own model, with what was found of it, or the way to another image.
  private func way(
    of subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> (vector: [Float], own: Robustness.Each?) {
    if let towards {
      return (try context.vector(Direction(.image(towards)), on: subject).vectors.elements, nil)
    }
    let single = Subject(classifier: subject.classifier, images: subject.looked)
    let robustness = try context.outcome(of: Robustness(), on: single)
    if let obstacle = robustness.each[0].obstacle {
      throw SubjectError(
        "no decision boundary was found near image \(index) of \(single.images.name): \(obstacle.clause)")
    }
    return (robustness.perturbations.elements, robustness.each[0])
  }

  /// The square around z; of a plane through images the one that holds them, with a tenth of its side around.
  private func window(_ found: Anchor) -> SectionWindow {
    if let corners = found.corners, extent == nil {
      let ends = (0..<2).map { axis in
        let places = corners.map { $0[axis] }
        return (low: places.min() ?? 0, high: places.max() ?? 0)
      }
      let side = 1.2 * max(ends[0].high - ends[0].low, ends[1].high - ends[1].low)
      let middle = ends.map { ($0.low + $0.high) / 2 }
      return SectionWindow(
        center: .init(s: middle[0], t: middle[1]), width: side, height: side, columns: width, rows: height)
    }
    return SectionWindow(
      around: found.plane, extent: extent, columns: width, rows: height,
      shift: (shift?.columns ?? 0, shift?.rows ?? 0))
  }
}

extension Subject {
  /// The image that is looked at, else the images.
  fileprivate var looked: ImageSet { image ?? images }
}

extension SectionMap.Outcome {
  /// Takes the curvature of the normal section at z, once.
  fileprivate mutating func bend(
    _ network: Network, _ found: SectionMap.Anchor, _ product: HessianProduct
  ) throws {
    guard curvature.isNaN, let distance = found.distance else { return }
    curvature = try found.plane.reaching(distance).curvature(network, own: found.from, product: product)
  }

  fileprivate mutating func take(_ curve: PlaneCurve?) {
    planeCurvature = curve?.curvature
    planeNormal = curve.map { [$0.normal.s, $0.normal.t] }
    (planeStep, planeError) = (curve?.halfWidth, curve?.error)
  }

  /// Takes the next places of the boundary; false where there are no more.
  @discardableResult
  fileprivate mutating func follow(_ trace: inout SectionMap.Followed?) throws -> Bool {
    guard var next = trace, try next.trace.advance() != nil else { return false }
    trace = next
    boundary = next.trace.places.map { [$0.s, $0.t] }
    globalCurvature = next.trace.globalCurvature(tangentTo: next.curve)
    return true
  }
}

extension SectionMap.Cells {
  fileprivate init(_ grid: SectionGrid) {
    self.init(
      margins: grid.margins, labels: grid.labels, probabilities: grid.probabilities, isKnown: grid.isKnown)
  }
}
