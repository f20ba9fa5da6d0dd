import Tensors
import TestSupport
import Testing

@Suite struct CorrelationTests {
  /// Channels in, channels out, groups, images, extent: one row for each way of multiplying.
  static let sizes: [[Int]] = [
    [3, 4, 1, 2, 7], [4, 6, 2, 2, 7], [3, 3, 3, 2, 7], [3, 6, 3, 1, 7], [36, 3, 1, 3, 7], [36, 5, 1, 2, 18],
    [2, 3, 1, 2, 18],
  ]

  private func correlation(_ size: [Int], _ window: Window) -> (Correlation, x: Tensor, weights: Tensor) {
    let weights = randomTensor(
      Shape([size[1], size[0] / size[2]] + window.kernel), seed: 1, deviation: 0.3)
    let x = randomTensor([size[3], size[0], size[4], size[4] + 1], seed: 2)
    return (Correlation(weights: weights, window: window, groups: size[2]), x, weights)
  }

  @Test("A convolution equals its definition, for every small window", arguments: sizes)
  func definition(size: [Int]) {
    for window in Reference.windows where window.outputExtent(0, input: size[4]) > 0 {
      let (correlation, x, weights) = correlation(size, window)
      let bias = (0..<size[1]).map(Float.init)
      let expected = Reference.convolution(x, weights: weights, bias: bias, window: window, groups: size[2])
      #expect(near(correlation.apply(x, bias: bias), expected, 1e-5), "\(window)")
    }
  }

  @Test("⟨Ax, y⟩ = ⟨x, Aᵀy⟩ for every small window", arguments: sizes)
  func adjoint(size: [Int]) {
    for window in Reference.windows where window.outputExtent(0, input: size[4]) > 0 {
      let (correlation, x, _) = correlation(size, window)
      let y = correlation.apply(x)
      let w = randomTensor(y.shape, seed: 3)
      let back = correlation.adjoint(w, to: x.shape)
      #expect(abs(y.dot(w) - x.dot(back)) < 1e-5 * y.norm * w.norm, "\(window)")
    }
  }

  @Test("The filters come back as they went in")
  func filters() {
    let (correlation, _, weights) = correlation([36, 5, 1, 1, 7], Window(kernel: [2, 3]))
    #expect(correlation.weights == weights)
  }

  /// Channels in, channels out, groups, images, extent: planes that fill vectors, that do not, and tiny ones.
  static let shapes: [[Int]] = [
    [3, 15, 1, 2, 16], [5, 70, 1, 7, 4], [8, 130, 1, 15, 2], [6, 9, 3, 2, 9], [4, 4, 4, 3, 33],
    [20, 3, 1, 1, 16],
  ]

