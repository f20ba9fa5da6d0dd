internal import CPages
internal import Foundation
internal import Laboratory

/// Sheets of A4 that are filled from top to bottom, in points of 1/72 inch.
struct PDFPaper {
  static let size = (width: 595.0, height: 842.0)
  static let margin = 48.0
  static let columns = size.width - 2 * margin

  let pages: OpaquePointer
  /// Where the next thing goes.
  private(set) var y = margin
  private var number = 1

  /// - Throws: ``Refusal`` where the library that draws it is not there.
  init(title: String) throws {
    guard let pages = pages_begin(Self.size.width, Self.size.height, title) else {
      throw Refusal(
        .unavailable,
        "PDF is drawn by cairo, which is not installed; apt-get install libcairo2, or --format html"
      )
    }
    self.pages = pages
  }

  enum Ink {
    case black, grey, line, mark, ground
    case series(Int)

    /// Told apart by eyes that see no red or green, after Okabe and Ito.
    private static let colors: [UInt32] = [
      0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x7f7f7f, 0xf0e442,
    ]

    fileprivate var value: UInt32 {
      switch self {
      case .black: 0x1c1c1c
      case .grey: 0x5c5c5c
      case .line: 0xcfcfcf
      case .mark: 0xb54708
      case .ground: 0xf6f6f4
      case .series(let n): Self.colors[n % Self.colors.count]
      }
    }
  }

  func use(_ ink: Ink, alpha: Double = 1) {
    func part(_ shift: UInt32) -> Double { Double(ink.value >> shift & 255) / 255 }
    pages_ink(pages, part(16), part(8), part(0), alpha)
  }

  /// A line through points x, y, x, y.
  func line(_ points: [Double], width: Double, dash: Double = 0) {
    pages_line(pages, points, Int32(points.count / 2), width, [dash], dash > 0 ? 1 : 0)
  }

  /// Ends the document.
  func finish() throws -> [UInt8] {
    foot()
    var count = 0
    guard let bytes = pages_end(pages, &count) else {
      throw Refusal(.cannotWrite, "memory ran out while the PDF was drawn")
    }
    defer { free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private func foot() {
    use(.grey)
    text("\(number)", x: Self.size.width / 2, y: Self.size.height - 24, size: 8, alignment: 0.5)
  }

  /// Begins a sheet where there is no room for this much any more.
  mutating func reserve(_ height: Double) {
    guard y + height > Self.size.height - Self.margin else { return }
    foot()
    pages_next(pages)
    (y, number) = (Self.margin, number + 1)
  }

  mutating func skip(_ height: Double) { y += height }
}

// MARK: - Text

extension PDFPaper {
  func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    pages_text_width(pages, text, size, isBold ? 1 : 0)
  }

  /// A line that begins at x, or with 0.5 has its middle there, with 1 its end.
  func text(
    _ text: String, x: Double, y: Double, size: Double, isBold: Bool = false, alignment: Double = 0,
    angle: Double = 0
  ) {
    let shift = alignment == 0 ? 0 : alignment * width(text, size: size, isBold: isBold)
    pages_text(pages, x - shift * cos(angle), y - shift * sin(angle), text, size, isBold ? 1 : 0, angle)
  }

  /// Lines no longer than `width`, broken at blanks, and within words that are longer.
  func wrapped(_ text: String, to width: Double, size: Double, isBold: Bool = false) -> [String] {
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
  mutating func paragraph(
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
