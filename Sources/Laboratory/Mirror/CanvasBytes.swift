package import Drawing

/// A canvas as bytes, for another process of the same program: numbers in the machine's own order.
///
/// Pictures in pixels stay behind; the cells below them count.
package enum CanvasBytes {
  private static let magic: UInt32 = 0x4253_4d31
  private static let cellSize = 19
  private static let headSize = 16
  /// The largest screen that is taken, cells.
  private static let most = 1_000_000

  package static func encode(_ canvas: Canvas) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headSize + canvas.cells.count * cellSize)
    let look = canvas.appearance
    append(magic, &bytes)
    append(UInt32(canvas.size.rows), &bytes)
    append(UInt32(canvas.size.columns), &bytes)
    bytes += [
      UInt8(look.colors.rawValue), look.glyphs == .blocks ? 1 : 0, look.background == .dark ? 1 : 0, 0,
    ]
    for row in 0..<canvas.size.rows {
      for cell in canvas.shownCells(row: row) {
        append(cell.glyph.value, &bytes)
        append(cell.mark?.value ?? 0, &bytes)
        bytes.append(
          cell.style.rawValue | (cell.foreground == nil ? 0 : 64) | (cell.background == nil ? 0 : 128))
        for color in [cell.foreground, cell.background] { bytes += parts(color) }
      }
    }
    return bytes
  }

  private static func append(_ number: UInt32, _ bytes: inout [UInt8]) {
    withUnsafeBytes(of: number) { bytes += $0 }
  }

  private static func parts(_ color: Color?) -> [UInt8] {
    guard let color else { return [0, 0, 0, 0, 0] }
    return [color.red, color.green, color.blue, color.indexed, color.ansi]
  }

  /// Bytes of the canvas that begins here, head included; nil until the head is there, 0 where it is none.
  package static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= headSize else { return nil }
    let (rows, columns) = (Int(number(bytes, 4)), Int(number(bytes, 8)))
    guard number(bytes, 0) == magic, rows <= most, columns <= most, rows * columns <= most else { return 0 }
    return headSize + rows * columns * cellSize
  }

  /// The canvas; nil where the bytes are none.
  package static func decode(_ bytes: ArraySlice<UInt8>) -> Canvas? {
    guard let length = length(bytes), length > 0, bytes.count >= length else { return nil }
    let start = bytes.startIndex
    let size = Size(rows: Int(number(bytes, 4)), columns: Int(number(bytes, 8)))
    guard let level = Appearance.ColorLevel(rawValue: Int(bytes[start + 12])) else { return nil }
    var canvas = Canvas(
      size,
      appearance: Appearance(
        colors: level, glyphs: bytes[start + 13] == 1 ? .blocks : .ascii,
        background: bytes[start + 14] == 1 ? .dark : .light))
    for i in 0..<size.rows * size.columns {
      let at = start + headSize + i * cellSize
      guard let cell = cell(bytes[at..<at + cellSize]) else { return nil }
      canvas[i / size.columns, i % size.columns] = cell
    }
    return canvas
  }

  private static func cell(_ bytes: ArraySlice<UInt8>) -> Cell? {
    guard let glyph = Unicode.Scalar(number(bytes, 0)), let mark = Unicode.Scalar(number(bytes, 4)) else {
      return nil
    }
    let (flags, at) = (bytes[bytes.startIndex + 8], bytes.startIndex + 9)
    func color(_ at: Int) -> Color {
      Color(
        red: bytes[at], green: bytes[at + 1], blue: bytes[at + 2], indexed: bytes[at + 3], ansi: bytes[at + 4]
      )
    }
    var cell = Cell(
      glyph, foreground: flags & 64 == 0 ? nil : color(at),
      background: flags & 128 == 0 ? nil : color(at + 5),
      style: Style(rawValue: flags & 15))
    cell.mark = mark.value == 0 ? nil : mark
    return cell
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
  }
}
