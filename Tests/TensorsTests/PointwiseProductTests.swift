import TestSupport
import Testing

@testable import Tensors

@Suite struct PointwiseProductTests {
  /// Channels in, channels out, images, extent: whole blocks of places, parts of blocks, filters for a larger block, several
  /// groups of blocks.
  static let sizes: [[Int]] = [
    [3, 15, 2, 16], [96, 20, 2, 9], [5, 4, 3, 33], [420, 330, 1, 8], [40, 200, 2, 17], [192, 15, 1, 33],
  ]

  private func correlation(_ size: [Int], _ kernels: Kernels = .best) -> Correlation {
    let weights = randomTensor(
      [size[1], size[0], 1, 1], seed: 1, deviation: (1 / Float(size[0])).squareRoot())
    return Correlation(weights: weights, window: Window(kernel: [1, 1]), kernels: kernels)
  }

  private func image(_ size: [Int]) -> Tensor {
    randomTensor([size[2], size[0], size[3], size[3]], seed: 2)
  }

  @Test("Equal to the definition in every instruction set, one image as in any batch", arguments: sizes)
  func definition(size: [Int]) {
    let (x, bias) = (image(size), randomTensor([size[1]], seed: 4).elements)
    for kernels in Kernels.available {
      let correlation = correlation(size, kernels)
      let expected = Reference.convolution(
        x, weights: correlation.weights, bias: bias, window: correlation.window, groups: 1)
      let y = correlation.apply(x, bias: bias)
      #expect(near(y, expected, 2e-5), "\(kernels.name)")
      #expect(correlation.apply(x, bias: bias, rectifies: true) == gated(y, by: y), "\(kernels.name)")
      for n in 0..<size[2] { #expect(correlation.apply(x.entry(n), bias: bias) == y.entry(n)) }
    }
  }

  @Test("Through a rectifier cotangents come back as gated ones do, of several batches too", arguments: sizes)
  func rectified(size: [Int]) {
    let (correlation, x) = (correlation(size), image(size))
    let y = correlation.apply(x, rectifies: true)
    let w = randomTensor(y.shape.batch(of: 2 * size[2]), seed: 3)
    let twice = x.shape.batch(of: 2 * size[2])
    let back = correlation.adjoint(w, through: .rectifier(y), to: twice)
    #expect(back == correlation.adjoint(gated(w, by: y), to: twice))
    #expect(back.norm > 0)
  }

  @Test("Before a maximum and back through it the same as one after the other", arguments: sizes)
  func pooled(size: [Int]) {
    let (correlation, x) = (correlation(size), image(size))
    let y = correlation.apply(x, rectifies: true)
    for window in [
      Window(kernel: [2, 2], strides: [2, 2]),
      Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1]),
    ] {
      let pooling = Pooling(window, height: size[3], width: size[3], roundsUp: false)
      let found = correlation.apply(x, rectifies: true, pooling: pooling, recordsTaps: true)
      #expect(found.maxima == pooling.maxima(y))
      let v = randomTensor(found.maxima.shape, seed: 5)
      let spread = pooling.place(gated(v, by: found.maxima), at: pooling.arguments(of: y), in: y.shape)
      let gate = Correlation.Gate.maximum(pooling, taps: found.taps, rectified: found.maxima)
      #expect(
        near(correlation.adjoint(v, through: gate, to: x.shape), correlation.adjoint(spread, to: x.shape)))
    }
  }
}
