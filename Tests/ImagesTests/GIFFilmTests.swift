import Foundation
import Testing

@testable import Images

@Suite("Films in GIF")
struct GIFFilmTests {
  /// A square of one colour that moves over another one.
  private func frame(_ place: Int) -> Picture {
    var bytes: [UInt8] = []
    for row in 0..<20 {
      for column in 0..<30 {
        bytes += (row / 5 == 1 && column / 5 == place) ? [200, 30, 30] : [20, 60, 120]
      }
    }
    return Picture(width: 30, height: 20, channels: 3, bytes: bytes)
  }

  @Test("A film has all frames, for ever, and the first reads back with its colours")
  func film() throws {
    let film = GIFFilm((0..<4).map { (picture: frame($0), seconds: 0.5) })
    let bytes = try #require(film.encoded())
    #expect(bytes.starts(with: Array("GIF89a".utf8)) && bytes.last == 0x3B)
    // A graphic control extension for each frame, with its delay of 50 hundredths.
    let control: [UInt8] = [0x21, 0xF9, 4, 4, 50, 0]
    let starts = bytes.indices.filter { bytes[$0...].starts(with: control) }
    #expect(starts.count == 4)
    #expect(String(decoding: bytes, as: UTF8.self).contains("NETSCAPE2.0"))
    let first = try GIF.decode(bytes, "film.gif").picture
    #expect(first.width == 30 && first.height == 20)
    for (a, b) in zip(first.bytes, frame(0).bytes) { #expect(abs(Int(a) - Int(b)) <= 8) }
  }

  @Test("No frame is no film")
  func empty() { #expect(GIFFilm([]).encoded() == nil) }
}
