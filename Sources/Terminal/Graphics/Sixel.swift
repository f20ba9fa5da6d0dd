internal import Drawing

/// Sixel graphics: bands of six rows, each colour of a band in a run of characters.
///
/// Written here, as the pictures have their palettes already and no colour is to be changed; libsixel's work is to
/// find palettes.
struct Sixel {
  private let picture: IndexedPicture
  private let scale: (width: Int, height: Int)
  private let size: (width: Int, height: Int)

  /// Enlarges the picture to cells of so many pixels.
  init(_ picture: PixelPicture, cell: CellPixels) {
    self.picture = IndexedPicture(picture.image) ?? IndexedPicture(reducing: picture.image)
    scale = (picture.image.width, picture.image.height)
    size = (picture.cells.columns * cell.width, picture.cells.rows * cell.height)
  }

  /// The sequence for some of the picture's rows of pixels, drawn from the cursor on; pixels below are left alone.
  func sequence(rows: Range<Int>) -> [UInt8] {
    var bytes = Array("\u{1b}P0;1q\"1;1;\(size.width);\(rows.count)".utf8)
    for color in 0..<picture.palette.count / 3 {
      let part = picture.palette[3 * color..<3 * color + 3].map { (Int($0) * 100 + 127) / 255 }
      bytes += Array("#\(color);2;\(part[0]);\(part[1]);\(part[2])".utf8)
    }
    for top in stride(from: rows.lowerBound, to: rows.upperBound, by: 6) {
      band(top..<min(rows.upperBound, top + 6), &bytes)
      bytes.append(UInt8(ascii: "-"))
    }
    return bytes + [0x1b, UInt8(ascii: "\\")]
  }

  /// All rows.
  var sequence: [UInt8] { sequence(rows: 0..<size.height) }

  private func band(_ rows: Range<Int>, _ bytes: inout [UInt8]) {
    // A line of masks for each colour that the band has.
    var lines = [Int](repeating: -1, count: 256)
    var colors: [UInt8] = []
    var masks: [UInt8] = []
    for (bit, row) in rows.enumerated() {
      let line = row * scale.height / size.height * scale.width
      for column in 0..<size.width {
        let color = picture.indices[line + column * scale.width / size.width]
        if lines[Int(color)] < 0 {
          lines[Int(color)] = masks.count
          colors.append(color)
          masks += [UInt8](repeating: 0, count: size.width)
        }
        masks[lines[Int(color)] + column] |= 1 << UInt8(bit)
      }
    }
    for (i, color) in colors.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: "$")) }
      bytes += Array("#\(color)".utf8)
      runs(masks[i * size.width..<(i + 1) * size.width], &bytes)
    }
  }

  /// Equal characters in a row as a count and one of them; blanks at the end are left out.
  private func runs(_ mask: ArraySlice<UInt8>, _ bytes: inout [UInt8]) {
    let end = mask.lastIndex { $0 != 0 }.map { $0 + 1 } ?? mask.startIndex
    var start = mask.startIndex
    while start < end {
      var next = start + 1
      while next < end, mask[next] == mask[start] { next += 1 }
      let character = mask[start] + 63
      if next - start > 3 {
        bytes += Array("!\(next - start)".utf8) + [character]
      } else {
        bytes += [UInt8](repeating: character, count: next - start)
      }
      start = next
    }
  }
}
