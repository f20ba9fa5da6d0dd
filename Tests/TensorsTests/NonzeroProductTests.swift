import TestSupport
import Testing

@testable import Tensors

@Suite(.enabled(if: Kernels.best.nonzeros != nil, "this processor has no fast lists"))
struct NonzeroProductTests {
  /// Channels in, channels out, places: whole squares of places and panels, parts of them, several panels and blocks.
  static let sizes: [[Int]] = [
    [16, 32, 16], [192, 160, 256], [37, 45, 81], [100, 200, 33], [600, 70, 100],
  ]

  private func bank(_ size: [Int]) -> FilterBank {
    FilterBank(
      weights: randomTensor([size[1], size[0]], seed: 1).elements, groups: 1, rows: size[1], depth: size[0],
      taps: [0], groupStride: 0, rowStride: size[0], depthStride: 1)
  }

  /// Sums of images with a gate each of `period`, or without any.
  private func sums(
    _ size: [Int], _ x: Tensor, gate: Tensor?, bias: [Float]?, rectifies: Bool,
    by apply: (
      PointwiseProduct.Channels, UnsafePointer<Float>?, Bool, UnsafeMutablePointer<Float>
    ) -> Void
  ) -> Tensor {
    let (count, period) = (x.shape[0], gate?.shape[0] ?? x.shape[0])
    return Tensor(shape: [count, size[1], size[2]]) { out in
      x.elements.withUnsafeBufferPointer { x in
        (gate?.elements ?? []).withUnsafeBufferPointer { gates in
          (bias ?? []).withUnsafeBufferPointer { bias in
            for n in 0..<period {
              let first = n * size[0] * size[2]
              let channels = PointwiseProduct.Channels(
                x: x.baseAddress! + first, gate: gate == nil ? nil : gates.baseAddress! + first,
                step: size[2], count: count / period, period: period)
              apply(
                channels, bias.isEmpty ? nil : bias.baseAddress, rectifies,
                out.baseAddress! + n * size[1] * size[2])
            }
          }
        }
      }
    }
  }

  private func expectEqual(
    _ size: [Int], _ x: Tensor, gate: Tensor? = nil, bias: [Float]? = nil, rectifies: Bool = false
  ) {
    let bank = bank(size)
    let dense = PointwiseProduct(bank, .best, places: size[2])
    let nonzero = NonzeroProduct(bank, .best, places: size[2])!
    let expected = sums(size, x, gate: gate, bias: bias, rectifies: rectifies) {
      channels, start, rectifies, y in
      for i in 0..<channels.count {
        dense.apply(
          channels[i, size: size[0] * size[2]], start: start, rectifies: rectifies,
          into: y + i * channels.period * size[1] * size[2])
      }
    }
    let found = sums(size, x, gate: gate, bias: bias, rectifies: rectifies) {
      nonzero.apply($0, start: $1, rectifies: $2, into: $3)
    }
    #expect(found == expected)
    #expect(found.norm > 0)
  }

  /// Normal numbers, of which those below a bound are zero.
  private func rectified(_ shape: Shape, seed: UInt64, above bound: Float = 0) -> Tensor {
    let x = randomTensor(shape, seed: seed)
    return Tensor(shape: shape, elements: x.elements.map { $0 > bound ? $0 : 0 })
  }

  @Test("To the bit the product with all inputs, whatever their share", arguments: sizes)
  func images(size: [Int]) {
    for bound: Float in [-10, 0, 1, 3] {
      let x = rectified([2, size[0], size[2]], seed: 2, above: bound)
      expectEqual(size, x, bias: randomTensor([size[1]], seed: 4).elements)
      expectEqual(size, x, bias: randomTensor([size[1]], seed: 4).elements, rectifies: true)
    }
  }

  @Test("Behind a gate too, of one cotangent or many", arguments: sizes)
  func cotangents(size: [Int]) {
    let gate = rectified([2, size[0], size[2]], seed: 3)
    for batches in [1, 2, 5, 9, 14, 15] {
      let x = randomTensor([2 * batches, size[0], size[2]], seed: 5)
      expectEqual(size, x, gate: gate)
    }
  }

  @Test("Nothing but zeros leaves the bias")
  func nothing() {
    let size = Self.sizes[2]
    expectEqual(size, Tensor(zeros: [1, size[0], size[2]]), bias: randomTensor([size[1]], seed: 4).elements)
  }

  @Test("Correlations take it for enough zeros and outputs")
  func choice() {
    func pays(_ size: [Int], _ share: Double) -> Bool {
      NonzeroProduct(bank(size), .best, places: size[2])!.pays(share: share)
    }
    #expect(pays([192, 160, 256], 0.5))
    #expect(!pays([192, 160, 256], 0.9))
    #expect(!pays([192, 40, 256], 0.5))
    #expect(pays([192, 192, 48], 0.5))
    #expect(!pays([192, 192, 49], 0.5))
    #expect(NonzeroProduct(bank([8, 64, 64]), .best, places: 64) == nil)
    #expect(NonzeroProduct(bank([64, 8, 64]), .best, places: 64) == nil)
    #expect(NonzeroProduct(bank([64, 64, 9]), .best, places: 9) == nil)
  }
}
