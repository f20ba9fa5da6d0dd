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

  @Test("One image gives the same in a batch of any size", arguments: [1, 2, 5, 9])
  func batches(count: Int) {
    let window = Window(kernel: [3, 3], before: [1, 1], after: [1, 1])
    let correlation = Correlation(weights: randomTensor([4, 20, 3, 3], seed: 1), window: window)
    let x = randomTensor([count, 20, 5, 5], seed: 2)
    for n in 0..<count {
      #expect(near(correlation.apply(x).entry(n), correlation.apply(x.entry(n)), 1e-6))
    }
  }
}
