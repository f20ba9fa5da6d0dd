import Drawing
import Testing

@testable import Terminal

@Suite("What is sent so that pictures lie where they should")
struct PictureLedgerTests {
  private static let size = Size(rows: 10, columns: 30)

  private static func picture(_ shade: Int, rows: Int = 4, columns: Int = 9) -> PixelPicture {
    let color = Color(red: UInt8(shade), green: 0, blue: 0, indexed: 16, ansi: 0)
    return PixelPicture(RGBImage(width: 3, height: 3, fill: color), cells: Size(rows: rows, columns: columns))
  }

  private static func canvas(_ pictures: [(PixelPicture, row: Int, column: Int)], text: String = "") -> Canvas
  {
    var canvas = Canvas(size, appearance: Appearance(colors: .direct, glyphs: .blocks))
    for (picture, row, column) in pictures { canvas.lay(picture, row: row, column: column) }
    canvas.put(text, row: 3, column: 4)
    return canvas
  }

  private static func kitty() -> PictureLedger {
    PictureLedger(.kitty, cell: nil, isDirect: true, isWrapped: false)
  }

  private static func show(_ canvas: Canvas, _ ledger: inout PictureLedger, changed: Set<Int> = [])
    -> PictureLedger.Sequences
  {
    ledger.look(at: canvas, size)
    return ledger.sequences(canvas, changed: changed)
  }

  private static func keys(_ bytes: [UInt8]) -> [String] { GraphicsTests.commands(bytes).map(\.keys) }

  @Test("A picture is sent once; another in its place has its number; one that is gone is forgotten")
  func numbers() throws {
    var ledger = Self.kitty()
    let first = Self.keys(Self.show(Self.canvas([(Self.picture(1), 2, 3)]), &ledger).before)
    #expect(first.count == 1)
    let number = try #require(first.first?.split(separator: ",").first { $0.hasPrefix("i=") })
    #expect(Self.show(Self.canvas([(Self.picture(1), 2, 3)]), &ledger).before.isEmpty)
    let second = Self.keys(Self.show(Self.canvas([(Self.picture(2), 2, 3)]), &ledger).before)
    #expect(second.count == 1 && second[0].contains("\(number),"))
    let third = Self.keys(Self.show(Self.canvas([(Self.picture(2), 2, 14)]), &ledger).before)
    #expect(third.count == 1 && third[0].contains("\(number),"), "a number that is free is taken again")
    #expect(Self.keys(ledger.farewell).count == 1)
    #expect(Self.keys(Self.show(Self.canvas([]), &ledger).before) == ["a=d,d=I,\(number),q=2"])
    #expect(ledger.farewell.isEmpty)
  }

  @Test("Cells are placeholders with row and column where a run begins, and bare behind")
  func placeholders() throws {
    var ledger = Self.kitty()
    let canvas = Self.canvas([(Self.picture(1), 2, 3)], text: "ab")
    ledger.look(at: canvas, Self.size)
    func tile(_ row: Int, _ column: Int) -> PictureLedger.Tile? {
      ledger.tile(canvas[row, column], after: canvas[row, column - 1], row: row, column: column)
    }
    let start = try #require(tile(2, 3))
    #expect(start.glyph == 0x10EEEE && start.marks == (0x305, 0x305))
    #expect(try #require(tile(2, 4)).marks == (0, 0))
    #expect(tile(3, 4) == nil, "text lies over the picture")
    let behind = try #require(tile(3, 6))
    #expect(behind.marks == (0x30D, KittyGraphics.marks[3]))
    #expect(tile(2, 12) == nil && tile(1, 3) == nil)
  }

  @Test("The same picture twice on a screen has two numbers")
  func twice() {
    var ledger = Self.kitty()
    let picture = Self.picture(1)
    let keys = Self.keys(Self.show(Self.canvas([(picture, 0, 0), (picture, 5, 15)]), &ledger).before)
    #expect(keys.count == 2 && keys[0] != keys[1])
  }

  @Test("After the screen was lost everything is sent again, under the same numbers")
  func lost() {
    var ledger = Self.kitty()
    let canvas = Self.canvas([(Self.picture(1), 2, 3)])
    let first = Self.show(canvas, &ledger).before
    ledger.forget()
    #expect(Self.show(canvas, &ledger).before == first)
  }

  @Test("Pictures of other protocols are drawn behind the cells, and again where cells below them changed")
  func painted() {
    var sixel = PictureLedger(
      .sixel, cell: CellPixels(width: 6, height: 12), isDirect: true, isWrapped: false)
    let canvas = Self.canvas([(Self.picture(1), 2, 3)], text: "ab")
    let whole = Self.show(canvas, &sixel)
    #expect(whole.before.isEmpty)
    let text = String(decoding: whole.after, as: UTF8.self)
    #expect(text.hasPrefix("\u{1b}7\u{1b}[3;4H\u{1b}P0;1q\"1;1;54;48"))
    #expect(text.contains("\u{1b}[4;5H\u{1b}[0ma\u{1b}[0mb"), "text lies over the picture")
    #expect(text.hasSuffix("\u{1b}8"))
    #expect(Self.show(canvas, &sixel).after.isEmpty)
    #expect(Self.show(canvas, &sixel, changed: [8]).after.isEmpty)
    let part = String(decoding: Self.show(canvas, &sixel, changed: [3]).after, as: UTF8.self)
    #expect(part.hasPrefix("\u{1b}7\u{1b}[4;4H\u{1b}P0;1q\"1;1;54;12"))
  }

  @Test("Pictures that are cut off stay cells")
  func cut() {
    var ledger = Self.kitty()
    #expect(Self.show(Self.canvas([(Self.picture(1), 8, 3)]), &ledger).before.isEmpty)
    #expect(Self.show(Self.canvas([(Self.picture(1), 2, 25)]), &ledger).before.isEmpty)
    let canvas = Self.canvas([(Self.picture(1), 8, 3)])
    #expect(ledger.tile(canvas[8, 3], after: nil, row: 8, column: 3) == nil)
  }
}
