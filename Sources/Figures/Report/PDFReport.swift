package import Checkup
internal import Drawing
package import Experiments
internal import Pages

/// A page as PDF: sheets of A4 with vector plots, the pictures themselves, and text that can be searched.
package struct PDFReport {
  private let page: ReportPage
  /// What its pictures are of; nil where it has none.
  private let images: ImageSet?

  package init(_ page: ReportPage, images: ImageSet? = nil) { (self.page, self.images) = (page, images) }

  /// - Throws: a ``PageError`` where the library that draws it is not there.
  package func bytes() throws -> [UInt8] {
    var paper = try PDFPaper(title: page.title)
    paper.paragraph(page.title, size: 16, isBold: true)
    paper.paragraph(page.subtitle, ink: .grey)
    for note in page.notes { paper.paragraph(note, size: 8, ink: .grey) }
    heading("Verdict", on: &paper)
    for (n, told) in page.verdict.enumerated() {
      paper.reserve(40)
      paper.paragraph("\(n + 1). \(told.sentence)", size: 10, isBold: true)
      paper.paragraph(told.evidence, indent: 14)
      if !told.action.isEmpty { paper.paragraph("→ " + told.action, ink: .mark, indent: 14) }
      paper.skip(4)
    }
    for section in page.sections {
      heading(section.title, on: &paper)
      for block in section.blocks { show(block, on: &paper) }
    }
    return try paper.finish()
  }

  private func heading(_ title: String, on paper: inout PDFPaper) {
    paper.skip(10)
    paper.reserve(60)
    paper.paragraph(title, size: 12, isBold: true)
    paper.skip(2)
  }

  private func show(_ block: ReportPage.Block, on paper: inout PDFPaper) {
    switch block {
    case .text(let text): paper.paragraph(text)
    case .table(let head, let rows, let words): PDFTable(head, rows, words).draw(on: &paper)
    case .plot: for scene in page.scenes(of: block) { paper.draw(scene, width: 300) }
    case .sections: paper.draw(.columns(page.scenes(of: block)), width: PDFPaper.columns)
    case .pictures(let pictures): show(pictures, on: &paper)
    }
    paper.skip(4)
  }

  private func show(_ pictures: [(image: Int, caption: String)], on paper: inout PDFPaper) {
    let side = 64.0
    let step = PDFPaper.columns / 6
    for start in stride(from: 0, to: pictures.count, by: 6) {
      paper.reserve(side + 30)
      for (i, picture) in pictures[start..<min(pictures.count, start + 6)].enumerated() {
        let x = PDFPaper.margin + step * Double(i)
        if let image = images?.rgb(picture.image) {
          let scale = side / Double(max(1, image.width, image.height))
          paper.picture(
            image, x: x, y: paper.y, width: scale * Double(image.width), height: scale * Double(image.height))
        }
        paper.use(.grey)
        let lines = paper.wrapped(picture.caption, to: step - 6, size: 7)
        for (n, line) in lines.prefix(2).enumerated() {
          paper.text(line, x: x, y: paper.y + side + 10 + 9 * Double(n), size: 7)
        }
      }
      paper.skip(side + 30)
    }
  }
}

/// Rows of text with a heading: numbers to the right, words to the left, of which the last column breaks into lines.
private struct PDFTable {
  private static let (size, gap) = (8.0, 12.0)
  let head: [String]
  let rows: [[String]]
  let words: Set<Int>

  init(_ head: [String], _ rows: [[String]], _ words: Set<Int>) {
    (self.head, self.rows, self.words) = (head, rows, words)
  }

  func draw(on paper: inout PDFPaper) {
    let widths = widths(on: paper)
    if head.contains(where: { !$0.isEmpty }) { draw(head, widths, isHead: true, on: &paper) }
    for row in rows { draw(row, widths, isHead: false, on: &paper) }
  }

  /// What the widest entry takes; the last column gives way where that is too much.
  private func widths(on paper: PDFPaper) -> [Double] {
    var widths = head.indices.map { c in
      ([head[c]] + rows.map { $0[c] }).map { paper.width($0, size: Self.size, isBold: true) }.max() ?? 0
    }
    let room = PDFPaper.columns - Self.gap * Double(max(0, head.count - 1))
    let excess = widths.reduce(0, +) - room
    if excess > 0, let last = widths.indices.last { widths[last] = max(60, widths[last] - excess) }
    return widths
  }

  private func draw(_ row: [String], _ widths: [Double], isHead: Bool, on paper: inout PDFPaper) {
    let cells = row.indices.map {
      paper.wrapped(row[$0], to: widths[$0] + 1, size: Self.size, isBold: isHead)
    }
    let height = 11 * Double(cells.map(\.count).max() ?? 1)
    paper.reserve(height + 2)
    var x = PDFPaper.margin
    paper.use(isHead ? .grey : .black)
    for (c, lines) in cells.enumerated() {
      let isWords = words.contains(c)
      for (n, line) in lines.enumerated() {
        paper.text(
          line, x: isWords ? x : x + widths[c], y: paper.y + 9 + 11 * Double(n), size: Self.size,
          isBold: isHead,
          alignment: isWords ? 0 : 1)
      }
      x += widths[c] + Self.gap
    }
    paper.skip(height + 2)
    paper.use(.line)
    let line = [PDFPaper.margin, paper.y - 0.5, x - Self.gap, paper.y - 0.5]
    paper.line(line, width: 0.4)
  }
}
