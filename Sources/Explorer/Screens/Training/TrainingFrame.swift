internal import Drawing
internal import Experiments

/// What was found of one checkpoint; it stays when the checkpoint itself is let go.
struct TrainingFrame: Sendable {
  /// Digest of the network: a file that is written anew is another checkpoint.
  var model: String
  /// What was measured and by what question, which may change with ξ and the image; no value where there is none, such as
  /// an accuracy where nobody knows the truth.
  var found: [TrainingStrip: (value: TrainingValue?, question: Request)] = [:]
  /// The plane and what found it: the plane may change.
  var section: (outcome: SectionMap.Outcome, question: Request)?
  /// What was answered, or came to nothing.
  var tried: Set<Request> = []
  /// What came to nothing, and why.
  var failures: [Request: (asked: Request, reason: String)] = [:]
  /// Why the file cannot be opened, in a sentence.
  var obstacle: String?
}

/// What is asked of a checkpoint: in the plane of the open model, and on the same images as all others.
struct TrainingQuestions {
  var section: Question<SectionMap>?
  var labels: Question<Prediction>?
  var distances: Question<Robustness>?
  var fooling: Question<UniversalFooling>?
  var spectrum: Question<PointSpectrum>?

  /// Points a side of a plane: coarse ones come first.
  private static let side = 33

  /// Of a model beside the open one; nil asks the open model.
  init(of other: ComparedModel?, _ workspace: Workspace) {
    let images = Self.images(workspace)
    let half = images.count / 2
    func ask<E: Experiment>(_ experiment: E, _ selection: Selection) -> Question<E>? {
      guard let question = workspace.ask(experiment, selection) else { return nil }
      return other.map { workspace.ask(question, of: $0) } ?? question
    }
    labels = ask(Prediction(), Selection(images))
    distances = ask(Robustness(), Selection(images))
    if half >= 2, workspace.isRadiusSettled {
      let universal = UniversalFooling(
        method: .uap, radius: workspace.parameters.radius, seed: workspace.parameters.seed)
      fooling = ask(universal, Selection(0..<half, validation: half..<images.count))
    }
    var density = PointSpectrum(
      index: 0, method: .density, product: PointSpectrum.linear(workspace.tellingCurvature.product))
    // The ends of a spectrum, which is all that is shown, are found by few steps.
    (density.probes, density.steps, density.seed) = (1, 24, workspace.parameters.seed)
    spectrum = ask(density, Selection(image: workspace.subject.image))
    section = Self.section(of: other, workspace)
  }

  /// The first ones: enough for a median within a few per cent, few enough for a checkpoint in seconds.
  static func images(_ workspace: Workspace) -> Range<Int> {
    0..<min(workspace.subject.isSmall ? 100 : 20, workspace.subject.count)
  }

  private static func section(of other: ComparedModel?, _ workspace: Workspace) -> Question<SectionMap>? {
    let image = workspace.subject.image
    guard workspace.isRadiusSettled, workspace.isAnchored(image) else { return nil }
    let along = Direction.random(seed: 1)
    let extent = Number.rounded(workspace.planeExtent, digits: 3)
    return workspace.ask(
      SectionMap(
        index: 0, along: along, extent: extent, width: side, height: side,
        product: workspace.tellingCurvature.product, judge: other?.parameter),
      workspace.selection(along.directions, image: image))
  }

  /// The plane first, then what is measured.
  var all: [Request] {
    [section?.request, labels?.request, distances?.request, spectrum?.request, fooling?.request].compactMap {
      $0
    }
  }

  /// The question of a strip.
  func request(_ strip: TrainingStrip) -> Request? {
    switch strip {
    case .accuracy: labels?.request
    case .distance: distances?.request
    case .fooling: fooling?.request
    case .curvature: spectrum?.request
    }
  }

  /// What was found for a strip, where it was, whether it has a value or not.
  fileprivate func answer(_ strip: TrainingStrip, _ findings: Findings) -> TrainingValue?? {
    switch strip {
    case .accuracy: findings[labels].map { TrainingValue($0) }
    case .distance: findings[distances].map { TrainingValue($0) }
    case .fooling: findings[fooling].map { TrainingValue($0) }
    case .curvature: findings[spectrum].map { TrainingValue($0) }
    }
  }
}

extension Request {
  /// The same question whichever checkpoint it is put to; a plane stays that of the open model.
  var ofAnyCheckpoint: Request {
    guard var map = experiment as? SectionMap else {
      return Request(experiment, selection, model: "", images: "")
    }
    map.judge = nil
    return Request(map, selection, model: model, images: "")
  }
}

extension TrainingFrame {
  /// Takes what was found, and what came to nothing.
  mutating func take(_ questions: TrainingQuestions, _ findings: Findings) {
    for strip in TrainingStrip.allCases {
      guard let request = questions.request(strip), let value = questions.answer(strip, findings) else {
        continue
      }
      found[strip] = (value, request.ofAnyCheckpoint)
    }
    if let question = questions.section, let found = findings[question] {
      section = (found, question.request.ofAnyCheckpoint)
    }
    for request in questions.all {
      let question = request.ofAnyCheckpoint
      if findings[request] != nil {
        tried.insert(question)
        failures[question] = nil
      } else if let reason = findings.failures[request] {
        tried.insert(question)
        failures[question] = (request, reason)
      }
    }
  }

  /// What is left to be asked, in its order.
  func missing(_ questions: TrainingQuestions) -> [Request] {
    questions.all.filter { !tried.contains($0.ofAnyCheckpoint) }
  }
}
