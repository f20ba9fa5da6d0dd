internal import Drawing
internal import Experiments

// What the first screen asks for.

extension Prediction: Study {
  static var screen: ScreenName { .pick }
  static var isQuick: Bool { true }
  static var isSmall: Bool { true }

  func title(_ selection: Selection) -> String {
    "labels \(selection.images.lowerBound)–\(selection.images.upperBound - 1)"
  }

  func numbers(_ selection: Selection) -> String {
    "Images \(selection.images.lowerBound) to \(selection.images.upperBound - 1)."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.subject.select(image: selection.looked)
    return .go(to: .pick)
  }
}

extension ReadingJudgement: Study {
  static var screen: ScreenName { .pick }
  static var isQuick: Bool { true }
  static var isSmall: Bool { true }

  func title(_ selection: Selection) -> String { "pixel readings" }
  func numbers(_ selection: Selection) -> String { "Some of \(selection.images.count) images." }
}

extension Robustness: Study {
  static var screen: ScreenName { .pick }
  static var isQuick: Bool { true }
  static var isSmall: Bool { true }

  func title(_ selection: Selection) -> String {
    selection.images.count > 1 ? "r of \(selection.images.count) images" : "r of image \(selection.looked)"
  }
  func numbers(_ selection: Selection) -> String { "Image \(selection.looked)." }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.subject.select(image: selection.looked)
    return .go(to: .pick)
  }
}

extension NoiseTolerance: Study {
  static var screen: ScreenName { .pick }
  static var isQuick: Bool { true }

  func title(_ selection: Selection) -> String { "random-noise norm" }

  func numbers(_ selection: Selection) -> String {
    "Share \(Number.percent(share)), \(selection.images.count) images, seed \(seed)."
  }
}
