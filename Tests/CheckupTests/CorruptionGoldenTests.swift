import Foundation
import Tensors
import Testing

@testable import Checkup

/// Corruptions beside those of the package that has ImageNet-C's functions: `Tests/Golden/corruptions.py` made the file.
@Suite("Corruptions and the published ones")
struct CorruptionGoldenTests {
  struct Case: Decodable, Sendable {
    var name: String
    var severity: Int
    var height: Int
    var width: Int
    /// Root mean square change, of a grey image where it is random.
    var change: Double
    var pixels: [Double]?
  }

  static let cases: [Case] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/corruptions.json")
    return (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: path))) ?? []
  }()

  /// The image that the script draws, bytes as pixels.
  private func drawn(_ one: Case) -> Tensor {
    Tensor(shape: [1, 3, one.height, one.width]) { out in
      for c in 0..<3 {
        for row in 0..<one.height {
          for column in 0..<one.width {
            let byte = (row * row / 3 + 3 * column * (c + 1) + row * column / 4) % 256
            out[(c * one.height + row) * one.width + column] = Float(byte) / 255
          }
        }
      }
    }
  }

  @Test("Every kind has five severities on both sizes") func whole() {
    #expect(Self.cases.count == 2 * Alteration.corruptions.count)
  }

  @Test("What is not random has the same pixels", arguments: cases.filter { $0.pixels != nil })
  func pixels(one: Case) throws {
    let kind = try #require(Alteration.Corruption(rawValue: one.name))
    let x = drawn(one)
    let made = Alteration.corruption(kind, severity: one.severity)(x)
    let (height, width) = (one.height, one.width)
    let places = [(0, 0, 0), (5, 7, 1), (height - 1, width - 1, 2), (height / 2, 3, 0), (9, width / 2, 2)]
    // Pictures of bytes may be rounded either way.
    let tolerance = kind == .jpeg || kind == .pixelate ? 1.01 / 255 : 2e-6
    for (place, pixel) in zip(places, try #require(one.pixels)) {
      let found = made.elements[(place.2 * height + place.0) * width + place.1]
      #expect(abs(Double(found) - pixel) < tolerance, "\(place): \(found), \(pixel)")
    }
    let change = norm((made - x).elements) / Double(x.elements.count).squareRoot()
    #expect(abs(change - one.change) < 0.002 * one.change + 1e-6, "\(change), \(one.change)")
  }

  @Test("Noise is as strong", arguments: cases.filter { $0.pixels == nil })
  func noise(one: Case) throws {
    let kind = try #require(Alteration.Corruption(rawValue: one.name))
    let grey = Tensor(repeating: 128.0 / 255, shape: [32, 3, one.height, one.width])
    let made = Alteration.corruption(kind, severity: one.severity)(grey)
    let change = norm((made - grey).elements) / Double(grey.elements.count).squareRoot()
    #expect(abs(change - one.change) < 0.02 * one.change, "\(change), \(one.change)")
  }
}
