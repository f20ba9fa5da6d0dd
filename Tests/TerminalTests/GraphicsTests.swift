import Drawing
import Foundation
import Testing

@testable import Images
@testable import Terminal

@Suite("Pictures as sequences")
struct GraphicsTests {
  /// Colours in blocks of 5×3, or every pixel another.
  private static func picture(colors: Int, cells: Size = Size(rows: 3, columns: 7)) -> PixelPicture {
    var image = RGBImage(width: 41, height: 29, fill: .black)
    for pixel in 0..<41 * 29 {
      let block = pixel / 41 / 3 * 9 + pixel % 41 / 5
      let number = (colors > 256 ? pixel : block) % colors
      image.bytes[3 * pixel] = UInt8(number * 37 % 251)
      image.bytes[3 * pixel + 1] = UInt8(number * 91 % 241)
      image.bytes[3 * pixel + 2] = UInt8(number % 256)
    }
    return PixelPicture(image, cells: cells)
  }

  private static func decoded(_ base64: String) throws -> [UInt8] {
    let file = try #require(Data(base64Encoded: base64))
    let picture = try PNG.decode(Array(file), "picture").picture
    #expect(picture.channels == 3)
    return picture.bytes
  }

  /// The keys and the payload of each of kitty's commands.
  static func commands(_ bytes: [UInt8]) -> [(keys: String, data: String)] {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: "\u{1b}_G").dropFirst().map { part in
      let body = part.components(separatedBy: "\u{1b}\\")[0].split(separator: ";", maxSplits: 1)
      return (String(body[0]), body.count > 1 ? String(body[1]) : "")
    }
  }

  @Test("kitty's chunks hold the picture's very pixels, at any number of colours", arguments: [2, 60, 1000])
  func kitty(colors: Int) throws {
    let picture = Self.picture(colors: colors)
    let commands = Self.commands(KittyGraphics.transmit(picture, number: 300, isWrapped: false))
    #expect(commands[0].keys.hasPrefix("a=T,U=1,i=300,f=100,c=7,r=3,q=2,m="))
    #expect(commands.allSatisfy { $0.data.utf8.count <= 4096 })
    #expect(commands.last?.keys.hasSuffix("m=0") == true)
    #expect(commands.dropLast().allSatisfy { $0.keys.hasSuffix("m=1") })
    #expect(try Self.decoded(commands.map(\.data).joined()) == picture.image.bytes)
  }

  @Test("Through tmux every escape byte of a command is doubled")
  func wrapped() {
    let bytes = KittyGraphics.delete(7, isWrapped: true)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "\u{1b}Ptmux;\u{1b}\u{1b}_Ga=d,d=I,i=7,q=2\u{1b}\u{1b}\\\u{1b}\\")
  }

  @Test("The protocol has 297 marks, all above a letter and none twice")
  func marks() {
    #expect(KittyGraphics.marks.count == 297)
    #expect(Set(KittyGraphics.marks).count == 297)
    #expect(KittyGraphics.marks == KittyGraphics.marks.sorted())
    for mark in KittyGraphics.marks {
      let properties = Unicode.Scalar(mark)!.properties
      #expect(properties.canonicalCombiningClass.rawValue == 230, "\(String(mark, radix: 16))")
    }
  }

  @Test("iTerm2's inline image is the picture, scaled to its cells", arguments: [2, 1000])
  func inline(colors: Int) throws {
    let picture = Self.picture(colors: colors)
    let text = String(decoding: InlineImage.sequence(picture), as: UTF8.self)
    #expect(text.hasPrefix("\u{1b}]1337;File=inline=1;width=7;height=3;preserveAspectRatio=0;size="))
    #expect(text.hasSuffix("\u{7}"))
    let data = try #require(text.dropLast().components(separatedBy: ":").last)
    #expect(text.contains("size=\(try #require(Data(base64Encoded: data)).count);"))
    #expect(try Self.decoded(data) == picture.image.bytes)
  }

  @Test(
    "Sixel rebuilds the picture at the size of its cells, whole and in parts",
    arguments: [0..<60, 20..<40, 7..<60])
  func sixel(rows: Range<Int>) throws {
    let picture = Self.picture(colors: 60)
    let cell = CellPixels(width: 10, height: 20)
    let drawing = try SixelDrawing(Sixel(picture, cell: cell).sequence(rows: rows))
    #expect((drawing.width, drawing.height) == (70, rows.count))
    for (y, row) in rows.enumerated() {
      for x in 0..<70 {
        let source = 3 * (row * 29 / 60 * 41 + x * 41 / 70)
        let wanted = picture.image.bytes[source..<source + 3].map { (Int($0) * 100 + 127) / 255 }
        #expect(drawing[y, x] == wanted)
      }
    }
  }

  @Test("A picture of more colours than sixel has comes near")
  func reduced() throws {
    let picture = Self.picture(colors: 1000)
    let drawing = try SixelDrawing(Sixel(picture, cell: CellPixels(width: 10, height: 20)).sequence)
    var error = 0
    for y in 0..<60 {
      for x in 0..<70 {
        let source = 3 * (y * 29 / 60 * 41 + x * 41 / 70)
        let wanted = picture.image.bytes[source..<source + 3].map { (Int($0) * 100 + 127) / 255 }
        error += zip(wanted, try #require(drawing[y, x])).reduce(0) { $0 + abs($1.0 - $1.1) }
      }
    }
    #expect(Double(error) / Double(60 * 70 * 3) < 5)
  }

  /// A bent boundary with some waves.
  private static func margin(_ s: Float, _ t: Float) -> Float {
    let radius = (s * s + t * t).squareRoot()
    return radius - 2 + 0.7 * sin(3 * s)
  }

  /// A field with more edges than sections of networks have.
  @Test("A section's frame is at most 6 kB in kitty's protocol")
  func size() throws {
    let axis = (0..<65).map { Float($0) / 8 - 4 }
    let values = axis.flatMap { t in axis.map { s in Self.margin(s, t) } }
    let field = Field(columns: axis, rows: axis, values: values, labels: values.map { $0 < 0 ? 3 : 8 })
    var appearance = Appearance(colors: .direct, glyphs: .blocks)
    appearance.pixels = CellPixels(width: 10, height: 20, enlargement: 2)
    for mode in Heatmap.Mode.allCases {
      var canvas = Canvas(Size(rows: 28, columns: 58), appearance: appearance)
      Heatmap(field, mode: mode).draw(on: &canvas)
      let tile = try #require(canvas.cells.lazy.compactMap(\.tile).first)
      let picture = try #require(canvas.picture(of: tile))
      let bytes = KittyGraphics.transmit(picture, number: 300, isWrapped: false).count
      #expect(bytes <= (mode == .labels ? 4096 : 8192), "\(mode): \(bytes) bytes")
    }
  }
}

