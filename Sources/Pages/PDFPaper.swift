internal import CPages
package import Drawing
internal import Foundation

/// Sheets of A4 that are filled from top to bottom, in points of 1/72 inch.
package struct PDFPaper {
  private static let size = (width: 595.0, height: 842.0)
  package static let margin = 48.0
  /// How wide text may be.
  package static let columns = size.width - 2 * margin

  private let pages: OpaquePointer
  /// Where the next thing goes.
  package private(set) var y = margin
  private var number = 1

  /// - Throws: ``PageError`` where cairo is not there.
  package init(title: String) throws {
    guard let pages = pages_begin(Self.size.width, Self.size.height, title) else {
      throw PageError.noCairo(kind: "PDF")
    }
    self.pages = pages
  }

  package enum Ink {
    case black, grey, line, mark

    fileprivate var value: UInt32 {
      switch self {
      case .black: 0x1c1c1c
      case .grey: 0x5c5c5c
      case .line: 0xcfcfcf
      case .mark: 0xb54708
      }
    }
  }

  package func use(_ ink: Ink) {
    func part(_ shift: UInt32) -> Double { Double(ink.value >> shift & 255) / 255 }
    pages_ink(pages, part(16), part(8), part(0), 1)
  }

  /// A line through points x, y, x, y.
  package func line(_ points: [Double], width: Double) {
    pages_line(pages, points, Int32(points.count / 2), width, [], 0)
  }

  /// A picture from its upper left corner.
  package func picture(_ image: RGBImage, x: Double, y: Double, width: Double, height: Double) {
    pages_picture(
      pages, x, y, width, height, image.bytes, Int32(image.width), Int32(image.height), 0)
  }

  /// A scene below what is there, all of it on one sheet.
  package mutating func draw(_ scene: FigureScene, width: Double) {
    let style = SheetStyle(.paper)
    let height = min(scene.height(at: width, style), Self.size.height - 2 * Self.margin)
    reserve(height)
    var sheet = Sheet(width: Self.size.width, height: Self.size.height, style: style)
    scene.draw(on: &sheet, in: Sheet.Box(x: Self.margin, y: y, width: width, height: height))
    CairoSheet(sheet: sheet).drawShapes(on: pages)
    skip(height + style.fontSize)
  }

  /// Ends the document.
  ///
  /// - Throws: ``PageError`` where memory runs out.
  package func finish() throws -> [UInt8] {
    foot()
    var count = 0
    guard let bytes = pages_end(pages, &count) else {
      throw PageError.outOfMemory(kind: "PDF")
    }
    defer { free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private func foot() {
    use(.grey)
    text("\(number)", x: Self.size.width / 2, y: Self.size.height - 24, size: 8, alignment: 0.5)
  }

  /// Begins a sheet where there is no room for this much any more.
  package mutating func reserve(_ height: Double) {
    guard y + height > Self.size.height - Self.margin else { return }
    foot()
    pages_next(pages)
    (y, number) = (Self.margin, number + 1)
  }

  /// Leaves room.
  package mutating func skip(_ height: Double) { y += height }
}

// MARK: - Text

extension PDFPaper {
  /// In points.
  package func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    pages_text_width(pages, text, size, isBold ? 1 : 0)
  }

  /// A line that begins at x, or with 0.5 has its middle there, with 1 its end.
  package func text(
    _ text: String, x: Double, y: Double, size: Double, isBold: Bool = false, alignment: Double = 0
  ) {
    let shift = alignment == 0 ? 0 : alignment * width(text, size: size, isBold: isBold)
    pages_text(pages, x - shift, y, text, size, isBold ? 1 : 0, 0)
  }

  /// Lines no longer than `width`, broken at blanks, and within words that are longer.
  package func wrapped(_ text: String, to width: Double, size: Double, isBold: Bool = false) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let longer = lines[lines.count - 1].isEmpty ? String(word) : lines[lines.count - 1] + " " + word
      if self.width(longer, size: size, isBold: isBold) <= width {
        lines[lines.count - 1] = longer
        continue
      }
      if !lines[lines.count - 1].isEmpty { lines.append("") }
      for character in word {
        if self.width(lines[lines.count - 1] + String(character), size: size, isBold: isBold) > width,
          !lines[lines.count - 1].isEmpty
        {
          lines.append("")
        }
        lines[lines.count - 1].append(character)
      }
    }
    return lines
  }

  /// Text below what is there, over as many sheets as it takes.
  package mutating func paragraph(
    _ text: String, size: Double = 9, isBold: Bool = false, ink: Ink = .black, indent: Double = 0
  ) {
    for line in wrapped(text, to: Self.columns - indent, size: size, isBold: isBold) {
      reserve(1.4 * size)
      use(ink)
      self.text(line, x: Self.margin + indent, y: y + size, size: size, isBold: isBold)
      y += 1.4 * size
    }
  }
}
