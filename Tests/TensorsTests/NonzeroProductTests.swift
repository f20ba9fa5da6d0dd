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

  @Test("Of two images alike or not the same", arguments: sizes)
  func twins(size: [Int]) {
    let bank = bank(size)
    let dense = PointwiseProduct(bank, .best, places: size[2])
    let nonzero = NonzeroProduct(bank, .best, places: size[2])!
    let bias = randomTensor([size[1]], seed: 4).elements
    let gates = [rectified([1, size[0], size[2]], seed: 6), rectified([1, size[0], size[2]], seed: 7)]
    let images = [randomTensor([1, size[0], size[2]], seed: 8), rectified([1, size[0], size[2]], seed: 9)]
    func channels(_ i: Int, gated: Bool, _ body: (PointwiseProduct.Channels) -> Void) {
      images[i].elements.withUnsafeBufferPointer { x in
        gates[i].elements.withUnsafeBufferPointer { gate in
          body(.init(x: x.baseAddress!, gate: gated ? gate.baseAddress : nil, step: size[2]))
        }
      }
    }
    for gated in [false, true] {
      let expected = (0..<2).map { i in
        Tensor(shape: [1, size[1], size[2]]) { out in
          channels(i, gated: gated) { dense.apply($0, start: bias, rectifies: true, into: out.baseAddress!) }
        }
      }
      let found = Tensor(shape: [2, size[1], size[2]]) { out in
        channels(0, gated: gated) { own in
          channels(1, gated: gated) { twin in
            nonzero.apply(
              own, twin: twin, start: bias, rectifies: true, into: out.baseAddress!,
              pitch: size[1] * size[2])
          }
        }
      }
      #expect(found == Tensor(concatenating: expected))
    }
  }

  @Test("A correlation gives every image of a batch what it gives it alone, twins among them")
  func batches() {
    let weights = randomTensor([96, 64, 1, 1], seed: 1)
    let correlation = Correlation(weights: weights, window: Window(kernel: [1, 1]))
    let first = rectified([1, 64, 16, 16], seed: 2)
    let moved = rectified([1, 64, 16, 16], seed: 2, above: 0.02)
    let x = Tensor(concatenating: [first, moved, rectified([1, 64, 16, 16], seed: 3), first, first])
    let y = correlation.apply(x)
    for n in 0..<5 { #expect(correlation.apply(x.entry(n)) == y.entry(n)) }
    let v = randomTensor(y.shape, seed: 4)
    let back = correlation.adjoint(v, through: .rectifier(rectified(y.shape, seed: 5)), to: x.shape)
    let gates = rectified(y.shape, seed: 5)
    #expect(back == correlation.adjoint(gated(v, by: gates), to: x.shape))
  }

  @Test("Nothing but zeros leaves the bias")
  func nothing() {
    let size = Self.sizes[2]
    expectEqual(size, Tensor(zeros: [1, size[0], size[2]]), bias: randomTensor([size[1]], seed: 4).elements)
  }

  @Test("Correlations take it for enough zeros and outputs")
  func choice() {
    func pays(_ size: [Int], _ share: Double) -> Bool {
      NonzeroProduct(bank(size), .best, places: size[2])!.pays(listed: share)
    }
    #expect(pays([192, 160, 256], 0.5))
    #expect(!pays([192, 160, 256], 0.9))
    #expect(!pays([192, 40, 256], 0.5))
    #expect(pays([192, 192, 48], 0.6))
    #expect(!pays([192, 192, 49], 0.6))
    #expect(NonzeroProduct(bank([8, 64, 64]), .best, places: 64) == nil)
    #expect(NonzeroProduct(bank([64, 8, 64]), .best, places: 64) == nil)
    #expect(NonzeroProduct(bank([64, 64, 9]), .best, places: 9) == nil)
  }
}
