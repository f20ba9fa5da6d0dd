package import Checkup
internal import Drawing
internal import Experiments
internal import Explorer
internal import Foundation

/// A page as plain text, and as Markdown, which differs in headings and tables.
package struct TextReport {
  private let page: ReportPage
  private let isMarkdown: Bool

  package init(_ page: ReportPage, isMarkdown: Bool = false) {
    (self.page, self.isMarkdown) = (page, isMarkdown)
  }

  package var text: String {
    var lines = [isMarkdown ? "# \(escaped(page.title))" : page.title, escaped(page.subtitle)]
    lines += page.notes.map { "\n" + escaped($0) }
    lines += ["", heading("Verdict")]
    for (n, told) in page.verdict.enumerated() {
      lines.append(
        "\(n + 1). " + (isMarkdown ? "**\(escaped(told.sentence))** " : told.sentence + " ")
          + escaped(sentence(told.evidence)))
      if !told.action.isEmpty { lines.append("   → " + escaped(sentence(told.action))) }
    }
    for section in page.sections {
      lines += ["", heading(section.title)]
      for block in section.blocks { lines += show(block) }
    }
    return lines.joined(separator: "\n")
  }

  private func heading(_ title: String) -> String {
    isMarkdown ? "## \(escaped(title))\n" : title.uppercased()
  }

  private func sentence(_ text: String) -> String {
    guard let first = text.first else { return text }
    return first.uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
  }

  private func show(_ block: ReportPage.Block) -> [String] {
    switch block {
    case .text(let text): [escaped(text)]
    case .table(let head, let rows, let words):
      isMarkdown ? markdown(head, rows, words) : plain(head, rows, words)
    case .plot(let plot): isMarkdown ? [] : bars(plot)
    case .section(let outcome, let plot): isMarkdown ? [] : cells(outcome, plot.title)
    case .pictures: []
    }
  }

  /// A plane in glyphs alone.
  private func cells(_ outcome: SectionMap.Outcome, _ title: String) -> [String] {
    var canvas = Canvas(Size(rows: 20, columns: 64), appearance: .plain)
    guard let map = Heatmap(outcome, classNames: page.classNames) else { return [] }
    canvas.draw(map, in: canvas.bounds)
    return ["", "  " + title] + canvas.text.split(separator: "\n").map { "  " + $0 }
  }

  private func plain(_ head: [String], _ rows: [[String]], _ words: Set<Int>) -> [String] {
    let all = (head.contains { !$0.isEmpty } ? [head] : []) + rows
    let widths = head.indices.map { c in all.map { Text.columns($0[c]) }.max() ?? 0 }
    return all.map { row in
      "  "
        + row.indices.map { c in
          let pad = String(repeating: " ", count: max(0, widths[c] - Text.columns(row[c])))
          return !words.contains(c) ? pad + row[c] : c == row.count - 1 ? row[c] : row[c] + pad
        }.joined(separator: "  ")
    }
  }

  private func markdown(_ head: [String], _ rows: [[String]], _ words: Set<Int>) -> [String] {
    let lines = [head] + [head.indices.map { words.contains($0) ? "---" : "---:" }] + rows
    return [""] + lines.map { "| " + $0.map(escaped).joined(separator: " | ") + " |" } + [""]
  }

  /// Each series as bars of text, which says enough where there are no pictures.
  private func bars(_ plot: ReportPlot) -> [String] {
    let span = plot.y.upperBound - plot.y.lowerBound
    return plot.series.filter(\.isBars).flatMap { series in
      series.points.map { point in
        let share = span > 0 ? (point.y - plot.y.lowerBound) / span : 0
        let length = Int((30 * min(1, max(0, share))).rounded())
        let label = Number.figure(point.x, 3)
        return "  " + String(repeating: " ", count: max(0, 6 - label.count)) + label + " "
          + String(repeating: "█", count: length)
      }
    }
  }

  /// What Markdown would take for its own.
  private func escaped(_ text: String) -> String {
    guard isMarkdown else { return text }
    return text.reduce(into: "") { out, c in
      if "\\`*_{}[]<>#|".contains(c) { out.append("\\") }
      out.append(c)
    }
  }
}