/// A decoder of sixel graphics, written from their description alone: DEC STD 070.
struct SixelDrawing {
  let width: Int
  let height: Int
  private var pixels: [[Int]?]

  struct Malformed: Error {}

  init(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("\u{1b}P0;1q\""), text.hasSuffix("\u{1b}\\") else { throw Malformed() }
    var rest = Array(text.dropFirst(7).dropLast(2).utf8)[...]
    func number() -> Int {
      var value = 0
      while let digit = rest.first, (48...57).contains(digit) {
        value = 10 * value + Int(digit) - 48
        rest.removeFirst()
      }
      return value
    }
    func numbers() -> [Int] {
      var all = [number()]
      while rest.first == UInt8(ascii: ";") {
        rest.removeFirst()
        all.append(number())
      }
      return all
    }
    let size = numbers()
    (width, height) = (size[2], size[3])
    pixels = [[Int]?](repeating: nil, count: width * height)
    var colors: [Int: [Int]] = [:]
    var (x, top, color) = (0, 0, 0)
    while let character = rest.popFirst() {
      switch character {
      case UInt8(ascii: "#"):
        let values = numbers()
        color = values[0]
        if values.count == 5 { colors[color] = Array(values[2...]) }
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"): (x, top) = (0, top + 6)
      case UInt8(ascii: "!"):
        let count = number()
        guard let mask = rest.popFirst() else { throw Malformed() }
        for _ in 0..<count { try Self.set(&pixels, mask, &x, top, colors[color], width, height) }
      case 63...126: try Self.set(&pixels, character, &x, top, colors[color], width, height)
      default: throw Malformed()
      }
    }
  }

  private static func set(
    _ pixels: inout [[Int]?], _ character: UInt8, _ x: inout Int, _ top: Int, _ color: [Int]?, _ width: Int,
    _ height: Int
  ) throws {
    for bit in 0..<6 where (character - 63) >> UInt8(bit) & 1 == 1 {
      guard x < width, top + bit < height, color != nil else { throw Malformed() }
      pixels[(top + bit) * width + x] = color
    }
    x += 1
  }

  subscript(row: Int, column: Int) -> [Int]? { pixels[row * width + column] }
}
