internal import Foundation
internal import Networks
internal import ONNX
internal import Tensors
internal import TestSupport
internal import Testing

/// Whatever the bytes, a model opens or is refused; a trap would end the test program.
@Suite("Damaged files")
struct DamagedFileTests {
  /// Opens, inspects and evaluates; false where the bytes are refused.
  private func opens(_ bytes: [UInt8]) throws -> Bool {
    do {
      let file = try ModelFile(bytes: Data(bytes), path: Fixtures.path("damaged"))
      #expect(file.inspection(profile: Profile()).format == "ONNX")
      let network = try file.classifier(profile: Profile(crop: 8)).network
      if network.multiplyAdds < 10_000_000, network.imageShape.count < 100_000 {
        _ = try network.logits(Tensor(zeros: network.imageShape))
      }
      return true
    } catch is ModelError {
      return false
    }
  }

  @Test("a truncated model is refused", arguments: ["convnet", "old", "tokens"])
  func truncated(name: String) throws {
    let bytes = try [UInt8](Fixtures.bytes(name))
    for end in stride(from: 0, to: bytes.count, by: 11) {
      #expect(try !opens(Array(bytes[..<end])))
    }
  }

  @Test(
    "flipped bits never trap",
    arguments: ["convnet", "old", "channels_last", "flat", "tokens", "halves"])
  func flipped(name: String) throws {
    let original = try [UInt8](Fixtures.bytes(name))
    var generator = SeededGenerator(seed: 11)
    var opened = 0
    for _ in 0..<300 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: bytes.indices, using: &generator)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      if try opens(bytes) { opened += 1 }
    }
    #expect(opened < 300)
  }

  @Test(
    "small changes of the numbers in a graph never trap", arguments: ["convnet", "old", "tokens", "flat"])
  func changedNumbers(name: String) throws {
    let original = try [UInt8](Fixtures.bytes(name))
    var generator = SeededGenerator(seed: 13)
    for _ in 0..<300 {
      var bytes = original
      let place = Int.random(in: bytes.indices, using: &generator)
      bytes[place] = [0, 1, 0x7f, 0x80, 0xff, bytes[place] &+ 1][Int.random(in: 0..<6, using: &generator)]
      _ = try opens(bytes)
    }
  }

  @Test("random bytes are refused")
  func random() throws {
    var generator = SeededGenerator(seed: 12)
    for count in 0..<400 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(try !opens(bytes))
    }
  }
}
