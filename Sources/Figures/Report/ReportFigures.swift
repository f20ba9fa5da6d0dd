internal import Checkup
internal import Drawing
internal import Experiments
internal import Explorer

extension ReportPage {
  /// What a block shows as figures, each under its title; none for words, tables and images.
  func scenes(of block: Block) -> [FigureScene] {
    switch block {
    case .plot(let title, let plot): [.titled(title, note: "", .one(plot))]
    case .sections(let planes):
      planes.compactMap { plane in
        Heatmap(plane.outcome, classNames: classNames, showsDisk: false).map {
          .titled(plane.title, note: "", .one($0))
        }
      }
    case .text, .table, .pictures: []
    }
  }
}
