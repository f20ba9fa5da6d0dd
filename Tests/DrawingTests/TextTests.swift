import Drawing
import Testing

@Suite struct TextTests {
  private func shown(_ text: String, _ set: Appearance.GlyphSet = .blocks) -> String {
    var result = ""
    result.unicodeScalars.append(contentsOf: Text.glyphs(text, set))
    return result
  }

  @Test(
    "Control, direction and wide characters become one harmless glyph each",
    arguments: [
      ("cat", "cat"), ("a\u{1B}[31m", "a\u{FFFD}[31m"), ("a\tb\u{7F}", "a\u{FFFD}b\u{FFFD}"), ("猫x", "?x"),
      ("e\u{301}t", "et"), ("a\u{202E}b", "a\u{FFFD}b"), ("👩‍👩‍👧", "?"), ("‖r‖", "‖r‖"),
    ])
  func glyphs(text: String, wanted: String) {
    #expect(shown(text) == wanted)
  }

  @Test(
    "ASCII spells the symbols of the interface",
    arguments: [("κ = ±0.3", "kappa = +-0.3"), ("‖r‖ ≤ ξ", "|r| <= xi"), ("é猫", "e?"), ("a\u{7}b", "a?b")])
  func ascii(text: String, wanted: String) {
    #expect(shown(text, .ascii) == wanted)
  }

  @Test("Text is cut with an ellipsis to exactly the width, and aligned in it")
  func truncation() {
    var canvas = Canvas(Size(rows: 3, columns: 10))
    #expect(canvas.put("automobile", row: 0, column: 1, width: 6) == 7)
    #expect(canvas.put("cat", row: 1, column: 0, width: 7, alignment: .trailing) == 7)
    #expect(canvas.put("cat", row: 2, column: 0, width: 7, alignment: .center) == 5)
    #expect(canvas.text == " autom…\n    cat\n  cat")
    #expect(canvas.put("outside", row: 9, column: -3) == 4)
    #expect(canvas.put("none", row: 0, column: 2, width: 0) == 2)
  }

  @Test("Lines are broken at spaces, and inside words longer than a line")
  func wrapping() {
    #expect(Text.wrapped("the boundary bends", to: 12) == ["the boundary", "bends"])
    #expect(Text.wrapped("abcdefgh ij", to: 3) == ["abc", "def", "gh", "ij"])
    #expect(Text.wrapped("a\n\nb", to: 5) == ["a", "", "b"])
    #expect(Text.wrapped("a", to: 0) == [])
    #expect(Text.wrapped("it fools 80 % of", to: 12) == ["it fools", "80 % of"], "a number keeps its unit")
    #expect(Text.wrapped("norm 1.67 px, m", to: 9) == ["norm", "1.67 px,", "m"])
  }

  @Test("Classes get different letters, from their names where free")
  func letters() {
    let palette = ClassPalette(names: Samples.names)
    #expect(String(String.UnicodeScalarView(palette.letters)) == "aubcdofhst")
    let many = ClassPalette(names: (0..<62).map { "class \($0)" })
    #expect(Set(many.letters).count == 62)
    #expect(ClassPalette(names: []).letter(-13) == "3" && ClassPalette(names: []).name(4) == "class 4")
  }

  @Test(
    "Region colours among 256 keep apart on both backgrounds",
    arguments: [Appearance.Background.dark, .light])
  func regionColors(background: Appearance.Background) {
    let palette = ClassPalette(names: Samples.names)
    let appearance = Appearance(colors: .indexed, glyphs: .blocks, background: background)
    let colors = (0..<10).map { palette.region($0, depth: 1, appearance) }
    for (i, a) in colors.enumerated() {
      for b in colors[..<i] {
        for (name, matrix) in Deficiency.matrices {
          #expect(Deficiency.distance(a, b, matrix) > 10, "\(a) \(b) \(name)")
        }
      }
    }
  }

  @Test("The ten class colours and the seven of Okabe and Ito keep apart, in direct and in 256 colours")
  func classColors() {
    for (i, a) in ClassPalette.colors.enumerated() {
      for b in ClassPalette.colors[..<i] {
        #expect(a.indexed != b.indexed && a.ansi != b.ansi)
        for (name, matrix) in Deficiency.matrices {
          #expect(Deficiency.distance(a, b, matrix) > 15, "\(a) \(b) \(name)")
        }
      }
    }
  }
}
