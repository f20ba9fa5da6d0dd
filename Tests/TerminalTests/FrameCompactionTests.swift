import CTerminal
import Testing

/// Frames in fewer bytes show the same screen.
@Suite struct FrameCompactionTests {
  private struct Look: Hashable {
    var fore = "", back = ""
    var style: Set<String> = []
  }

  /// What a terminal shows after some bytes: the looks of glyphs by place.
  private struct Screen {
    var cells: [Int: (glyph: String, look: Look)] = [:]
    var row = 1, column = 1
    var look = Look()

    mutating func take(_ text: String) throws {
      var rest = Substring(text)
      while let first = rest.first {
        if let match = rest.prefixMatch(of: /\u{1b}\[([\d;]*)m/) {
          select(match.1.split(separator: ";", omittingEmptySubsequences: false).map(String.init))
          rest = rest[match.range.upperBound...]
        } else if let match = rest.prefixMatch(of: /\u{1b}\[(\d+);(\d+)H/) {
          (row, column) = (Int(match.1) ?? 0, Int(match.2) ?? 0)
          rest = rest[match.range.upperBound...]
        } else if let match = rest.prefixMatch(of: /\u{1b}\[(\d+)X/) {
          for i in 0..<(Int(match.1) ?? 0) { put(" ", at: column + i) }
          rest = rest[match.range.upperBound...]
        } else if let match = rest.prefixMatch(of: /\u{1b}\(B/) {
          rest = rest[match.range.upperBound...]
        } else {
          try #require(first != "\u{1b}", "an unknown sequence: \(rest.prefix(8).debugDescription)")
          put(String(first), at: column)
          column += 1
          rest = rest.dropFirst()
        }
      }
    }

    /// The foreground of a plain blank cannot be seen.
    private mutating func put(_ glyph: String, at column: Int) {
      var shown = look
      if glyph == " ", look.style.isDisjoint(with: ["4", "7"]) { shown.fore = "" }
      cells[1000 * row + column] = (glyph, shown)
    }

    private mutating func select(_ parameters: [String]) {
      var i = 0
      while i < parameters.count {
        let p = parameters[i]
        switch p {
        case "", "0": look = Look()
        case "38", "48":
          let length = parameters[i + 1] == "5" ? 3 : 5
          let color = parameters[i..<i + length].dropFirst().joined(separator: ";")
          if p == "38" { look.fore = color } else { look.back = color }
          i += length - 1
        case "39": look.fore = ""
        case "49": look.back = ""
        case "1", "2", "4", "7": look.style.insert(p)
        // The first font, which is never left.
        case "10": break
        default: if p.hasPrefix("4") || p.hasPrefix("10") { look.back = p } else { look.fore = p }
        }
        i += 1
      }
    }
  }

  private func compact(_ text: String) -> String {
    let bytes = text.utf8.map { CChar(bitPattern: $0) }
    let result = [UInt8](unsafeUninitializedCapacity: bytes.count + 64) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) {
        Int(frame_compact(bytes, bytes.count, $0.baseAddress))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  @Test(
    "Sequences become one, and repeated ones none",
    arguments: [
      (
        "\u{1b}[38;5;9m\u{1b}[48;5;7mx\u{1b}[38;5;9m\u{1b}[48;5;8my\u{1b}[m",
        "\u{1b}[38;5;9;48;5;7mx\u{1b}[48;5;8my\u{1b}[m"
      ),
      ("\u{1b}[1mx\u{1b}[0my", "\u{1b}[1mx\u{1b}[my"),
      ("\u{1b}[31m   x\u{1b}[m", "   \u{1b}[31mx\u{1b}[m"),
      ("\u{1b}[7m x\u{1b}[m", "\u{1b}[7m x\u{1b}[m"),
      ("\u{1b}(B\u{1b}[ma\u{1b}(B\u{1b}[mb", "\u{1b}(Bab"),
      ("\u{1b}[44m\u{1b}[5Xx\u{1b}[m", "\u{1b}[44m\u{1b}[5Xx\u{1b}[m"),
      // The sequences of the Linux console choose the first font each time; what they do besides holds.
      ("\u{1b}[0;10;7mx\u{1b}[0;10my", "\u{1b}[7mx\u{1b}[my"),
      ("\u{1b}[7mx\u{1b}[0;11;1my\u{1b}[mz", "\u{1b}[7mx\u{1b}[0;11;1my\u{1b}[mz"),
      ("\u{1b}[5;1mx\u{1b}[mz", "\u{1b}[5;1mx\u{1b}[mz"),
      ("\u{1b}[?25lx", "\u{1b}[?25lx"), ("é▀", "é▀"), ("\u{1b}[58;5;3mx", "\u{1b}[58;5;3mx"),
    ])
  func examples(frame: String, wanted: String) {
    #expect(compact(frame) == wanted)
  }

  @Test("The screen is the same, and never takes more bytes", arguments: 1..<60)
  func screens(seed: UInt64) throws {
    var random = LinearGenerator(seed: seed)
    var text = ""
    for _ in 0..<400 {
      switch Int(random.next()) % 9 {
      case 0: text += "\u{1b}[\(1 + Int(random.next()) % 9);\(1 + Int(random.next()) % 40)H"
      case 1: text += "\u{1b}[38;5;\(Int(random.next()) % 4 + 16)m"
      case 2: text += "\u{1b}[48;2;1;2;\(Int(random.next()) % 3)m"
      case 3: text += "\u{1b}[0;\(["1", "2", "4", "7", "1;7", "10", "10;7"][Int(random.next()) % 7])m"
      case 4: text += "\u{1b}(B\u{1b}[m"
      case 5: text += "\u{1b}[39;49m"
      case 6: text += "\u{1b}[3X"
      default: text += ["x", " ", "▀", "  "][Int(random.next()) % 4]
      }
    }
    text += "\u{1b}[m"
    var (before, after) = (Screen(), Screen())
    try before.take(text)
    let short = compact(text)
    try after.take(short)
    #expect(before.cells.count == after.cells.count)
    for (place, cell) in before.cells {
      let other = try #require(after.cells[place])
      #expect(other.glyph == cell.glyph && other.look == cell.look, "at \(place)")
    }
    #expect(after.look == Look() && short.utf8.count <= text.utf8.count)
  }
}
