internal import Drawing

/// kitty's graphics protocol: a picture is sent under a number, and cells with U+10EEEE show its parts.
///
/// The cell's foreground is the number, and marks on the character are the row and the column of the part; without
/// marks it is the part to the right of its neighbour's.
enum KittyGraphics {
  static let placeholder: UInt32 = 0x10EEEE
  /// Bytes of a chunk of base64, at most.
  private static let chunk = 4096

  /// Sends a picture and makes it ready for placeholders; one of the same number is replaced.
  ///
  /// No answer is asked for.
  static func transmit(_ picture: PixelPicture, number: Int, isWrapped: Bool) -> [UInt8] {
    let data = PictureFile.base64(picture.image).text
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: max(1, data.count), by: chunk) {
      let end = min(data.count, start + chunk)
      let more = end < data.count ? 1 : 0
      let keys =
        start == 0
        ? "a=T,U=1,i=\(number),f=100,c=\(picture.cells.columns),r=\(picture.cells.rows),q=2,m=\(more)"
        : "q=2,m=\(more)"
      bytes += command(Array((keys + ";").utf8) + data[start..<end], isWrapped: isWrapped)
    }
    return bytes
  }

  /// Forgets a picture.
  static func delete(_ number: Int, isWrapped: Bool) -> [UInt8] {
    command(Array("a=d,d=I,i=\(number),q=2".utf8), isWrapped: isWrapped)
  }

  private static func command(_ body: [UInt8], isWrapped: Bool) -> [UInt8] {
    let escape: [UInt8] = isWrapped ? [0x1b, 0x1b] : [0x1b]
    let inner = escape + [UInt8(ascii: "_"), UInt8(ascii: "G")] + body + escape + [UInt8(ascii: "\\")]
    return isWrapped ? Array("\u{1b}Ptmux;".utf8) + inner + Array("\u{1b}\\".utf8) : inner
  }

  /// The mark that stands for a row or a column; nil beyond the last.
  static func mark(_ number: Int) -> UInt32? { number < marks.count ? marks[number] : nil }

  /// The marks that the protocol numbers, in their order: those above a letter in Unicode 6 (class 230) that no other
  /// character is composed with.
  static let marks: [UInt32] = ranges.flatMap { Array($0) }

  private static let ranges: [ClosedRange<UInt32>] = [
    0x305...0x305, 0x30D...0x30E, 0x310...0x310, 0x312...0x312, 0x33D...0x33F, 0x346...0x346, 0x34A...0x34C,
    0x350...0x352, 0x357...0x357, 0x35B...0x35B, 0x363...0x36F, 0x483...0x487, 0x592...0x595, 0x597...0x599,
    0x59C...0x5A1, 0x5A8...0x5A9, 0x5AB...0x5AC, 0x5AF...0x5AF, 0x5C4...0x5C4, 0x610...0x617, 0x657...0x65B,
    0x65D...0x65E, 0x6D6...0x6DC, 0x6DF...0x6E2, 0x6E4...0x6E4, 0x6E7...0x6E8, 0x6EB...0x6EC, 0x730...0x730,
    0x732...0x733, 0x735...0x736, 0x73A...0x73A, 0x73D...0x73D, 0x73F...0x741, 0x743...0x743, 0x745...0x745,
    0x747...0x747, 0x749...0x74A, 0x7EB...0x7F1, 0x7F3...0x7F3, 0x816...0x819, 0x81B...0x823, 0x825...0x827,
    0x829...0x82D, 0x951...0x951, 0x953...0x954, 0xF82...0xF83, 0xF86...0xF87, 0x135D...0x135F,
    0x17DD...0x17DD, 0x193A...0x193A, 0x1A17...0x1A17, 0x1A75...0x1A7C, 0x1B6B...0x1B6B, 0x1B6D...0x1B73,
    0x1CD0...0x1CD2, 0x1CDA...0x1CDB, 0x1CE0...0x1CE0, 0x1DC0...0x1DC1, 0x1DC3...0x1DC9, 0x1DCB...0x1DCC,
    0x1DD1...0x1DE6, 0x1DFE...0x1DFE, 0x20D0...0x20D1, 0x20D4...0x20D7, 0x20DB...0x20DC, 0x20E1...0x20E1,
    0x20E7...0x20E7, 0x20E9...0x20E9, 0x20F0...0x20F0, 0x2CEF...0x2CF1, 0x2DE0...0x2DFF, 0xA66F...0xA66F,
    0xA67C...0xA67D, 0xA6F0...0xA6F1, 0xA8E0...0xA8F1, 0xAAB0...0xAAB0, 0xAAB2...0xAAB3, 0xAAB7...0xAAB8,
    0xAABE...0xAABF, 0xAAC1...0xAAC1, 0xFE20...0xFE26, 0x10A0F...0x10A0F, 0x10A38...0x10A38,
    0x1D185...0x1D189, 0x1D1AA...0x1D1AD, 0x1D242...0x1D244,
  ]
}
