internal import Drawing
internal import Foundation
internal import Images
internal import Laboratory

/// A sheet as SVG with real text, which others can edit and search; cairo would turn it into outlines.
struct SVGSheet {
  let sheet: Sheet
  /// Goes into the file's metadata.
  let description: String

  var text: String {
    let (width, height) = (f(sheet.width), f(sheet.height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)pt\" height=\"\(height)pt\" viewBox=\"0 0 \(width) \(height)\" "
        + "font-family=\"\(HTMLReport.escaped(sheet.style.fontFamily)), DejaVu Sans, Helvetica, Arial, sans-serif\" "
        + "stroke-linejoin=\"round\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"\(hex(sheet.style.paper))\"/>",
    ]
    if !description.isEmpty { lines.insert("<metadata>\(HTMLReport.escaped(description))</metadata>", at: 1) }
    var clips = 0
    for shape in sheet.shapes { lines.append(element(shape, &clips)) }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private func f(_ value: Double) -> String { Number.fixed(value, 2) }

  private func hex(_ color: Color) -> String {
    "#" + [color.red, color.green, color.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func path(_ points: [Sheet.Point]) -> String {
    "M" + points.map { "\(f($0.x)) \(f($0.y))" }.joined(separator: "L")
  }

  private func element(_ shape: Sheet.Shape, _ clips: inout Int) -> String {
    switch shape {
    case .line(let points, let color, let width, let dashes):
      let dash =
        dashes.isEmpty
        ? " stroke-linecap=\"round\"" : " stroke-dasharray=\"\(dashes.map(f).joined(separator: " "))\""
      return
        "<path d=\"\(path(points))\" fill=\"none\" stroke=\"\(hex(color))\" stroke-width=\"\(f(width))\"\(dash)/>"
    case .area(let points, let color, let opacity):
      let alpha = opacity < 1 ? " fill-opacity=\"\(f(opacity))\"" : ""
      return "<path d=\"\(path(points))Z\" fill=\"\(hex(color))\"\(alpha)/>"
    case .disc(let point, let radius, let color):
      return "<circle cx=\"\(f(point.x))\" cy=\"\(f(point.y))\" r=\"\(f(radius))\" fill=\"\(hex(color))\"/>"
    case .text(let text, let point, let size, let color, let anchor, let isBold, let isTurned):
      return self.text(text, point, size, color, anchor, isBold: isBold, isTurned: isTurned)
    case .picture(let image, let box, let isSmooth): return picture(image, box, isSmooth: isSmooth)
    case .clip(let box):
      clips += 1
      return
        "<clipPath id=\"c\(clips)\"><rect x=\"\(f(box.x))\" y=\"\(f(box.y))\" width=\"\(f(box.width))\" "
        + "height=\"\(f(box.height))\"/></clipPath><g clip-path=\"url(#c\(clips))\">"
    case .unclip: return "</g>"
    }
  }

  private func text(
    _ text: String, _ point: Sheet.Point, _ size: Double, _ color: Color, _ anchor: Sheet.Anchor,
    isBold: Bool,
    isTurned: Bool
  ) -> String {
    let place = "x=\"\(f(point.x))\" y=\"\(f(point.y))\""
    let turn = isTurned ? " transform=\"rotate(-90 \(f(point.x)) \(f(point.y)))\"" : ""
    let anchors = [Sheet.Anchor.start: "start", .middle: "middle", .end: "end"]
    let weight = isBold ? " font-weight=\"bold\"" : ""
    var isLow = false
    // Each run says how far it stands below the one before it.
    let runs = RichText.runs(text).map { run -> String in
      let shift = run.isSubscript == isLow ? 0 : run.isSubscript ? RichText.drop : -RichText.drop
      isLow = run.isSubscript
      let escaped = HTMLReport.escaped(run.text)
      let small = run.isSubscript ? " font-size=\"\(f(size * RichText.small))\"" : ""
      return shift == 0 ? escaped : "<tspan dy=\"\(f(shift * size))\"\(small)>\(escaped)</tspan>"
    }
    return
      "<text \(place) font-size=\"\(f(size))\" fill=\"\(hex(color))\" text-anchor=\"\(anchors[anchor]!)\"\(weight)\(turn) "
      + "xml:space=\"preserve\">\(runs.joined())</text>"
  }

  private func picture(_ image: RGBImage, _ box: Sheet.Box, isSmooth: Bool) -> String {
    let bytes = PNG.encode(Images.Picture(image))
    return
      "<image x=\"\(f(box.x))\" y=\"\(f(box.y))\" width=\"\(f(box.width))\" height=\"\(f(box.height))\" "
      + "preserveAspectRatio=\"none\"\(isSmooth ? "" : " image-rendering=\"pixelated\"") "
      + "href=\"data:image/png;base64,\(Data(bytes).base64EncodedString())\"/>"
  }
}
