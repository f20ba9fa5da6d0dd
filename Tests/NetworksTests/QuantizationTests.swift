import Networks
import Tensors
import TestSupport
import Testing

/// Rounding to integers: values by hand, derivatives straight through.
@Suite struct QuantizationTests {
  private func quantized(
    _ x: [Float], scale: Float, zero: Float, to range: ClosedRange<Float>,
    rounding: Quantization.Rounding = .nearest
  ) -> [Float] {
    let parameters = [scale, zero].map { Tensor(repeating: $0, shape: [1]) }
    let x = Tensor(shape: [1, x.count], elements: x)
    return Quantization(to: range, rounding: rounding).forward([x] + parameters).elements
  }

  @Test("Halves go to even integers before the zero point is added, and the range is kept")
  func values() {
    #expect(
      quantized([0.25, 0.75, 1.25, -0.25, 100, -100], scale: 0.5, zero: 1, to: 0...255) == [
        1, 3, 3, 1, 201, 0,
      ])
    #expect(
      quantized([0.25, 0.75], scale: 0.5, zero: 1, to: 0...255, rounding: .nearestAfterShift) == [2, 2])
    #expect(quantized([0, -0.1, 3], scale: 1, zero: 0, to: -1...1, rounding: .sign) == [1, -1, 1])
    #expect(quantized([5, 7], scale: 0.5, zero: 0, to: 0...255, rounding: .nearestOfProduct) == [2, 4])
  }

  @Test("Zero points and scales of channels broadcast")
  func channels() {
    let x = Tensor(shape: [1, 2, 1, 2], elements: [1, 2, 1, 2])
    let scales = Tensor(shape: [2, 1, 1], elements: [1, 0.5])
    let zeros = Tensor(shape: [2, 1, 1], elements: [0, 10])
    #expect(Quantization(to: 0...255).forward([x, scales, zeros]).elements == [1, 2, 12, 14])
  }

  @Test("The pushforward is 1/s within the range and 0 beyond", arguments: OperationCases.quantizations)
  func slopes(of c: OperationCase) {
    let point = c.point
    let v = randomTensor(c.inputs[0].shape, seed: 3)
    let pushed = c.operation.pushforward([v, nil, nil], at: point)
    let scales = c.inputs[1].broadcast(to: v.shape)
    let inner = c.operation as! Quantization
    for i in v.elements.indices where point.output.elements[i] > inner.range.lowerBound {
      guard point.output.elements[i] < inner.range.upperBound, inner.rounding != .sign else { continue }
      let factor = inner.rounding == .nearestOfProduct ? scales.elements[i] : 1 / scales.elements[i]
      #expect(abs(pushed.elements[i] - v.elements[i] * factor) <= 1e-5 * abs(v.elements[i] * factor))
    }
  }

  @Test("The pullback is the adjoint of the pushforward", arguments: OperationCases.quantizations)
  func adjoint(of c: OperationCase) {
    let (v, w) = (randomTensor(c.inputs[0].shape, seed: 3), randomTensor(c.point.output.shape, seed: 4))
    let pushed = c.operation.pushforward([v, nil, nil], at: c.point)
    let pulled = c.operation.pullback(w, at: c.point)
    #expect(pulled[1] == nil && pulled[2] == nil)
    #expect(abs(pushed.dot(w) - v.dot(pulled[0]!)) <= 2e-5 * pushed.norm * w.norm)
  }

  @Test("The dynamic range of each image is its own")
  func dynamicRange() {
    let x = Tensor(shape: [2, 3], elements: [0, 0.5, 2.55, -1, 0, 1.55])
    #expect(near(DynamicRange(.scale).forward([x]), Tensor(shape: [2, 1], elements: [0.01, 0.01]), 1e-6))
    #expect(DynamicRange(.zeroPoint).forward([x]).elements == [0, 100])
    #expect(DynamicRange(.scale).forward([Tensor(zeros: [1, 3])]).elements == [1])
    let all = DynamicRange(.scale, ofAll: true).forward([x])
    #expect(all.shape == [1, 1] && abs(all.elements[0] - 3.55 / 255) < 1e-6)
  }

  @Test("A network says that derivatives pass straight through")
  func saysSo() throws {
    var graph = Graph(imageShape: [1, 1, 2, 2])
    let (scale, zero) = (
      graph.constant(Tensor(repeating: 0.1, shape: [1])), graph.constant(Tensor(zeros: [1]))
    )
    graph.append(Quantization(to: 0...255), of: [.image, scale, zero])
    #expect(try Network(graph).isStraightThrough)
    #expect(try !Network(graph).softened(beta: 5).isStraightThrough)
  }
}
