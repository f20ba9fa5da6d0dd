package import Drawing
internal import Foundation
package import Images

/// How a figure is written for a paper or a slide.
package struct FigureStyle: Sendable {
  package var name: SheetStyle.Name
  /// Of the whole figure in centimetres; nil goes by the style and by what is shown.
  package var width: Double?
  /// nil is DejaVu Sans, which has Greek and mathematics.
  package var font: String?

  package init(_ name: SheetStyle.Name = .paper, width: Double? = nil, font: String? = nil) {
    (self.name, self.width, self.font) = (name, width, font)
  }

  var sheetStyle: SheetStyle { SheetStyle(name, fontFamily: font ?? "DejaVu Sans") }

  /// A column of a paper, or its whole width for what is wide; a slide of 25.4 cm has margins.
  func points(isWide: Bool) -> Double {
    let centimetres = width ?? (name == .paper ? (isWide ? 17.4 : 8.5) : isWide ? 24 : 16)
    return centimetres / 2.54 * 72
  }
}

/// A scene on a sheet, as files of several kinds.
package struct FigureFile {
  package enum Format: String, CaseIterable, Sendable { case pdf, svg, png }

  /// Those that can be drawn here, of those that were asked for, or of all.
  ///
  /// - Throws: ``PageError`` where one was asked for that cannot: before any work is done for it.
  package static func formats(_ asked: [Format]?) throws -> [Format] {
    let needing = (asked ?? Format.allCases).filter { $0 != .svg }
    guard !needing.isEmpty, !CairoSheet.isAvailable else { return asked ?? Format.allCases }
    if asked != nil { throw PageError.noCairo(kind: needing[0].rawValue.uppercased()) }
    return [.svg]
  }

  package let sheet: Sheet
  private let title: String
  private let description: String

  /// The description, such as the command and the parameters, goes into
  /// the file where it can hold one; `least` is a height in points that the sheet has at least.
  package init(
    _ scene: FigureScene, titled title: String, style: FigureStyle, height least: Double = 0,
    describedBy description: String = ""
  ) {
    (self.title, self.description) = (title, description)
    let (width, look) = (style.points(isWide: scene.isWide), style.sheetStyle)
    let margin = 0.6 * look.fontSize
    let head = look.hasTitle ? 2 * look.fontSize : 0
    let inner = width - 2 * margin
    let height = scene.height(at: inner, look)
    var sheet = Sheet(width: width, height: max(least, height + head + 2 * margin), style: look)
    sheet.draw(
      scene, titled: look.hasTitle ? title : "",
      in: Sheet.Box(x: margin, y: margin + head, width: inner, height: height))
    self.sheet = sheet
  }

  /// The figure in pixels, `resolution` of them an inch.
  package func picture(resolution: Double) throws -> Images.Picture {
    Images.Picture(try CairoSheet(sheet: sheet).pixels(resolution: resolution))
  }

  /// - Throws: ``PageError`` where the library that draws the kind is not there.
  package func bytes(_ format: Format) throws -> [UInt8] {
    switch format {
    case .pdf: try CairoSheet(sheet: sheet).pdf(title: title, describedBy: description)
    case .svg: Array(SVGSheet(sheet: sheet, description: description).text.utf8)
    case .png:
      PNGText.inserting(
        description, into: PNG.encode(try picture(resolution: 300)))
    }
  }
}
