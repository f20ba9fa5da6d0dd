package import Drawing
package import Experiments
internal import Explorer
internal import Laboratory
package import Networks
internal import Terminal

/// A section for a page: the picture of the Section screen, and what was measured in words.
package struct SectionPicture {
  let outcome: SectionMap.Outcome
  let classifier: Classifier

  package init(_ outcome: SectionMap.Outcome, of classifier: Classifier) {
    (self.outcome, self.classifier) = (outcome, classifier)
  }

  /// The picture on a canvas of its own.
  package func canvas(_ size: Size, _ appearance: Appearance) -> Canvas {
    var canvas = Canvas(size, appearance: appearance)
    let names = (0..<classifier.network.classCount).map(classifier.className)
    if let map = Heatmap(outcome, classNames: names) { canvas.draw(map, in: canvas.bounds) }
    return canvas
  }

  /// For standard output: colours on a terminal, glyphs alone elsewhere.
  package func printed(onTerminal isTerminal: Bool) -> String {
    let decision = isTerminal ? try? TerminalDecision(.current()) : nil
    let appearance = decision?.appearance ?? .plain
    let canvas = canvas(Size(rows: 36, columns: 96), appearance)
    return (appearance.colors > .none ? canvas.ansiText : canvas.text) + "\n" + caption
  }

  var caption: String {
    let labels = "\(classifier.className(outcome.from)) → \(classifier.className(outcome.to))"
    let scale = outcome.step.map { ", h = \(Number.figure($0)) px" } ?? ""
    let radius = Number.figure(1 / abs(outcome.curvature))
    let curvature =
      "κ(v) = \(Number.figure(outcome.curvature)) / px at z (radius \(radius) px; \(outcome.product)\(scale))"
    let global = outcome.globalCurvature.map { "disc of Theorem 2: κ = \(Number.figure($0)) / px" }
    return
      (["image \(outcome.index), \(labels), ‖r‖ = \(Number.figure(outcome.norm)) px", curvature, global])
      .compactMap { $0 }.joined(separator: "\n")
  }
}
