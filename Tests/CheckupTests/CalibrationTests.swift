import Foundation
import Geometry
import Tensors
import Testing

@testable import Checkup

@Suite("Calibration")
struct CalibrationTests {
  /// Logits of two classes whose first has probability p: (log p/(1−p), 0).
  private func made(_ count: Int, scale: Float, seed: UInt64) -> ([Double], [Bool], [[Float]], [Int]) {
    var generator = SeededGenerator(seed: seed)
    var (p, right, logits, truth): ([Double], [Bool], [[Float]], [Int]) = ([], [], [], [])
    for _ in 0..<count {
      let z = Float(2 * generator.gaussian())
      let own = 1 / (1 + exp(-z))
      let k = generator.uniform() < Double(own) ? 0 : 1
      let shown = scale * z
      let label = shown > 0 ? 0 : 1
      let q = 1 / (1 + exp(-abs(shown)))
      p.append(Double(q))
      right.append(label == k)
      logits.append([shown, 0])
      truth.append(k)
    }
    return (p, right, logits, truth)
  }

  @Test(
    "The likeliest temperature is the factor that the logits were scaled by", arguments: [0.25, 1, 4, 100])
  func temperature(scale: Double) {
    let (p, right, logits, truth) = made(4000, scale: Float(scale), seed: 3)
    let found = Calibration(probabilities: p, isRight: right, logits: logits, truth: truth)
    #expect(abs(found.temperature / scale - 1) < 0.1)
  }

  @Test("Without the logits of all images, or with classes beyond them, there is no temperature to tell")
  func untold() {
    let (p, right) = ([0.9, 0.8], [true, false])
    for logits: [[Float]] in [[], [[1, 0]]] {
      #expect(Calibration(probabilities: p, isRight: right, logits: logits, truth: [0, 1]).temperature == 1)
    }
    let found = Calibration(probabilities: p, isRight: right, logits: [[1, 0], [1, 0]], truth: [7, -1])
    #expect(found.temperature == 1)
  }

  @Test("A calibrated model stays below what chance alone gives; one that is too sure does not")
  func error() {
    let (p, right, logits, truth) = made(3000, scale: 1, seed: 5)
    let sound = Calibration(probabilities: p, isRight: right, logits: logits, truth: truth)
    #expect(sound.error < 1.5 * sound.chance)
    let (q, sure, scaled, classes) = made(3000, scale: 6, seed: 5)
    let loud = Calibration(probabilities: q, isRight: sure, logits: scaled, truth: classes)
    #expect(loud.error > 3 * loud.chance)
    #expect(loud.excess > 0.05)
    #expect(loud.bins.reduce(0) { $0 + $1.count } == 3000)
  }

  @Test("By hand: two bins")
  func closed() {
    let found = Calibration(
      probabilities: [0.9, 0.9, 0.6, 0.6], isRight: [true, true, true, false],
      logits: [[0, 0], [0, 0], [0, 0], [0, 0]], truth: [0, 0, 0, 0])
    #expect(abs(found.error - (2 * 0.1 + 2 * 0.1) / 4) < 1e-12)
    #expect(abs(found.excess) < 1e-12)
  }
}
