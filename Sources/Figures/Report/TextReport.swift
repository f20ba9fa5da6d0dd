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
    case .plot, .sections: isMarkdown ? [] : page.scenes(of: block).flatMap(cells)
    case .pictures: []
    }
  }

  /// A figure in glyphs alone.
  private func cells(_ scene: FigureScene) -> [String] {
    guard case .titled(let title, _, let content) = scene else { return [] }
    var canvas = Canvas(Size(rows: 20, columns: 64), appearance: .plain)
    canvas.draw(content, in: canvas.bounds)
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

  /// What Markdown would take for its own.
  private func escaped(_ text: String) -> String {
    guard isMarkdown else { return text }
    return text.reduce(into: "") { out, c in
      if "\\`*_{}[]<>#|".contains(c) { out.append("\\") }
      out.append(c)
    }
  }
}
