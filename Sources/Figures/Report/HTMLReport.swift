package import Checkup
internal import Drawing
package import Experiments
internal import Foundation
internal import Pages

/// A page as one HTML file that needs nothing else: its pictures and plots are within it, and no script.
package struct HTMLReport {
  private let page: ReportPage
  /// What its pictures are of; nil where it has none.
  private let images: ImageSet?

  package init(_ page: ReportPage, images: ImageSet? = nil) { (self.page, self.images) = (page, images) }

  package var text: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Markup.escaped(page.title))</title><style>\(Self.style)</style></head><body><main>
    <h1>\(Markup.escaped(page.title))</h1><p class="sub">\(Markup.escaped(page.subtitle))</p>
    \(page.notes.map { "<p class=\"note\">\(Markup.escaped($0))</p>" }.joined(separator: "\n"))
    <section class="verdict"><h2>Verdict</h2><ol>\(verdict)</ol></section>
    \(page.sections.enumerated().map(section).joined(separator: "\n"))
    </main></body></html>
    """
  }

  private var verdict: String {
    page.verdict.map { told in
      let action = told.action.isEmpty ? "" : "<span class=\"action\">\(Markup.escaped(told.action))</span>"
      return
        "<li><b>\(Markup.escaped(told.sentence))</b> <span>\(Markup.escaped(told.evidence))</span>\(action)</li>"
    }.joined()
  }

  private func section(_ n: Int, _ section: ReportPage.Section) -> String {
    let blocks = section.blocks.enumerated().map { show($1, named: "f\(n)-\($0)") }
    return "<section><h2>\(Markup.escaped(section.title))</h2>\(blocks.joined(separator: "\n"))</section>"
  }

  private func show(_ block: ReportPage.Block, named name: String) -> String {
    switch block {
    case .text(let text): "<p>\(Markup.escaped(text))</p>"
    case .table(let head, let rows, let words): table(head, rows, words)
    case .plot: figures(of: block, width: 300, named: name)
    case .sections: figures(of: block, width: 230, named: name)
    case .pictures(let pictures):
      "<div class=\"pictures\">"
        + pictures.compactMap { picture in
          guard let png = images?.png(picture.image) else { return nil }
          let data = Data(png).base64EncodedString()
          return
            "<figure><img alt=\"\(Markup.escaped(picture.caption))\" src=\"data:image/png;base64,\(data)\">"
            + "<figcaption>\(Markup.escaped(picture.caption))</figcaption></figure>"
        }.joined() + "</div>"
    }
  }

  private func figures(of block: ReportPage.Block, width: Double, named name: String) -> String {
    page.scenes(of: block).enumerated().map { n, scene in
      "<figure>\(InlineFigure(scene, width: width, named: "\(name)-\(n)").text)</figure>"
    }.joined(separator: "\n")
  }

  private func table(_ head: [String], _ rows: [[String]], _ words: Set<Int>) -> String {
    func cells(_ row: [String], _ tag: String) -> String {
      row.enumerated().map { c, text in
        "<\(tag)\(words.contains(c) ? " class=\"w\"" : "")>\(Markup.escaped(text))</\(tag)>"
      }.joined()
    }
    let title =
      head.contains { !$0.isEmpty }
      ? "<thead><tr>\(cells(head, "th"))</tr></thead>" : ""
    let body = rows.map { "<tr>\(cells($0, "td"))</tr>" }.joined()
    return "<div class=\"table\"><table>\(title)<tbody>\(body)</tbody></table></div>"
  }

  private static let style = """
    :root{--ink:#1c1c1c;--soft:#5c5c5c;--line:#d9d9d9;--ground:#fff;--card:#f6f6f4;--mark:#b54708}
    @media(prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#a8a8a8;--line:#3a3a3a;--ground:#121214;--card:#1f1f1f;--mark:#f2a65a}}
    body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,"DejaVu Sans",sans-serif}
    main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
    h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0 .2rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}
    .sub{color:var(--soft);margin:0 0 1rem}.note{border-left:4px solid var(--mark);padding:.3rem .8rem;background:var(--card)}
    .verdict{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.2rem 1.2rem .8rem}
    .verdict li{margin:.5rem 0}.action{display:block;color:var(--mark)}.action::before{content:"→ "}
    .table{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    td,th{padding:.15rem .8rem .15rem 0;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;white-space:nowrap}
    .w{text-align:left;white-space:normal;min-width:7rem}th{font-weight:600;color:var(--soft)}
    figure{margin:1rem 0;display:inline-block;max-width:100%;vertical-align:top}svg{max-width:100%;height:auto}
    svg.dark{display:none}@media screen and (prefers-color-scheme:dark){svg.light{display:none}svg.dark{display:inline}}
    .pictures{display:flex;flex-wrap:wrap;gap:1rem}.pictures figure{margin:0}
    .pictures img{width:6rem;image-rendering:pixelated;display:block}figcaption{color:var(--soft);font-size:.8rem;max-width:9rem}
    """
}
