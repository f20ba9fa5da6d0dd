internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

extension SectionMap {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let (plane, found) = try plane(subject, context)
    let own = found.from
    let window = SectionWindow(around: plane, extent: extent, columns: width, rows: height)
    var section = Section(network, plane: plane, own: own, window: window)
    var trace = try BoundaryTrace(network, plane: plane, own: own, reach: extent ?? 2 * plane.distance)
    var outcome = Outcome(
      index: index, along: along.name, axes: Axes(s: window.s, t: window.t), cells: Cells(section.grid),
      from: own, to: found.to, norm: plane.distance,
      curvature: try plane.curvature(network, own: own, product: product), product: product.name,
      step: product.step, globalCurvature: nil, boundary: [], remark: product.remark(on: network))
    while try section.advance() != nil {
      outcome.cells = Cells(section.grid)
      if try trace.advance() != nil { outcome.take(trace) }
      try context.report(
        Progress(completed: section.grid.knownCount, total: window.count, phase: "cells"), partial: outcome)
    }
    while try trace.advance() != nil { outcome.take(trace) }
    return outcome
  }

  /// The plane, and r(x) that spans it.
  private func plane(
    _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> (SectionPlane, Robustness.Each) {
    guard subject.images.images.shape[0] > index, index >= 0 else {
      throw SubjectError(
        "\(subject.images.name) has no image \(index); choose one of 0 to \(subject.images.count - 1)")
    }
    guard width >= 2, height >= 2, extent ?? 1 > 0 else {
      throw SubjectError("a section has a positive extent and at least 2×2 cells, not \(width)×\(height)")
    }
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
  fileprivate mutating func take(_ trace: BoundaryTrace) {
    boundary = trace.places.map { [$0.s, $0.t] }
    globalCurvature = trace.globalCurvature
  }
}

extension SectionMap.Cells {
  fileprivate init(_ grid: SectionGrid) {
    self.init(
      margins: grid.margins, labels: grid.labels, probabilities: grid.probabilities, isKnown: grid.isKnown)
  }
}
