internal import Drawing
internal import Experiments

/// What was found of one checkpoint; it stays when the checkpoint itself is let go.
struct TrainingFrame: Sendable {
  /// Digest of the network: a file that is written anew is another checkpoint.
  var model: String
  /// Share of labels that are right; nil where nobody knows the truth.
  var accuracy: Double?
  /// Whether the labels were found.
  var isLabelled = false
  /// Median ‖r‖, px; nil where no other label was found.
  var medianNorm: Double?
  /// Whether the boundary was looked for.
  var isMeasured = false
  /// Share of unseen labels that one vector changes, and what found it: its ξ may change.
  var fooling: (rate: Double?, question: Request)?
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
    [section?.request, labels?.request, distances?.request, fooling?.request].compactMap { $0 }
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
    if let labels = findings[questions.labels] { (accuracy, isLabelled) = (labels.accuracy, true) }
    if let distances = findings[questions.distances] {
      (medianNorm, isMeasured) = (distances.medianNorm, true)
    }
    if let question = questions.fooling, let found = findings[question] {
      fooling = (found.validation?.rate, question.request.ofAnyCheckpoint)
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
