import TestSupport
import Testing

@testable import Tensors

@Suite struct MinimalFilteringTests {
  /// Extent of the filters, channels in and out, images, rows: planes of whole tiles, of parts of tiles, and many
  /// images to a block of tiles; few channels, tiles by twos and one over.
  static let sizes: [[Int]] = [
    [3, 32, 32, 3, 16], [3, 16, 40, 2, 11], [3, 24, 70, 9, 4], [5, 32, 32, 3, 16], [5, 16, 20, 2, 10],
    [5, 40, 33, 5, 8], [3, 64, 64, 1, 32], [5, 3, 40, 2, 16], [5, 1, 20, 3, 9], [3, 4, 33, 3, 11],
  ]

  private func filters(_ size: [Int]) -> (weights: Tensor, window: Window) {
    let pad = size[0] / 2
    let deviation = (2 / Float(size[1] * size[0] * size[0])).squareRoot()
    return (
      randomTensor([size[2], size[1], size[0], size[0]], seed: 1, deviation: deviation),
      Window(kernel: [size[0], size[0]], before: [pad, pad], after: [pad, 0])
    )
  }

  @Test("Equal to the definition in every instruction set, whatever the batch", arguments: sizes)
  func definition(size: [Int]) {
    let (weights, window) = filters(size)
    let x = randomTensor([size[3], size[1], size[4], size[4] + 1], seed: 2)
    let bias = randomTensor([size[2]], seed: 4).elements
    let expected = Reference.convolution(x, weights: weights, bias: bias, window: window, groups: 1)
    for kernels in Kernels.available {
      let correlation = Correlation(weights: weights, window: window, kernels: kernels)
      let y = correlation.apply(x, bias: bias)
      #expect(near(y, expected, 1e-5), "\(kernels.name)")
      let back = correlation.adjoint(y, to: x.shape)
      let forward = correlation.apply(x)
      #expect(abs(forward.dot(y) - x.dot(back)) < 1e-5 * forward.norm * y.norm, "\(kernels.name)")
      for n in 0..<size[3] {
        #expect(correlation.apply(x.entry(n), bias: bias) == y.entry(n), "\(kernels.name)")
        #expect(correlation.adjoint(y.entry(n), to: x.entry(n).shape) == back.entry(n), "\(kernels.name)")
      }
    }
  }

  @Test(
    "The adjoint to few channels is the convolution with the filters turned round",
    arguments: [1, 2, 3, 4, 5, 8], [3, 5])
  func few(channels: Int, extent: Int) {
    let (weights, window) = filters([extent, channels, 33])
    let square = Window(kernel: window.kernel, before: window.before, after: window.before)
    let turned = Tensor(shape: [channels, 33, extent, extent]) { out in
      for i in out.indices {
        let (tap, o, c) = (i % (extent * extent), i / (extent * extent) % 33, i / (extent * extent) / 33)
        out[i] = weights.elements[(o * channels + c + 1) * extent * extent - 1 - tap]
      }
    }
    for side in [8, 16] {
      let y = randomTensor([5, 33, side, side], seed: 3)
      let shape: Shape = [5, channels, side, side]
      let expected = Reference.convolution(y, weights: turned, bias: nil, window: square, groups: 1)
      for kernels in Kernels.available {
        let correlation = Correlation(weights: weights, window: square, kernels: kernels)
        let back = correlation.adjoint(y, to: shape)
        #expect(near(back, expected, 1e-5), "\(kernels.name)")
        for n in 0..<5 {
          #expect(correlation.adjoint(y.entry(n), to: shape.batch(of: 1)) == back.entry(n))
        }
      }
    }
  }

  @Test("A rectifier and a maximum in one with it equal those after it", arguments: sizes)
  func fused(size: [Int]) {
    let (weights, _) = filters(size)
    let pad = size[0] / 2
    let window = Window(kernel: [size[0], size[0]], before: [pad, pad], after: [pad, pad])
    let correlation = Correlation(weights: weights, window: window)
    let x = randomTensor([size[3], size[1], size[4], size[4]], seed: 2)
    let bias = randomTensor([size[2]], seed: 4).elements
    let rectified = correlation.apply(x, bias: bias, rectifies: true)
    let plain = correlation.apply(x, bias: bias)
    #expect(rectified == gated(plain, by: plain))
    let pooling = Pooling(
      Window(kernel: [2, 2], strides: [2, 2]), height: size[4], width: size[4], roundsUp: false)
    let found = correlation.apply(x, bias: bias, rectifies: true, pooling: pooling, recordsTaps: true)
    #expect(near(found.maxima, pooling.maxima(rectified), 1e-5))
    #expect(near(pooling.pick(rectified, taps: found.taps), found.maxima, 1e-5))
  }

