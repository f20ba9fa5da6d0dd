import Checkup
import Drawing
import Experiments
import Foundation
import FoundationXML
import Geometry
import Images
import Laboratory
import ONNX
import Tensors
import Testing

@testable import Figures

/// The page of a real network, examined for some seconds.
@Suite("Report")
struct ReportTests {
  /// So few images that every part fits, however busy the machine is.
  private static let whole = Result { try examined("lenet-shapes", seconds: 3600) }

  private static func examined(_ name: String, seconds: Double) throws -> (Examination.Outcome, ImageSet) {
    let path = URL(filePath: #filePath).appending(path: "../../../Assets/models/\(name).onnx").standardized
      .path
    let open = try OpenModel(path: path, options: Profile())
    let images = try open.images("shapes", 0..<100)
    let finder = OutcomeFinder(store: nil, interruption: Interruption(), progress: { _ in })
    var examination = Examination(seconds: seconds)
    examination.radius = 3
    return (try examination.run(on: open.classifier, images, judgement: nil, by: finder), images)
  }

  @Test("A page on a sound network has its parts in every format, and no sign of trouble")
  func page() throws {
    let (outcome, images) = try Self.whole.get()
    #expect(outcome.findings.signs.filter(\.found).map(\.name) == [])
    #expect(outcome.findings.verdict.count == 1)
    let page = ReportPage(outcome, notes: ["pixels: 0 to 1 <RGB>"]) { images.naming($0, []) }
    let (text, markdown, html) = (
      TextReport(page).text, TextReport(page, isMarkdown: true).text, HTMLReport(page, images: images).text
    )
    for title in ["Labels", "Distance to the boundary", "What was checked"] {
      #expect(
        text.contains(title.uppercased()) && markdown.contains("## \(title)")
          && html.contains("<h2>\(title)</h2>"))
    }
    let accuracy = try #require(outcome.findings.confusion?.accuracy)
    #expect(accuracy.trials == 100 && accuracy.rate > 0.85)
    #expect(html.contains("&lt;RGB&gt;") && !html.contains("<script") && !html.contains("http"))
    #expect(html.contains("<svg") && html.contains("data:image/png;base64,"))
    let tree =
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(ReportAnswer(outcome))) as? [String: Any]
    let distance = try #require(tree?["distance"] as? [String: Any])
    let won = try #require(distance["won"] as? [String: Int])
    #expect(won.count == 4 && won.values.reduce(0, +) == distance["count"] as? Int)
    #expect((distance["references"] as? [[String: Any]])?.count == 2)
    #expect((tree?["sections"] as? [Any])?.count == 2 && tree?["spectrum"] is [String: Any])
    #expect(tree?["schema"] as? Int == 1 && (tree?["signs"] as? [Any])?.count ?? 0 > 15)
  }

  @Test("A PDF has its sheets and the text's font within, and equal pages have equal bytes")
  func pdf() throws {
    let (outcome, images) = try Self.whole.get()
    let page = ReportPage(outcome, notes: ["κ ≥ ‖r‖ → 漢"]) { images.naming($0, []) }
    let bytes = try PDFReport(page, images: images).bytes()
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1.") && text.hasSuffix("%%EOF\n"))
    #expect(text.matches(of: /\/Type \/Page\b/).count >= 3)
    #expect(text.contains("DejaVuSans") && text.contains("/Subtype /Image"))
    #expect(try PDFReport(page, images: images).bytes() == bytes)
    var plain = outcome
    plain.sections = []
    let bare = try PDFReport(ReportPage(plain, notes: []) { _ in "" }).bytes()
    #expect(!String(decoding: bare, as: UTF8.self).contains("/Subtype /Image"))
  }

  @Test("The bundled references have the medians that are stated", arguments: DistanceReference.bundled)
  func reference(stated: DistanceReference) throws {
    let path = URL(filePath: #filePath).appending(path: "../../../Assets/models/\(stated.name).onnx")
    let open = try OpenModel(path: path.standardized.path, options: Profile())
    let subject = Subject(classifier: open.classifier, images: try open.images("shapes", 500..<564))
    #expect(subject.images.images.entryCount == stated.pixels)
    let finder = OutcomeFinder(store: nil, interruption: Interruption(), progress: { _ in })
    let norms = try finder(Masking(), on: subject).each.compactMap(\.smallest).sorted()
    #expect(norms.count == 64 && abs(norms[32] - stated.median) < 0.002 * stated.median)
  }

  @Test("Each figure is drawn for light and dark grounds, and its clips are its own")
  func grounds() throws {
    let (outcome, images) = try Self.whole.get()
    let page = ReportPage(outcome, notes: []) { images.naming($0, []) }
    let html = HTMLReport(page, images: images).text
    let figures = page.sections.flatMap(\.blocks).flatMap { page.scenes(of: $0) }
    for ground in ["light", "dark"] {
      #expect(html.matches(of: try Regex("<svg class=\"\(ground)\"")).count == figures.count)
    }
    let names = html.matches(of: /<clipPath id="([^"]+)"/).map { String($0.output.1) }
    #expect(names.count >= 2 * figures.count && Set(names).count == names.count)
    #expect(html == HTMLReport(page, images: images).text)
  }

  @Test("A vector's curve has the look that it has on every screen, and its interval as band")
  func looks() throws {
    let (outcome, images) = try Self.whole.get()
    let page = ReportPage(outcome, notes: []) { images.naming($0, []) }
    let plots = page.sections.flatMap(\.blocks).compactMap { block in
      if case .plot(let title, let plot) = block { (title, plot) } else { nil }
    }
    let plot = try #require(plots.first { $0.0 == "One vector for all images" }?.1)
    #expect(Set(plot.series.compactMap(\.style)) == [.even, .random, .curvature])
    for series in plot.series {
      #expect(zip(series.y, series.band).allSatisfy { $1.lower <= $0 && $0 <= $1.upper })
    }
    #expect(plots.map(\.0).contains("Principal curvatures") && plots.map(\.0).contains("Reliability"))
  }

  @Test("HTML is well-formed, whatever a model and its classes are called")
  func wellFormed() throws {
    var page = ReportPage(comparing: [try Self.examined("lenet-shapes", seconds: 2).0], [], notes: [])
    page.title = "a <b> & \"c\" ]]> &lt;"
    page.sections.append(
      .init(
        title: "<i>",
        blocks: [
          .text("</p>"), .table(head: ["<", ">"], rows: [["&", "\""]]),
          .plot(
            title: "<t>",
            LinePlot(
              [.init("<s>", x: [0, 1], y: [0, 1]), .init("&", x: [0, 1], y: [1, 0])], horizontalTitle: "&",
              verticalTitle: "<")),
        ]))
    let body = HTMLReport(page).text.replacing("<!doctype html>", with: "")
      .replacing("<meta charset=\"utf-8\">", with: "")
      .replacing(/<meta name="viewport"[^>]*>/, with: "").replacing(/(<img [^>]*[^\/])>/) {
        "\($0.output.1)/>"
      }
    let parser = XMLParser(data: Data(body.utf8))
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") line \(parser.lineNumber)")
  }

  @Test("A limit that holds is silent; one that is broken, or that cannot be tried, is named with its number")
  func limits() throws {
    let (outcome, _) = try Self.whole.get()
    func broken(_ json: String) throws -> [String] {
      try JSONDecoder().decode(ReportLimits.self, from: Data(json.utf8)).broken(by: outcome)
    }
    #expect(
      try broken(#"{"accuracy": 0.5, "medianDistance": 0.01, "calibrationError": 0.5, "signs": ["any"]}"#)
        == [])
    #expect(try broken(#"{"accuracy": 0.999}"#).first?.contains("is below 0.999") ?? false)
    #expect(try broken(#"{"calibrationError": 0.00001}"#).count == 1)
    #expect(try broken(#"{"signs": ["dead chanels"]}"#) == ["“dead chanels” was not looked for"])
    #expect(try broken(#"{"fooled": {"radius": 3, "rate": 0.01}}"#).count == 1)
    #expect(throws: SubjectError.self) { try broken(#"{"acuracy": 0.5}"#) }
  }

  @Test("Two networks: pairs say which is right more often, and their boundaries which is farther")
  func comparison() throws {
    let (first, images) = try Self.whole.get()
    let (second, _) = try Self.examined("lenet-cure-shapes", seconds: 3600)
    let one = ModelComparison(first, second, truth: images.truth)
    #expect(one.gained.count - one.lost.count == Int(((one.gain ?? 9) * 100).rounded()))
    #expect(one.agreement > 0.7)
    #expect((one.distance ?? 0) > 1.05, "trained for flat boundaries, it is farther from them")
    let same = ModelComparison(first, first, truth: images.truth)
    #expect(same.gain == 0 && same.distance == 1 && same.agreement == 1)
    #expect(same.cosines.allSatisfy { $0 > 0.999 })
    #expect(same.sentence.contains("No difference"))
  }
}
