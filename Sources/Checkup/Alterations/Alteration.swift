internal import Glibc
internal import Images
public import Tensors

/// A change of an image that should not change its class.
///
/// Corruptions are a subset of those of Hendrycks and Dietterich, ICLR 2019, at their five severities; noise, blur,
/// contrast and brightness leave real numbers, cut to [0, 1]. They are not the published files, and no mean over them is
/// an mCE.
public enum Alteration: Hashable, Sendable {
  /// Left and right change places.
  case mirror
  /// The image moves by this many pixels to the right and downwards; its edge is repeated.
  case shift(Int)
  /// The outermost pixels become the mean colour of the image.
  case border(Int)
  /// One pixel becomes the mean of its neighbours.
  case cover(row: Int, column: Int)
  /// All channels become their mean.
  case grey
  case corruption(Corruption, severity: Int)

  /// Noise, blur, a change of tone or a loss of detail, each at severities 1 to 5.
  public enum Corruption: String, CaseIterable, Sendable, Codable {
    case gaussianNoise = "gaussian noise"
    case shotNoise = "shot noise"
    case impulseNoise = "impulse noise"
    case blur
    case contrast
    case brightness
    case jpeg = "JPEG"
    case pixelate

    /// Its number at severities 1 to 5: σ, photons, share of pixels, σ in pixels, gain, offset, quality, share of the side.
    ///
    /// Those of ``set(onSide:)``.
    public func strengths(onSide side: Int) -> [Double] {
      switch (self, Self.isLarge(side)) {
      case (.gaussianNoise, false): [0.04, 0.06, 0.08, 0.09, 0.10]
      case (.gaussianNoise, true): [0.08, 0.12, 0.18, 0.26, 0.38]
      case (.shotNoise, false): [500, 250, 100, 75, 50]
      case (.shotNoise, true): [60, 25, 12, 5, 3]
      case (.impulseNoise, false): [0.01, 0.02, 0.03, 0.05, 0.07]
      case (.impulseNoise, true): [0.03, 0.06, 0.09, 0.17, 0.27]
      case (.blur, false): [0.4, 0.6, 0.7, 0.8, 1]
      case (.blur, true): [1, 2, 3, 4, 6]
      case (.contrast, false): [0.75, 0.5, 0.4, 0.3, 0.15]
      case (.contrast, true): [0.4, 0.3, 0.2, 0.1, 0.05]
      case (.brightness, false): [0.05, 0.1, 0.15, 0.2, 0.3]
      case (.brightness, true): [0.1, 0.2, 0.3, 0.4, 0.5]
      case (.jpeg, false): [80, 65, 58, 50, 40]
      case (.jpeg, true): [25, 18, 15, 10, 7]
      case (.pixelate, false): [0.95, 0.9, 0.85, 0.75, 0.65]
      case (.pixelate, true): [0.6, 0.5, 0.4, 0.3, 0.25]
      }
    }

    /// The published set whose severities suit images of a side: CIFAR-10-C up to 64 pixels, ImageNet-C beyond.
    public static func set(onSide side: Int) -> String { isLarge(side) ? "ImageNet-C" : "CIFAR-10-C" }

    private static func isLarge(_ side: Int) -> Bool { side > 64 }
  }

  public var name: String {
    switch self {
    case .mirror: "mirror"
    case .shift(let n): "shift by \(n) px"
    case .border(let n): "border of \(n) px"
    case .cover: "strongest pixel covered"
    case .grey: "grey"
    case .corruption(let corruption, _): corruption.rawValue
    }
  }

  /// 1 to 5; nil for a change that has no degrees.
  public var severity: Int? {
    if case .corruption(_, let severity) = self { severity } else { nil }
  }

  /// Every corruption at every severity.
  public static let corruptions = Corruption.allCases.flatMap { kind in
    (1...5).map { Alteration.corruption(kind, severity: $0) }
  }

  /// N×C×H×W → N×C×H×W; random ones depend on the seed and on the index of the image alone.
  public func callAsFunction(_ images: Tensor, from first: Int = 0, seed: UInt64 = 1) -> Tensor {
    Tensor(
      concatenating: (0..<images.count).map { n in
        var generator = SeededGenerator(seed: seed, stream: UInt64(first + n))
        return altered(images.entry(n), &generator)
      })
  }

  private func altered(_ x: Tensor, _ generator: inout SeededGenerator) -> Tensor {
    switch self {
    case .mirror: x.rearranged { row, column, _, columns in (row, columns - 1 - column) }
    case .shift(let n): x.rearranged { row, column, _, _ in (max(0, row - n), max(0, column - n)) }
    case .border(let n): x.framed(n)
    case .cover(let row, let column): x.covered(row, column)
    case .grey: x.grey
    case .corruption(let kind, let severity):
      kind.corrupted(x, kind.strengths(onSide: max(x.shape[2], x.shape[3]))[severity - 1], &generator)
    }
  }
}

extension Tensor {
  /// One image whose pixel (row, column) comes from another place: `place(row, column, rows, columns)`.
  fileprivate func rearranged(_ place: (Int, Int, Int, Int) -> (Int, Int)) -> Tensor {
    let (rows, columns) = (shape[2], shape[3])
    return Tensor(shape: shape) { out in
      for c in 0..<shape[1] {
        for row in 0..<rows {
          for column in 0..<columns {
            let (r, q) = place(row, column, rows, columns)
            out[(c * rows + row) * columns + column] = elements[(c * rows + r) * columns + q]
          }
        }
      }
    }
  }

  /// The mean of each channel.
  fileprivate var channelMeans: [Float] {
    let area = shape[2] * shape[3]
    return (0..<shape[1]).map { c in elements[c * area..<(c + 1) * area].reduce(0, +) / Float(area) }
  }