  @Test(
    "Every instruction set's kernels equal the definition, and one image the same in any batch",
    arguments: shapes)
  func kernels(size: [Int]) {
    for kernels in Kernels.available {
      for window in [
        Window(kernel: [3, 3], before: [1, 1], after: [1, 1]), Window(kernel: [1, 1]),
        Window(kernel: [2, 1], strides: [2, 1], before: [0, 1], after: [1, 0]),
        Window(kernel: [2, 2], strides: [1, 3], dilations: [1, 2], before: [2, 0], after: [0, 2]),
      ] where window.outputExtent(0, input: size[4]) > 0 && window.outputExtent(1, input: size[4]) > 0 {
        let weights = randomTensor(Shape([size[1], size[0] / size[2]] + window.kernel), seed: 1)
        let correlation = Correlation(weights: weights, window: window, groups: size[2], kernels: kernels)
        let x = randomTensor([size[3], size[0], size[4], size[4]], seed: 2)
        let y = correlation.apply(x)
        let expected = Reference.convolution(x, weights: weights, bias: nil, window: window, groups: size[2])
        #expect(near(y, expected, 2e-5), "\(kernels.name) \(window)")
        let back = correlation.adjoint(y, to: x.shape)
        #expect(abs(y.dot(y) - x.dot(back)) < 1e-5 * y.dot(y), "\(kernels.name) \(window)")
        for n in 0..<size[3] {
          #expect(correlation.apply(x.entry(n)) == y.entry(n), "\(kernels.name) \(window)")
          #expect(
            correlation.adjoint(y.entry(n), to: x.entry(n).shape) == back.entry(n),
            "\(kernels.name) \(window)")
        }
      }
    }
  }

  @Test(
    "Depthwise filters equal the definition with every instruction set, and an image is the same in any batch",
    arguments: [7, 14, 17, 33], [1, 2])
  func depthwise(extent: Int, outputsOfEach: Int) {
    let windows = [3, 5, 7, 9].flatMap { k in
      [1, 2].map {
        Window(kernel: [k, k], strides: [$0, $0], before: [k / 2, k / 2], after: [k / 2, k / 2])
      }
    }
    let others = [
      Window(kernel: [5, 3], strides: [2, 1], dilations: [2, 3], before: [1, 0], after: [2, 4]),
      Window(kernel: [3, 3], strides: [3, 3], before: [1, 0], after: [0, 1]),
    ]
    for kernels in Kernels.available {
      for window in windows + others {
        let weights = randomTensor(Shape([5 * outputsOfEach, 1] + window.kernel), seed: 1)
        let bias = (0..<5 * outputsOfEach).map { Float($0) - 3 }
        let correlation = Correlation(weights: weights, window: window, groups: 5, kernels: kernels)
        let x = randomTensor([3, 5, extent, extent + 1], seed: 2)
        let y = correlation.apply(x)
        let expected = Reference.convolution(x, weights: weights, bias: bias, window: window, groups: 5)
        #expect(near(correlation.apply(x, bias: bias), expected, 2e-5), "\(kernels.name) \(window)")
        #expect(
          near(correlation.apply(x, bias: bias, rectifies: true), gated(expected, by: expected), 2e-5),
          "\(kernels.name) \(window)")
        let back = correlation.adjoint(y, to: x.shape)
        #expect(abs(y.dot(y) - x.dot(back)) < 1e-5 * y.dot(y), "\(kernels.name) \(window)")
        #expect(correlation.apply(x.entry(2)) == y.entry(2), "\(kernels.name) \(window)")
        #expect(
          correlation.adjoint(y.entry(1), to: x.entry(1).shape) == back.entry(1), "\(kernels.name) \(window)")
      }
    }
  }

  @Test("Channels that are zero in all images change no sum, under whichever taps they lie")
  func silentChannels() {
    let windows = [1, 2].map { Window(kernel: [3, 3], strides: [$0, $0], before: [1, 1], after: [1, 1]) }
    for kernels in Kernels.available {
      for window in windows {
        let weights = randomTensor([70, 80, 3, 3], seed: 1)
        let correlation = Correlation(weights: weights, window: window, kernels: kernels)
        func silenced(_ x: Tensor) -> Tensor {
          let places = x.shape[2] * x.shape[3]
          let kept = x.elements.enumerated().map { $0 / places % x.shape[1] % 5 == 2 ? $1 : 0 }
          return Tensor(shape: x.shape, elements: kept)
        }
        let x = silenced(randomTensor([7, 80, 8, 8], seed: 2))
        let y = correlation.apply(x)
        let expected = Reference.convolution(x, weights: weights, bias: nil, window: window, groups: 1)
        #expect(near(y, expected, 2e-5), "\(kernels.name) \(window)")
        let w = silenced(randomTensor(y.shape, seed: 3))
        let (back, other) = (correlation.adjoint(w, to: x.shape), randomTensor(x.shape, seed: 4))
        let difference = correlation.apply(other).dot(w) - other.dot(back)
        #expect(abs(difference) < 1e-5 * other.norm * back.norm, "\(kernels.name) \(window)")
        for n in 0..<7 {
          #expect(correlation.apply(x.entry(n)) == y.entry(n), "\(kernels.name) \(window)")
          #expect(correlation.adjoint(w.entry(n), to: [1, 80, 8, 8]) == back.entry(n), "\(kernels.name)")
        }
      }
    }
  }

  @Test("A rectifier and a maximum computed with the filters equal those after them", arguments: shapes)
  func fused(size: [Int]) {
    let window = Window(kernel: [3, 3], before: [1, 1], after: [1, 1])
    let weights = randomTensor([size[1], size[0] / size[2], 3, 3], seed: 1)
    let bias = randomTensor([size[1]], seed: 4).elements
    let correlation = Correlation(weights: weights, window: window, groups: size[2])
    let x = randomTensor([size[3], size[0], size[4], size[4]], seed: 2)
    let plain = correlation.apply(x, bias: bias)
    let rectified = correlation.apply(x, bias: bias, rectifies: true)
    #expect(rectified == gated(plain, by: plain))
    let w = randomTensor(plain.shape.batch(of: 2 * size[3]), seed: 3)
    let twice = x.shape.batch(of: 2 * size[3])
    #expect(
      correlation.adjoint(w, through: .rectifier(rectified), to: twice)
        == correlation.adjoint(gated(w, by: rectified), to: twice))
    for pool in [
      Window(kernel: [2, 2], strides: [2, 2]),
      Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1]),
    ] {
      let pooling = Pooling(pool, height: size[4], width: size[4], roundsUp: false)
      let found = correlation.apply(x, bias: bias, rectifies: true, pooling: pooling, recordsTaps: true)
      // Sums before a maximum and others may be made by different filterings.
      #expect(near(found.maxima, pooling.maxima(rectified), 1e-5))
      #expect(near(pooling.pick(rectified, taps: found.taps), found.maxima, 1e-5))
      let v = randomTensor(found.maxima.shape, seed: 5)
      let spread = pooling.place(
        gated(v, by: found.maxima), at: pooling.arguments(of: rectified), in: rectified.shape)
      let gate = Correlation.Gate.maximum(pooling, taps: found.taps, rectified: found.maxima)
      #expect(
        near(
          correlation.adjoint(v, through: gate, to: x.shape), correlation.adjoint(spread, to: x.shape), 1e-5))
    }
  }
}
