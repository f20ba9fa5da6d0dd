import Drawing
import Testing

@testable import Laboratory

@Suite("Canvases for another process")
struct MirrorTests {
  private static func canvas(_ appearance: Appearance) -> Canvas {
    var canvas = Canvas(Size(rows: 7, columns: 23), appearance: appearance)
    canvas.put("ξ 境 e\u{301} plain", row: 1, column: 0, Look(.yellow, on: .blue, style: [.bold, .underline]))
    canvas.put("dim", row: 3, column: 4, Look(style: [.dim, .reverse]))
    return canvas
  }

  @Test("A canvas comes out as it went in", arguments: Appearance.ColorLevel.allCases)
  func whole(level: Appearance.ColorLevel) throws {
    for (glyphs, background) in [(Appearance.GlyphSet.blocks, Appearance.Background.dark), (.ascii, .light)] {
      let canvas = Self.canvas(Appearance(colors: level, glyphs: glyphs, background: background))
      let bytes = CanvasBytes.encode(canvas)
      #expect(CanvasBytes.length(bytes[...]) == bytes.count)
      let back = try #require(CanvasBytes.decode(bytes[...]))
      #expect(back.cells == canvas.cells && back.size == canvas.size && back.appearance == canvas.appearance)
    }
  }

  @Test("Bytes that are no canvas are none, and nothing traps")
  func broken() {
    let bytes = CanvasBytes.encode(Self.canvas(.plain))
    for count in 0..<bytes.count { #expect(CanvasBytes.decode(bytes[..<count]) == nil) }
    #expect(CanvasBytes.length([0, 1, 2]) == nil)
    #expect(CanvasBytes.length([UInt8](repeating: 9, count: 40)[...]) == 0)
    for place in 0..<bytes.count {
      for value in [UInt8(0), 0x7f, 0xff] {
        var changed = bytes
        changed[place] = value
        _ = CanvasBytes.length(changed[...]).map {
          $0 <= changed.count ? CanvasBytes.decode(changed[...]) : nil
        }
      }
    }
  }
}
