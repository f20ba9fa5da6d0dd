import Drawing
import Testing

@Suite struct TextTests {
  private func shown(_ text: String, _ set: Appearance.GlyphSet = .blocks) -> String {
    let glyphs = Text.glyphs(text, set)
    var canvas = Canvas(Size(rows: 1, columns: glyphs.count))
    for (i, glyph) in glyphs.enumerated() { canvas[0, i] = Cell(glyph) }
    return canvas.text
  }

  @Test(
    "Control and direction characters become one harmless glyph each; names keep their letters and marks",
    arguments: [
      ("cat", "cat"), ("a\u{1B}[31m", "a\u{FFFD}[31m"), ("a\tb\u{7F}", "a\u{FFFD}b\u{FFFD}"), ("猫x", "猫x"),
      ("e\u{301}t", "ét"), ("a\u{202E}b", "a\u{FFFD}b"), ("👩‍👩‍👧", "👩"), ("‖r‖", "‖r‖"), ("नमस्ते", "नमस्ते"),
      ("ไทย", "ไทย"), ("\u{1112}\u{1161}\u{11AB}글", "한글"), ("🇩🇪", "DE"), ("q\u{307}\u{323}", "q\u{323}"),
      ("👍🏽!", "👍!"), ("❤\u{FE0F}", "❤"),
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

  @Test(
    "A glyph takes the columns that terminals give it",
    arguments: [
      ("猫", 2), ("한글", 4), ("ひらがな", 8), ("ｶﾅ", 2), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("✅", 2), ("⚠", 1),
      ("नमस्ते", 4),
      ("ไทย", 3), ("สวัสดี", 4), ("①", 1), ("ａｂ", 4), ("𠀀", 2), ("🇩🇪", 2), ("Ж", 1),
    ])
  func columns(text: String, wanted: Int) {
    #expect(Text.columns(text) == wanted)
    #expect(Text.glyphs(text, .blocks).count == wanted)
  }

  @Test("A wide glyph is never cut in two, by an edge, a width or what is drawn over it")
  func halves() {
    var canvas = Canvas(Size(rows: 5, columns: 7))
    #expect(canvas.put("猫犬鳥", row: 0, column: 0, width: 4) == 3)
    canvas.put("猫犬鳥魚", row: 1, column: 0)
    canvas.put("猫犬", row: 2, column: 4)
    canvas.put("x", row: 1, column: 0)
    canvas.put("y", row: 1, column: 3)
    canvas.put("猫", row: 3, column: 6, width: 2)
    canvas.put("猫犬鳥魚", row: 4, column: 0, width: 7, cut: .middle)
    #expect(canvas.text == "猫…\nx ?y鳥…\n    猫…\n      ?\n猫…魚")
    #expect(!canvas.ansiText.contains("\0") && !canvas.svg.contains("\0"))
  }

  @Test("A name of a file loses its middle")
  func middle() {
    #expect(Text.shortened("resnet18-cifar10-epoch-90.onnx", to: 15) == "resnet1…90.onnx")
    #expect(Text.shortened("short", to: 15) == "short")
    #expect(Text.shortened("abcdef", to: 3) == "ab…")
    #expect(Text.shortened("abcdef", to: 5, .ascii) == "ab~ef")
  }

  @Test("Lines are broken at spaces, and inside words longer than a line")
  func wrapping() {
    #expect(Text.wrapped("the boundary bends", to: 12) == ["the boundary", "bends"])
    #expect(Text.wrapped("abcdefgh ij", to: 3) == ["abc", "def", "gh", "ij"])
    #expect(Text.wrapped("a\n\nb", to: 5) == ["a", "", "b"])
    #expect(Text.wrapped("猫犬鳥", to: 3) == ["猫", "犬", "鳥"])
    #expect(Text.wrapped("猫犬鳥", to: 5) == ["猫犬", "鳥"])
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
    "Region colours keep apart on both backgrounds, at the boundary and far from it",
    arguments: [Appearance.Background.dark, .light], [Appearance.ColorLevel.ansi16, .indexed, .direct])
  func regionColors(background: Appearance.Background, level: Appearance.ColorLevel) {
    let palette = ClassPalette(names: Samples.names)
    let appearance = Appearance(colors: level, glyphs: .blocks, background: background)
    for depth: Float in [0, 1] { expectApart((0..<10).map { palette.region($0, depth: depth, appearance) }) }
  }

  private func expectApart(_ colors: [Color]) {
    for (i, a) in colors.enumerated() {
      for b in colors[..<i] {
        for (name, matrix) in Deficiency.matrices {
          #expect(Deficiency.distance(a, b, matrix) > 7, "\(a) \(b) \(name)")
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
