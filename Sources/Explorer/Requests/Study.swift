internal import Drawing
internal import Experiments
internal import Networks

/// An experiment that a screen asks for, with the words in which people are told of it.
///
/// A new one is an experiment, its conformance beside the screen that shows it, and a command.
protocol Study: Experiment {
  /// The screen that shows what it finds.
  static var screen: ScreenName { get }
  /// Whether people wait for it, so that it goes before longer work.
  static var isQuick: Bool { get }
  /// Whether it is over before anybody could look at it in the list of jobs.
  static var isSmall: Bool { get }

  /// What it is, in a few words.
  func title(_ selection: Selection) -> String
  /// Its numbers in a line.
  func numbers(_ selection: Selection) -> String
  /// Goes where its finding is shown, and sets the workspace so that this very study is asked for there.
  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel
}

extension Study {
  static var isQuick: Bool { false }
  static var isSmall: Bool { false }

  func numbers(_ selection: Selection) -> String {
    guard let validation = selection.validation else { return "\(selection.images.count) images." }
    return "\(selection.images.count) images, judged on \(validation.count) others."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel { .go(to: Self.screen) }
}

extension Workspace {
  /// The question that asks an experiment of the open model and images; nil while nothing is open.
  func ask<E: Experiment>(_ experiment: E, _ selection: Selection) -> Question<E>? {
    guard let model = subject.model, let images = subject.images, images.count > 0, !selection.judged.isEmpty
    else { return nil }
    return Question(
      experiment: experiment,
      request: Request(experiment, selection, model: model.digest, images: images.digest))
  }

  /// The same question to a compared model.
  func ask<E: Experiment>(_ question: Question<E>, of other: ComparedModel) -> Question<E> {
    Question(
      experiment: question.experiment,
      request: Request(
        question.experiment, question.request.selection, model: other.model.digest, images: other.images))
  }

  /// Goes where a request's finding is shown, with the request's numbers.
  mutating func show(_ request: Request) -> Sequel {
    guard request.model == subject.model?.digest, request.images == subject.images?.digest else {
      say("That job's model or images are not open; press 1 to open them.", problem: true)
      return []
    }
    var sequel = request.study?.show(request.selection, in: &self) ?? []
    sequel.request = request
    return sequel
  }

  mutating func take(radius: Double, seed: UInt64) {
    parameters.isRadiusChosen = parameters.isRadiusChosen || radius != parameters.radius
    parameters.radius = radius
    parameters.seed = seed
  }

  /// Takes the numbers of what is learnt.
  mutating func take(_ directions: Directions) {
    switch directions {
    case .universal(let universal): take(radius: universal.radius, seed: universal.seed)
    case .curvature(let shared): take(shared)
    case .given, .random, .normals, .image, .other: break
    }
  }

  mutating func take(_ shared: SharedCurvature) {
    parameters.curvature = shared
    if case .secant(let step) = shared.product, Float(parameters.step) != step {
      parameters.chosenStep = Double(step)
    }
    parameters.seed = shared.seed
  }
}
