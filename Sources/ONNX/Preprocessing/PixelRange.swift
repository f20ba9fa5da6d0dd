internal import Networks

/// What the arithmetic at the head of a graph says of the pixels that it was written for.
///
/// Networks look at numbers of order 1 around 0. Stretched over [0, 1] or over [0, 255], the same map spreads pixels over
/// intervals that are 255 times apart, so its scale tells the two from each other:
/// - a constant scale of 1/16 and less (÷255, ÷127.5, ÷58.395) makes a sane interval of bytes, and next to nothing of
///   [0, 1]: bytes, down to the 1/2048 below which no usual range is left;
/// - a mean of 16 and more, taken off at a scale of 1.2 at most, is one that only bytes can have (caffe's means, ±1);
/// - a mean of 0.05…0.95 taken off without a scale, or at 1.5…32, is one of pixels in [0, 1], whose standard deviation is
///   never above 1/2 (the networks' own moments; 2x − 1);
/// - of 8×8 pixels alone, as scikit-learn's digits: a mean of 1…15.5 taken off at a scale of 0.05…2 is one of 0…16;
/// - a scale of 128…300 makes bytes of [0, 1]; 1 − x and a clip to [0, 1] or [0, 255] say it outright.
///
/// Where each pixel has a map of its own, as scikit-learn's scalers of columns, the means or ranges of the most decide, not
/// the largest: a learned gate or a window takes a few pixels away, and says nothing of their range.
///
/// A batch normalisation of the input has trained numbers: there the mean has to speak, for pixels that were
/// normalised before have a mean near 0. Anything else says nothing.
enum PixelRange: Equatable {
  case unit
  case byte
  /// 0…16, as scikit-learn's digits.
  case sixteen
  /// Pixels that have been normalised by these moments of [0, 1].
  case normalized(mean: [Float], std: [Float])

  init?(_ arithmetic: InputArithmetic, areDigits: Bool = false) {
    if let range = Self.undone(arithmetic) {
      self = range
      return
    }
    if let ceiling = arithmetic.ceiling {
      self = ceiling == 1 ? .unit : .byte
      return
    }
    let ranges = arithmetic.channels.values.map { Self.range($0, isLearned: arithmetic.isLearned, areDigits) }
    guard let first = ranges.first, let range = first, ranges.allSatisfy({ $0 == range }) else { return nil }
    self = range
  }

  private static func range(
    _ channel: InputArithmetic.Channel, isLearned: Bool, _ areDigits: Bool
  ) -> PixelRange? {
    let (size, shift, zero) = (channel.scale.magnitude, channel.shift, channel.zero)
    if let reach = channel.reach { return range(reach, areDigits) }
    if areDigits, (1...15.5).contains(zero), (0.05...2).contains(size) { return .sixteen }
    guard size >= 1 / 2048, shift.magnitude <= 300 else { return nil }
    if zero >= 16, zero <= 256, size <= 1.2 { return .byte }
    if !isLearned, size <= 1 / 16, shift.magnitude <= 16 { return .byte }
    if (128...300).contains(size) { return .unit }
    if isNear(channel.scale, -1), isNear(shift, 1) { return .unit }
    let isStandardized = (1.5...32).contains(size) || !isLearned && isNear(size, 1)
    if isStandardized, (0.05...0.95).contains(zero) { return .unit }
    return nil
  }

  /// Of maps of each pixel: the means, or the largest values where no mean is taken off, tell how far pixels reach.
  private static func range(_ reach: InputArithmetic.Reach, _ areDigits: Bool) -> PixelRange? {
    let isCentred = reach.zero > 1e-3
    guard let largest = isCentred ? reach.zero : reach.step else { return nil }
    switch largest {
    case 16.5...256: return .byte
    case (isCentred ? 1.1 : 8)...16.5: return areDigits ? .sixteen : nil
    case (isCentred ? 0.05 : 0.5)...1.01: return .unit
    default: return nil
    }
  }

  /// Equal but for the rounding of the trial.
  private static func isNear(_ x: Float, _ y: Float) -> Bool { abs(x - y) < 1e-5 }

  /// Moments that the graph takes back: it gives every channel the same scale again, as torchvision's `transform_input`.
  private static func undone(_ arithmetic: InputArithmetic) -> PixelRange? {
    let (mean, std) = (imageNet.mean, imageNet.std)
    guard !arithmetic.isLearned, arithmetic.channels.count == 3 else { return nil }
    let maps = (0..<3).map { arithmetic.channels[$0]! }
    let scales = (0..<3).map { maps[$0].scale / std[$0] }
    let shifts = (0..<3).map { maps[$0].shift - maps[$0].scale * mean[$0] / std[$0] }
    func agree(_ numbers: [Float]) -> Bool {
      numbers.allSatisfy { abs($0 - numbers[0]) < 0.002 * max(1, scales[0].magnitude) }
    }
    guard maps[0].scale != maps[1].scale, agree(scales), agree(shifts),
      [1, 2, 255].contains(where: { abs($0 - scales[0]) < 0.01 * $0 })
    else { return nil }
    return .normalized(mean: mean, std: std)
  }

  /// The mean and the standard deviation of ImageNet's pixels in [0, 1], as torchvision states them.
  static let imageNet = (mean: [0.485, 0.456, 0.406] as [Float], std: [0.229, 0.224, 0.225] as [Float])

  /// The order of the input's channels, where the means taken off are ImageNet's: red has the largest, blue the smallest.
  static func channels(_ arithmetic: InputArithmetic, _ range: PixelRange) -> Profile.Channels? {
    let factor: Float = range == .byte ? 1 : 255
    guard !arithmetic.isLearned, arithmetic.channels.count == 3 else { return nil }
    let means = (0..<3).map { arithmetic.channels[$0]!.zero * factor }
    let published: [Float] = [123.7, 116.6, 103.9]
    func agree(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 2.5 } }
    if agree(means, published) { return .rgb }
    return agree(means, published.reversed()) ? .bgr : nil
  }
}
