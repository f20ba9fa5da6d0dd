package import Drawing
package import Experiments

/// A page of headings, sentences, tables and pictures, which text, Markdown, HTML, PDF and the terminal show each in
/// their way.
package struct ReportPage: Sendable {
  package var title: String
  package var subtitle: String
  /// What stands above all numbers: how pixels were read, doubts.
  package var notes: [String] = []
  package var verdict: [(sentence: String, evidence: String, action: String)] = []
  package var sections: [Section] = []
  package var classNames: [String] = []

  package struct Section: Sendable {
    package var title: String
    package var blocks: [Block]

    package init(title: String, blocks: [Block]) { (self.title, self.blocks) = (title, blocks) }
  }

  package enum Block: Sendable {
    case text(String)
    /// Numbers stand to the right; columns of words, of which the first is one, to the left.
    case table(head: [String], rows: [[String]], words: Set<Int> = [0])
    /// Curves under a title.
    case plot(title: String, LinePlot)
    /// Planes of the decision regions, each under a title.
    case sections([(title: String, outcome: SectionMap.Outcome)])
    /// Images of the set, by their places in it, with a caption each.
    case pictures([(image: Int, caption: String)])
  }

  /// What a page on one model is about, in its order.
  package enum Topic: CaseIterable, Sendable {
    case labels, distance, vectors, sections, curvature, changes, outliers, checks

    package var title: String {
      switch self {
      case .labels: "Labels"
      case .distance: "Distance to the boundary"
      case .vectors: "One vector for all images"
      case .sections: "The boundary near one image"
      case .curvature: "Curvature"
      case .changes: "Changes that should not matter"
      case .outliers: "Inputs that are not images"
      case .checks: "What was checked"
      }
    }
  }

  package init(title: String, subtitle: String, notes: [String] = []) {
    (self.title, self.subtitle, self.notes) = (title, subtitle, notes)
  }
}