  fileprivate func covered(_ row: Int, _ column: Int) -> Tensor {
    let (rows, columns) = (shape[2], shape[3])
    let near = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)].filter {
      (0..<rows).contains($0.0) && (0..<columns).contains($0.1)
    }
    guard (0..<rows).contains(row), (0..<columns).contains(column), !near.isEmpty else { return self }
    var image = self
    for c in 0..<shape[1] {
      let sum = near.reduce(Float(0)) { $0 + elements[(c * rows + $1.0) * columns + $1.1] }
      image.elements[(c * rows + row) * columns + column] = sum / Float(near.count)
    }
    return image
  }

  fileprivate func framed(_ width: Int) -> Tensor {
    let (rows, columns, means) = (shape[2], shape[3], channelMeans)
    var image = self
    for c in 0..<shape[1] {
      for row in 0..<rows {
        for column in 0..<columns
        where row < width || column < width || row >= rows - width || column >= columns - width {
          image.elements[(c * rows + row) * columns + column] = means[c]
        }
      }
    }
    return image
  }

  fileprivate var grey: Tensor {
    let area = shape[2] * shape[3]
    return Tensor(shape: shape) { out in
      for i in 0..<area {
        let mean = (0..<shape[1]).reduce(0) { $0 + elements[$1 * area + i] } / Float(shape[1])
        for c in 0..<shape[1] { out[c * area + i] = mean }
      }
    }
  }

  fileprivate func mapped(_ f: (Float) -> Float) -> Tensor {
    Tensor(shape: shape, elements: elements.map { min(1, max(0, f($0))) })
  }
}

// MARK: - Corruptions

extension Alteration.Corruption {
  fileprivate func corrupted(_ x: Tensor, _ strength: Double, _ generator: inout SeededGenerator) -> Tensor {
    switch self {
    case .gaussianNoise: x.mapped { $0 + Float(strength * generator.gaussian()) }
    case .shotNoise: x.mapped { Float(generator.poisson(strength * Double($0)) / strength) }
    case .impulseNoise:
      x.mapped { value in
        let u = generator.uniform()
        return u < strength / 2 ? 0 : u < strength ? 1 : value
      }
    case .blur: x.blurred(strength)
    case .contrast: x.contrasted(Float(strength))
    case .brightness: x.brightened(Float(strength))
    case .jpeg: x.asPicture { JPEG.compressed($0, quality: Int(strength)) }
    case .pixelate:
      x.asPicture { picture in
        let (width, height) = (
          max(1, Int(Double(picture.width) * strength)), max(1, Int(Double(picture.height) * strength))
        )
        let small = Resampling.resampled(picture, width: width, height: height, .box)
        return Resampling.resampled(small, width: picture.width, height: picture.height, .box)
      }
    }
  }
}

extension SeededGenerator {
  /// A number of events with this mean: Knuth's product for small means, else a rounded normal number.
  fileprivate mutating func poisson(_ mean: Double) -> Double {
    guard mean > 0 else { return 0 }
    if mean > 60 { return max(0, (mean + mean.squareRoot() * gaussian()).rounded()) }
    let limit = exp(-mean)
    var (count, product) = (0.0, uniform())
    while product > limit {
      count += 1
      product *= uniform()
    }
    return count
  }
}

extension Tensor {
  /// Under a Gaussian of width σ cut at 4 σ; beyond the edge its pixel is repeated.
  fileprivate func blurred(_ sigma: Double) -> Tensor {
    let reach = Int(4 * sigma + 0.5)
    let raw = (-reach...reach).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let weights = raw.map { Float($0 / raw.reduce(0, +)) }
    return convolved(weights, reach, down: true).convolved(weights, reach, down: false).mapped { $0 }
  }

  private func convolved(_ weights: [Float], _ reach: Int, down: Bool) -> Tensor {
    let (rows, columns) = (shape[2], shape[3])
    return Tensor(shape: shape) { out in
      for c in 0..<shape[1] {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum: Float = 0
            for (k, weight) in weights.enumerated() {
              let r = down ? min(rows - 1, max(0, row + k - reach)) : row
              let q = down ? column : min(columns - 1, max(0, column + k - reach))
              sum += weight * elements[(c * rows + r) * columns + q]
            }
            out[(c * rows + row) * columns + column] = sum
          }
        }
      }
    }
  }

  /// Distances from each channel's mean, times the gain.
  fileprivate func contrasted(_ gain: Float) -> Tensor {
    let (area, means) = (shape[2] * shape[3], channelMeans)
    return Tensor(
      shape: shape,
      elements: elements.indices.map { i in
        let mean = means[i / area]
        return min(1, max(0, (elements[i] - mean) * gain + mean))
      })
  }

  /// The value of HSV raised: every pixel times (V + offset)/V, its largest channel at most 1.
  fileprivate func brightened(_ offset: Float) -> Tensor {
    let area = shape[2] * shape[3]
    return Tensor(shape: shape) { out in
      for i in 0..<area {
        let value = (0..<shape[1]).map { elements[$0 * area + i] }.max() ?? 0
        let raised = min(1, value + offset)
        for c in 0..<shape[1] {
          out[c * area + i] = value > 0 ? elements[c * area + i] * raised / value : raised
        }
      }
    }
  }

  /// What becomes of an image as a picture of bytes; unchanged where it has neither 1 nor 3 channels.
  fileprivate func asPicture(_ change: (Picture) -> Picture) -> Tensor {
    guard shape[1] == 1 || shape[1] == 3 else { return self }
    return change(Picture(self)).tensor
  }
}