  @Test("Maxima over equal patches take the first, at the edges of flat areas too", arguments: [3, 5])
  func ties(extent: Int) {
    let (weights, _) = filters([extent, 32, 32])
    let pad = extent / 2
    let window = Window(kernel: [extent, extent], before: [pad, pad], after: [pad, pad])
    var x = randomTensor([1, 32, 16, 16], seed: 2)
    // Rows 3 … 13 and columns 5 … 14 of every channel are flat.
    for i in x.elements.indices where (3...13).contains(i / 16 % 16) && (5...14).contains(i % 16) {
      x.elements[i] = x.elements[i / 256 * 256 + 100]
    }
    let pooling = Pooling(Window(kernel: [2, 2], strides: [2, 2]), height: 16, width: 16, roundsUp: false)
    let found = Correlation(weights: weights, window: window).apply(
      x, rectifies: false, pooling: pooling, recordsTaps: true)
    var flat = 0
    for o in 0..<32 {
      for i in 0..<8 where 2 * i - pad >= 3 && 2 * i + 1 + pad <= 13 {
        for j in 0..<8 where 2 * j - pad >= 5 && 2 * j + 1 + pad <= 14 {
          #expect(found.taps[(o * 8 + i) * 8 + j] == 0, "filter \(o), place \(i), \(j)")
          flat += 1
        }
      }
    }
    #expect(flat > 32)
  }

  @Test(
    "Of two equal patches under a maximum the first is taken where only two are equal", arguments: [3, 5])
  func stripes(extent: Int) {
    let (weights, _) = filters([extent, 16, 40])
    let pad = extent / 2
    let window = Window(kernel: [extent, extent], before: [pad, pad], after: [pad, pad])
    var x = randomTensor([2, 16, 16, 16], seed: 2)
    // From column 4 to 13 all rows are flat, so that neighbours across are equal, and those below are not.
    for i in x.elements.indices where (4...13).contains(i % 16) { x.elements[i] = x.elements[i / 16 * 16] }
    let pooling = Pooling(Window(kernel: [2, 2], strides: [2, 2]), height: 16, width: 16, roundsUp: false)
    for kernels in Kernels.available {
      let found = Correlation(weights: weights, window: window, kernels: kernels).apply(
        x, rectifies: false, pooling: pooling, recordsTaps: true)
      let inside = found.taps.indices.filter { (4 + pad...12 - pad).contains(2 * ($0 % 8)) }
      let flat = inside.map { found.taps[$0] }
      #expect(Set(flat) == [0, 2], "\(kernels.name)")
      #expect(Set(found.taps) == [0, 1, 2, 3])
    }
  }

  @Test(
    "Many channels are filtered by tiles, before a halving too, but not few, nor before overlapping windows")
  func choice() throws {
    let pooling = Pooling(Window(kernel: [2, 2], strides: [2, 2]), height: 16, width: 16, roundsUp: false)
    func tile(_ inputs: Int, _ outputs: Int, _ extent: Int, _ pooling: Pooling?) -> Int? {
      let taps = extent * extent
      let bank = FilterBank(
        weights: [], groups: 1, rows: outputs, depth: inputs, taps: Array(0..<taps), groupStride: 0,
        rowStride: inputs * taps, depthStride: taps)
      let shifts = (0..<taps).map { Slide.Shift(down: $0 / extent - 1, across: $0 % extent - 1) }
      return Kernels.best.minimalFiltering(TapGrid(shifts)!, bank, rows: 16, columns: 16, pooling: pooling)?.m
    }
    #expect(tile(64, 64, 5, nil) == 4)
    #expect(tile(64, 64, 5, pooling) == 4)
    #expect(tile(64, 64, 3, nil) == 4)
    #expect(tile(3, 64, 5, nil) == 4)
    #expect(tile(64, 64, 3, pooling) == 4)
    let overlapping = Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1])
    #expect(tile(64, 64, 5, Pooling(overlapping, height: 16, width: 16, roundsUp: false)) == nil)
    #expect(tile(1, 4, 3, nil) == nil)
    #expect(tile(64, 64, 7, nil) == nil)
  }
}
