internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// What of the paper can be reproduced.
package enum PaperFigure: String, CaseIterable {
  case fig5, fig6, fig7a, fig7b, fig8, fig9, fig10, fig11, fig12, fig13, theorems, table1

  package func drawing(_ bench: Workbench) throws -> DrawnFigure {
    switch self {
    case .fig5, .fig6: try SectionSheet(bench).drawing(rawValue)
    case .fig13: try TransferSheet(bench).drawing()
    case .fig7a: try ShapeFigure(bench).drawing()
    case .fig7b, .fig11, .fig12: try FoolingFigure(bench).drawing(rawValue)
    case .fig8: try PerturbedFigure(bench).drawing()
    case .fig9: try DiversityFigure(bench).drawing()
    case .fig10: try AnglesFigure(bench).drawing()
    case .theorems: try TheoremsFigure(bench).drawing()
    case .table1: try RobustnessTable(bench).drawing()
    }
  }
}

extension Workbench {
  func drawn(
    _ name: String, titled title: String, _ data: some Encodable, saying paragraph: String, size: Size,
    _ scene: FigureScene
  ) -> DrawnFigure {
    DrawnFigure(
      title: title,
      document: .init(
        figure: name, model: models.map(\.classifier.name), parameters: parameters, data: data,
        paragraph: paragraph),
      size: size, scene: scene)
  }
}
