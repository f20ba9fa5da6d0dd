internal import Drawing
package import Experiments
internal import Explorer
internal import Laboratory
package import Networks
package import Pages
internal import Terminal

/// A section for a page: the picture of the Section screen, and what was measured in words.
package struct SectionPicture {
  let outcome: SectionMap.Outcome
  let classifier: Classifier

  package init(_ outcome: SectionMap.Outcome, of classifier: Classifier) {
    (self.outcome, self.classifier) = (outcome, classifier)
  }

  /// The picture for a page.
  package func file(style: FigureStyle) -> FigureFile {
    let names = (0..<classifier.network.classCount).map(classifier.className)
    let scene = Heatmap(outcome, classNames: names).map { FigureScene.one($0) } ?? .rows([])
    return FigureFile(
      scene, titled: "\(classifier.name): along r and \(outcome.along)", style: style,
      describedBy: caption)
  }

  /// The picture on a canvas of its own.
  func canvas(_ size: Size, _ appearance: Appearance) -> Canvas {
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
    let curve =
      outcome.planeCurvature.map { curvature in
        let error = outcome.planeError.map { $0 > 0 ? " ± \(Number.figure(2 * $0, 2))" : "" } ?? ""
        let source =
          outcome.planeStep.map { "fitted over ±\(Number.figure($0, 2)) px of the curve" } ?? "exact"
        return
          "κ of the curve at z = \(Number.figure(curvature))\(error) / px (radius: \(outcome.curveRadius); \(source))"
      } ?? "the boundary ends at z, so its curve has no curvature there"
    let scale = outcome.step.map { "mean over ±h, h = \(Number.figure($0)) px" } ?? outcome.product
    let normal =
      outcome.curvature.isFinite
      ? "κ of the normal section along v = \(Number.figure(outcome.curvature)) / px (\(scale))" : nil
    let cosine = outcome.cosine.map { ", cos(r, ∇G) = \(Number.figure($0, 2))" } ?? ""
    let global = outcome.globalCurvature.map { "disc of Theorem 2: κ = \(Number.figure($0)) / px" }
    let corners = outcome.corners.map { corners in
      let places = corners.map { "(\(Number.figure($0[0])), \(Number.figure($0[1])))" }
      return "the three images are at (s, t) = " + places.joined(separator: ", ") + " px"
    }
    if let corners, outcome.norm == 0 {
      return "image \(outcome.index), \(classifier.className(outcome.from)), \(outcome.along); \(corners)"
    }
    let name = corners == nil ? "‖r‖" : "boundary at t"
    let place = "image \(outcome.index), \(labels), \(name) = \(Number.figure(outcome.norm)) px\(cosine)"
    return [place, corners, curve, normal, global, outcome.remark].compactMap { $0 }.joined(separator: "\n")
  }
}
