/// A rectangle of taps that slides over the last two axes of N×C×H×W: of a convolution or a pooling.
///
/// Every array has two numbers, for the vertical and the horizontal axis.
public struct Window: Hashable, Sendable {
  /// Taps down and across.
  public var kernel: [Int]
  /// Elements from one place of the window to the next.
  public var strides: [Int]
  /// Elements from one tap to the next, 1 where taps lie side by side.
  public var dilations: [Int]
  /// Padding above and to the left.
  public var before: [Int]
  /// Padding below and to the right.
  public var after: [Int]

  public init(
    kernel: [Int], strides: [Int] = [1, 1], dilations: [Int] = [1, 1], before: [Int] = [0, 0],
    after: [Int] = [0, 0]
  ) {
    let all = [kernel, strides, dilations, before, after]
    precondition(all.allSatisfy { $0.count == 2 }, "a window has two axes: \(all)")
    precondition((kernel + strides + dilations).allSatisfy { $0 > 0 }, "a window of no extent: \(all)")
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.before = before
    self.after = after
  }

  /// Taps under the window.
  public var count: Int { kernel[0] * kernel[1] }

  /// Distance from the first to the last tap along an axis, plus one.
  public func reach(_ axis: Int) -> Int { dilations[axis] * (kernel[axis] - 1) + 1 }

  /// How many places the window takes along an axis of `input` elements; less than one where it does not fit.
  ///
  /// Rounding up adds a last, partly outside place, provided that it begins before the padding at the end.
  public func outputExtent(_ axis: Int, input: Int, roundingUp: Bool = false) -> Int {
    let room = input + before[axis] + after[axis] - reach(axis)
    guard room >= 0 else { return 0 }
    let stride = strides[axis]
    guard roundingUp else { return room / stride + 1 }
    let places = (room + stride - 1) / stride + 1
    return (places - 1) * stride >= input + before[axis] ? places - 1 : places
  }

  /// Where tap `tap` of the window's first place lies along an axis; negative in the padding.
  public func offset(_ axis: Int, tap: Int) -> Int { tap * dilations[axis] - before[axis] }

  /// The places, out of `output`, at which tap `tap` lies on one of `input` elements.
  public func places(_ axis: Int, tap: Int, input: Int, output: Int) -> Range<Int> {
    let offset = offset(axis, tap: tap)
    let stride = strides[axis]
    let low = offset >= 0 ? 0 : (stride - 1 - offset) / stride
    let last = input - 1 - offset
    let high = min(output, last < 0 ? 0 : last / stride + 1)
    return min(low, high)..<high
  }

  /// The taps that lie on one of `input` elements at place `place`.
  public func taps(_ axis: Int, place: Int, input: Int) -> Range<Int> {
    let start = place * strides[axis] - before[axis]
    let dilation = dilations[axis]
    let low = start >= 0 ? 0 : (dilation - 1 - start) / dilation
    let high = start >= input ? 0 : min(kernel[axis], (input - 1 - start) / dilation + 1)
    return min(low, high)..<high
  }

  /// The taps at place `place` that lie on the input or its padding.
  func tapsWithPadding(_ axis: Int, place: Int, input: Int) -> Int {
    let room = input + before[axis] + after[axis] - place * strides[axis]
    return min(kernel[axis], room <= 0 ? 0 : (room - 1) / dilations[axis] + 1)
  }

  /// Whether the patches under the window are the image itself.
  var isIdentity: Bool {
    kernel == [1, 1] && strides == [1, 1] && before == [0, 0] && after == [0, 0]
  }
}
