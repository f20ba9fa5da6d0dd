internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

extension SectionMap {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    try run(on: subject, context, aid: nil)
  }

  /// The outcome from the store if it is there, else computed and stored; `aid` makes it sooner and never another.
  public func outcome(
    on subject: Subject, in store: ResultStore?, _ context: ExperimentContext<Outcome>, aid: SectionAid
  ) throws -> Outcome {
    let plane = SectionAid.Plane(subject: subject.digest, along: along, towards: towards)
    if let known = store?.outcome(of: self, on: subject) {
      aid.keep(known, of: plane)
      return known
    }
    let outcome = try run(on: subject, store.map { context.keeping(in: $0, nil) } ?? context, aid: aid)
    store?.save(outcome, of: self, on: subject)
    aid.keep(outcome, of: plane)
    return outcome
  }

  private func run(
    on subject: Subject, _ context: ExperimentContext<Outcome>, aid: SectionAid?
  ) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let found = try anchor(network, subject, context)
    let window = SectionWindow(
      around: found.plane, extent: extent, columns: width, rows: height,
      shift: (shift?.columns ?? 0, shift?.rows ?? 0))
    var section = Section(network, plane: found.plane, own: found.from, window: window)
    aid?.fill(&section, of: SectionAid.Plane(subject: subject.digest, along: along, towards: towards))
    var outcome = Outcome(
      index: index, along: along.name, axes: Axes(s: window.s, t: window.t), cells: Cells(section.grid),
      from: found.from, to: found.to, norm: found.distance ?? 0, curvature: .nan, product: product.name,
      step: product.step, globalCurvature: nil, boundary: [], remark: product.remark(on: network))
    var trace: BoundaryTrace?
    if let distance = found.distance {
      let plane = found.plane.reaching(distance)
      outcome.curvature = try plane.curvature(network, own: found.from, product: product)
      trace = try BoundaryTrace(network, plane: plane, own: found.from, reach: extent ?? 2 * plane.distance)
    }
    while try section.advance(near: aid?.place) != nil {
      outcome.cells = Cells(section.grid)
      try outcome.follow(&trace)
      try context.report(
        Progress(completed: section.grid.knownCount, total: window.count, phase: "cells"), partial: outcome)
    }
    outcome.cells = Cells(section.grid)
    while try outcome.follow(&trace) {}
    return outcome
  }

  /// The plane, and where the network's own boundary crosses its t axis.
  private struct Anchor {
    let plane: SectionPlane
    let from: Int
    let to: Int
    /// The t of z; nil where class `from` wins all along the axis.
    let distance: Double?
  }

  private func anchor(
    _ network: Network, _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> Anchor {
    guard let towards else {
      let (plane, found) = try plane(subject, context)
      return Anchor(plane: plane, from: found.from, to: found.to, distance: plane.distance)
    }
    try check(subject)
    try subject.check(towards)
    let x = subject.images.images.entry(index)
    guard
      let plane = SectionPlane(
        through: x, towards: Array(towards.vectors.entryElements(0)), along: try direction(subject))
    else {
      throw SubjectError("\(along.name) spans no plane with \(towards.name); choose another direction")
    }
    let from = try network.logits(x).argmaxOfEntries[0]
    let reach = plane.distance + (extent ?? 2 * plane.distance)
    let distance = try plane.crossing(network, own: from, within: reach)
    // On the boundary two labels are equal: the best of the others is the one beyond.
    var others = try network.logits(plane.images(at: [.init(s: 0, t: distance ?? 0)]))
    others.elements[from] = -.infinity
    return Anchor(plane: plane, from: from, to: others.argmaxOfEntries[0], distance: distance)
  }

  private func check(_ subject: Subject) throws {
    guard subject.images.images.shape[0] > index, index >= 0 else {
      throw SubjectError(
        "\(subject.images.name) has no image \(index); choose one of 0 to \(subject.images.count - 1)")
    }
    guard width >= 2, height >= 2, extent ?? 1 > 0 else {
      throw SubjectError("a section has a positive extent and at least 2×2 cells, not \(width)×\(height)")
    }
  }

  /// The plane, and r(x) that spans it.
  private func plane(
    _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> (SectionPlane, Robustness.Each) {
    try check(subject)
    let single = Subject(classifier: subject.classifier, images: subject.images.gathering([index]))
    let robustness = try context.outcome(of: Robustness(), on: single)
    guard robustness.fooled == 1 else {
      throw SubjectError("no decision boundary was found near image \(index) of \(subject.images.name)")
    }
    let v = try direction(subject)
    let x = single.images.images
    guard let plane = SectionPlane(through: x, towards: robustness.perturbations.elements, along: v) else {
      throw SubjectError("\(along.name) spans no plane with r of image \(index); choose another direction")
    }
    return (plane, robustness.each[0])
  }

  private func direction(_ subject: Subject) throws -> [Float] {
    switch along {
    case .given(let basis):
      try subject.check(basis)
      return Array(basis.vectors.entryElements(0))
    case .random(let seed):
      var generator = SeededGenerator(seed: seed)
      return generator.unitVector(subject.images.images.entryCount)
    }
  }
}

extension SectionMap.Outcome {
  /// Takes the next places of the boundary; false where there are no more.
  @discardableResult
  fileprivate mutating func follow(_ trace: inout BoundaryTrace?) throws -> Bool {
    guard var next = trace, try next.advance() != nil else { return false }
    trace = next
    boundary = next.places.map { [$0.s, $0.t] }
    globalCurvature = next.globalCurvature
    return true
  }
}

extension SectionMap.Cells {
  fileprivate init(_ grid: SectionGrid) {
    self.init(
      margins: grid.margins, labels: grid.labels, probabilities: grid.probabilities, isKnown: grid.isKnown)
  }
}
