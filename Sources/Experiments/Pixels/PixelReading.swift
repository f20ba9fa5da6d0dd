public import Networks

/// One way in which pixels in [0, 1] may be meant to go into a model.
public struct PixelReading: Codable, Hashable, Sendable {
  /// As people call it: `ImageNet moments`.
  public var name: String
  /// The numbers that black and white become.
  public var range: [Float]
  /// In units of the range, one for each channel in the order in which the model takes them; nil is none.
  public var mean: [Float]?
  /// The divisor once the mean is off, in units of the range: one number, or one a channel; nil is 1.
  public var std: [Float]?
  /// rgb, bgr or grey.
  public var channels: String

  public init(
    _ name: String, range: [Float] = [0, 1], mean: [Float]? = nil, std: [Float]? = nil, channels: String
  ) {
    self.name = name
    self.range = range
    self.mean = mean
    self.std = std
    self.channels = channels
  }

  /// What a model's own preprocessing does.
  public init(_ preprocessing: Preprocessing) {
    self.init(
      "as given", range: [preprocessing.range.lowerBound, preprocessing.range.upperBound],
      mean: preprocessing.mean, std: preprocessing.std, channels: preprocessing.channels)
  }

  /// For each channel c of the model: the number that black becomes, and by how much white is more.
  func line(_ c: Int) -> (black: Float, rise: Float) {
    let number = { (values: [Float]?, none: Float) -> Float in
      guard let values, !values.isEmpty else { return none }
      return values.count == 1 ? values[0] : values[c]
    }
    let (mean, std) = (number(mean, 0), number(std, 1))
    return ((range[0] - mean) / std, (range[1] - range[0]) / std)
  }

  var isReversed: Bool { channels == "bgr" }

  /// Whether two readings give a model the same numbers, to a hundredth of their range.
  func equals(_ other: PixelReading, channelCount: Int) -> Bool {
    let isSame = (0..<channelCount).allSatisfy { c in
      let (a, b) = (line(c), other.line(c))
      let scale = 0.01 * max(abs(a.rise), abs(b.rise))
      return abs(a.black - b.black) <= scale && abs(a.black + a.rise - b.black - b.rise) <= scale
    }
    return isSame && (channelCount == 1 || isReversed == other.isReversed)
  }

  /// Options that ask for it.
  public var options: String {
    let list = { (values: [Float]) in values.map(Preprocessing.short).joined(separator: ",") }
    var words = ["--scale \(range[1] > 16 ? "byte" : range[1] > 1 ? "16" : "unit")"]
    words.append("--mean " + (mean.map(list) ?? "0"))
    words.append("--std " + (std.map(list) ?? "1"))
    if channels != "grey" { words.append("--channels \(channels)") }
    return words.joined(separator: " ")
  }
}

// MARK: - The usual ones

extension PixelReading {
  private struct Moments {
    let name: String
    var range: [Float] = [0, 1]
    var mean: [Float]?
    var std: [Float]?
  }

  /// Moments in the order red, green, blue.
  private static let colored = [
    Moments(name: "0 to 1"),
    Moments(name: "−1 to 1", mean: [0.5], std: [0.5]),
    Moments(name: "ImageNet moments", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]),
    Moments(name: "CIFAR-10 moments", mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616]),
    Moments(
      name: "CIFAR-10 moments of each image", mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201]),
    Moments(name: "ImageNet means, one deviation", mean: [0.485, 0.456, 0.406], std: [0.225]),
    Moments(name: "CIFAR-100 moments", mean: [0.5071, 0.4867, 0.4408], std: [0.2675, 0.2565, 0.2761]),
    Moments(name: "CIFAR-10 means", mean: [0.4914, 0.4822, 0.4465]),
    Moments(name: "0 to 255", range: [0, 255]),
    Moments(name: "caffe's means", range: [0, 255], mean: [123.68, 116.779, 103.939]),
    Moments(name: "MNIST moments", mean: [0.1307], std: [0.3081]),
  ]

  private static let grey = [
    Moments(name: "0 to 1"),
    Moments(name: "−1 to 1", mean: [0.5], std: [0.5]),
    Moments(name: "MNIST moments", mean: [0.1307], std: [0.3081]),
    Moments(name: "Fashion-MNIST moments", mean: [0.286], std: [0.353]),
    Moments(name: "0 to 255", range: [0, 255]),
  ]

  /// The readings that models of so many channels usually want, each once; images of 8×8 may be digits of 0…16, as
  /// scikit-learn has them.
  public static func usual(channelCount: Int, areDigits: Bool = false) -> [PixelReading] {
    guard channelCount == 3 else {
      let moments = grey + (areDigits ? [Moments(name: "0 to 16", range: [0, 16])] : [])
      return channelCount == 1 ? moments.map { reading($0, "grey", isReversed: false) } : []
    }
    return colored.flatMap { [reading($0, "rgb", isReversed: false), reading($0, "bgr", isReversed: true)] }
  }

  private static func reading(_ moments: Moments, _ channels: String, isReversed: Bool) -> PixelReading {
    let ordered = { (values: [Float]?) in isReversed ? values?.reversed() : values }
    return PixelReading(
      moments.name + (isReversed ? ", BGR" : ""), range: moments.range, mean: ordered(moments.mean),
      std: ordered(moments.std), channels: channels)
  }
}
