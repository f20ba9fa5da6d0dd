internal import Drawing
internal import Foundation
internal import Images

/// A sheet as SVG with real text, which others can edit and search; cairo would turn it into outlines.
struct SVGSheet {
  let sheet: Sheet
  /// Goes into the file's metadata.
  var description = ""
  /// Begins the names of its parts, which are one space in a page of many figures.
  var prefix = "c"

  /// A file of its own.
  var text: String {
    let (width, height) = (f(sheet.width), f(sheet.height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)pt\" height=\"\(height)pt\" viewBox=\"0 0 \(width) \(height)\" "
        + "\(letters)>",
      "<rect width=\"100%\" height=\"100%\" fill=\"\(hex(sheet.style.paper))\"/>",
    ]
    if !description.isEmpty { lines.insert("<metadata>\(Markup.escaped(description))</metadata>", at: 1) }
    return (lines + elements).joined(separator: "\n") + "\n</svg>\n"
  }

  /// A part of a page of HTML, on whose ground it stands, `scale` pixels a point.
  func inline(titled title: String, class name: String, scale: Double) -> String {
    let start =
      "<svg class=\"\(name)\" role=\"img\" aria-label=\"\(Markup.escaped(title))\" width=\"\(f(scale * sheet.width))\" "
      + "viewBox=\"0 0 \(f(sheet.width)) \(f(sheet.height))\" \(letters)>"
    return ([start] + elements).joined(separator: "\n") + "</svg>"
  }

  private var letters: String {
    "font-family=\"\(Markup.escaped(sheet.style.fontFamily)), DejaVu Sans, Helvetica, Arial, sans-serif\" "
      + "stroke-linejoin=\"round\""
  }

  private var elements: [String] {
    var clips = 0
    return sheet.shapes.map { element($0, &clips) }
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
    case .text(let text, let point, let lettering): return self.text(text, at: point, lettering)
    case .picture(let image, let box, let isSmooth): return picture(image, box, isSmooth: isSmooth)
    case .clip(let box):
      clips += 1
      return
        "<clipPath id=\"\(prefix)\(clips)\"><rect x=\"\(f(box.x))\" y=\"\(f(box.y))\" width=\"\(f(box.width))\" "
        + "height=\"\(f(box.height))\"/></clipPath><g clip-path=\"url(#\(prefix)\(clips))\">"
    case .unclip: return "</g>"
    }
  }

  private func text(_ text: String, at point: Sheet.Point, _ lettering: Sheet.Lettering) -> String {
    let place = "x=\"\(f(point.x))\" y=\"\(f(point.y))\""
    let turn = lettering.isTurned ? " transform=\"rotate(-90 \(f(point.x)) \(f(point.y)))\"" : ""
    let anchor = lettering.anchor == .start ? "start" : lettering.anchor == .middle ? "middle" : "end"
    let weight = lettering.isBold ? " font-weight=\"bold\"" : ""
    return
      "<text \(place) font-size=\"\(f(lettering.size))\" fill=\"\(hex(lettering.color))\" text-anchor=\"\(anchor)\""
      + "\(weight)\(turn) xml:space=\"preserve\">\(runs(of: text, size: lettering.size))</text>"
  }

  /// Each run says how far it stands below the one before it.
  private func runs(of text: String, size: Double) -> String {
    var isLow = false
    return RichText.runs(text).map { run -> String in
      let shift = run.isSubscript == isLow ? 0 : run.isSubscript ? RichText.drop : -RichText.drop
      isLow = run.isSubscript
      let escaped = Markup.escaped(run.text)
      let small = run.isSubscript ? " font-size=\"\(f(size * RichText.small))\"" : ""
      return shift == 0 ? escaped : "<tspan dy=\"\(f(shift * size))\"\(small)>\(escaped)</tspan>"
    }.joined()
  }

  private func picture(_ image: RGBImage, _ box: Sheet.Box, isSmooth: Bool) -> String {
    let bytes = PNG.encode(Images.Picture(image))
    return
      "<image x=\"\(f(box.x))\" y=\"\(f(box.y))\" width=\"\(f(box.width))\" height=\"\(f(box.height))\" "
      + "preserveAspectRatio=\"none\"\(isSmooth ? "" : " image-rendering=\"pixelated\"") "
      + "href=\"data:image/png;base64,\(Data(bytes).base64EncodedString())\"/>"
  }
}
