internal import Drawing
internal import Explorer
internal import Foundation
internal import ONNX
internal import Terminal

enum TextTrial {
  static func profile(_ bytes: [UInt8]) {
    _ = Scratch.file("p.json", bytes)
    _ = try? Profile(besideModelAt: Scratch.folder + "/p.onnx")
    _ = ClassNames.read(Scratch.file("labels.txt", bytes))
  }

  static func script(_ bytes: [UInt8]) {
    guard let script = try? Script(String(decoding: bytes, as: UTF8.self), name: "x") else { return }
    try? script.checkTour()
    var explorer = Explorer(appearance: .plain)
    explorer.play(script)
    _ = explorer.update(.input(.resized(Size(rows: 24, columns: 80))))
    _ = explorer.update(.begun)
    for _ in 0..<64 { _ = explorer.update(.tick(seconds: 0.5)) }
    if explorer.size.rows <= 500, explorer.size.columns <= 500 { _ = explorer.view(explorer.size) }
  }

  static func terminal(_ bytes: [UInt8]) {
    var decoder = KeyDecoder()
    var explorer = Explorer(appearance: .plain)
    if bytes.first.map({ $0 & 1 == 1 }) == true { decoder.awaitAnswer() }
    for (i, byte) in bytes.enumerated() {
      // Zero ends a burst of bytes; key codes of ncurses lie above them.
      let code = i % 31 == 30 ? 256 + Int32(byte) : Int32(byte)
      let input = byte == 0 ? decoder.finish() : decoder.decode(code)
      if let input { _ = explorer.update(.input(input)) }
    }
    if let input = decoder.finish() { _ = explorer.update(.input(input)) }
    _ = explorer.view(Size(rows: 24, columns: 80))
  }
}
