import TestSupport
import Testing

@testable import Tensors

@Suite struct PoolingTests {
  private let x = randomTensor([2, 3, 7, 8], seed: 1)

  private func expected(_ window: Window, roundsUp: Bool, _ value: ([Float]) -> Float) -> [Float] {
    let h = window.outputExtent(0, input: 7, roundingUp: roundsUp)
    let w = window.outputExtent(1, input: 8, roundingUp: roundsUp)
    return (0..<2 * 3 * h * w).map { i in
      value(Reference.under(x, i / w / h / 3, i / w / h % 3, i / w % h, i % w, window))
    }
  }

  /// Windows none of whose places lies in the padding alone.
  private static let windows = Reference.windows.filter {
    $0.before[0] < $0.kernel[0] && $0.before[1] < $0.kernel[1]
  }

  @Test("The maximum is the largest element under the window", arguments: [false, true])
  func maxima(roundsUp: Bool) {
    for window in Self.windows where window.dilations == [1, 1] {
      let pooling = Pooling(window, height: 7, width: 8, roundsUp: roundsUp)
      let y = pooling.maxima(x)
      #expect(y.elements == expected(window, roundsUp: roundsUp) { $0.max() ?? -.infinity }, "\(window)")
      #expect(pooling.pick(x, at: pooling.arguments(of: x)) == y, "\(window)")
    }
  }

  @Test("The same on planes as wide as vectors, with the tap that each was", arguments: [9, 12, 18, 33, 40])
  func wide(width: Int) {
    let x = randomTensor([1, 2, 7, width], seed: 3)
    for kernel in [2, 3, 5] {
      for stride in 1...3 {
        for padding in [0, kernel / 2] {
          let window = Window(
            kernel: [kernel, kernel], strides: [stride, stride], before: [padding, padding],
            after: [padding, padding])
          let pooling = Pooling(window, height: 7, width: width, roundsUp: false)
          let (h, w) = (pooling.outputHeight, pooling.outputWidth)
          let expected = (0..<2 * h * w).map { i in
            Reference.under(x, 0, i / w / h, i / w % h, i % w, window).max() ?? -.infinity
          }
          #expect(pooling.maxima(x).elements == expected, "\(window)")
          let found = recording(pooling, x)
          #expect(found.maxima == expected, "\(window)")
          #expect(pooling.pick(x, taps: found.taps).elements == expected, "\(window)")
        }
      }
    }
  }

  private func recording(_ pooling: Pooling, _ x: Tensor) -> (maxima: [Float], taps: [UInt8]) {
    let planes = x.shape[0] * x.shape[1]
    let count = planes * pooling.outputHeight * pooling.outputWidth
    var maxima = [Float](repeating: 0, count: count)
    var taps = [UInt8](repeating: 0, count: count)
    pooling.maxima(x.elements, planes: planes, into: &maxima, taps: &taps)
    return (maxima, taps)
  }

  @Test("Of equal elements the first is recorded, on wide planes too", arguments: [9, 18, 40])
  func wideTies(width: Int) {
    let window = Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1])
    let pooling = Pooling(window, height: 7, width: width, roundsUp: false)
    let taps = recording(pooling, Tensor(repeating: 1, shape: [1, 1, 7, width])).taps
    #expect(taps[0] == 4)
    #expect(taps[1..<pooling.outputWidth].allSatisfy { $0 == 3 })
    #expect(taps[pooling.outputWidth + 1] == 0)
  }

  @Test("The mean is over the elements under the window", arguments: [false, true])
  func means(roundsUp: Bool) {
    for window in Self.windows {
      let pooling = Pooling(window, height: 7, width: 8, roundsUp: roundsUp)
      let y = pooling.means(x, countingPadding: false)
      let expected = expected(window, roundsUp: roundsUp) { $0.reduce(0, +) / Float(max(1, $0.count)) }
      #expect(near(y.elements, expected), "\(window)")
    }
  }

  @Test("Padding that counts divides by all taps on the padded image")
  func countingPadding() {
    let window = Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1])
    let y = Pooling(window, height: 7, width: 8, roundsUp: false).means(x, countingPadding: true)
    #expect(near(y.elements, expected(window, roundsUp: false) { $0.reduce(0, +) / 9 }))
  }

  @Test("Of equal elements the first is the maximum")
  func ties() {
    let flat = Tensor(repeating: 1, shape: [1, 1, 4, 4])
    for kernel in [2, 3] {
      let window = Window(kernel: [kernel, kernel], strides: [kernel, kernel])
      let pooling = Pooling(window, height: 4, width: 4, roundsUp: false)
      #expect(pooling.arguments(of: flat)[0] == 0)
    }
  }
}
