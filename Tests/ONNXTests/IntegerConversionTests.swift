internal import Foundation
internal import Tensors
internal import Testing

/// Numbers of files become integers in one way, which does not trap.
@Suite("Integer conversion")
struct IntegerConversionTests {
  @Test("what no integer holds becomes the nearest one")
  func saturating() {
    #expect(Int(saturating: Float.nan) == 0)
    #expect(Int(saturating: Float.infinity) == .max && Int(saturating: -Double.infinity) == .min)
    #expect(Int(saturating: 3.4e38 as Float) == .max && Int(saturating: -1e300) == .min)
    #expect(Int(saturating: 2.9) == 2 && Int(saturating: -2.9 as Float) == -2)
    #expect(Int(saturating: 9_223_372_036_854_774_784.0) == 9_223_372_036_854_774_784)
  }

  @Test("nothing else makes integers of floats where files are read", arguments: ["ONNX", "Images"])
  func sources(module: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Sources/\(module)")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    #expect(!files.isEmpty)
    let trap = /\bInt\([^)]*(rounded|squareRoot|Float|Double|floor|ceil|0\.5)/
    // Scenes are drawn from the program's own numbers.
    for file in files where file.hasSuffix(".swift") && !file.hasPrefix("Shapes/") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for line in text.split(separator: "\n") where !line.contains("Int(saturating:") {
        #expect(line.firstMatch(of: trap) == nil, "\(file): \(line)")
      }
    }
  }
}
