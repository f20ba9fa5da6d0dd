internal import Experiments

// What the fifth screen asks for.

extension Workspace {
  /// Who becomes what under one vector of norm ξ.
  func flow(_ choice: DirectionChoice) -> Question<Fooling>? {
    guard !subject.validation.isEmpty, let direction = direction(choice) else { return nil }
    return ask(
      Fooling(perturbation: direction, radius: parameters.radius),
      selection(direction.directions, judged: subject.validation))
  }

  /// Inner products of draws from the first directions of S_c.
  var diversity: Question<Diversity>? {
    guard !subject.validation.isEmpty else { return nil }
    let shared = directions(.shared)
    var diversity = Diversity(.draws(shared, dimension: 10, radius: parameters.radius), count: 8)
    diversity.seed = parameters.seed
    return ask(diversity, selection(shared, judged: subject.validation))
  }
}

// MARK: - In words

extension Fooling: Study {
  static var screen: ScreenName { .universal }

  func title(_ selection: Selection) -> String { "labels under \(perturbation.name)" }
}

extension Diversity: Study {
  static var screen: ScreenName { .universal }

  func title(_ selection: Selection) -> String { "inner products of draws" }
}
