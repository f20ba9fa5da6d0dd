internal import Glibc
internal import Tensors

/// Antialiased resampling as Pillow and torchvision do it for 8-bit pictures.
///
/// Each result pixel is a weighted mean under a window that is as many result pixels wide as the filter says, of source
/// pixels where those are larger; weights in fixed point with 22 fractional bits, rows before columns, rounded to bytes
/// in between.
public struct Resampling: Sendable {
  /// The window, by its value at a distance in pixels and its half width.
  public enum Filter: String, Sendable {
    /// The source pixel under the middle of the result's.
    case nearest
    /// All of the window counts the same.
    case box
    /// A triangle.
    case bilinear
    /// Keys's cubic with a = −1/2.
    case bicubic
    /// A sinc under the middle of a wider one.
    case lanczos

    var support: Double {
      switch self {
      case .nearest: 0
      case .box: 0.5
      case .bilinear: 1
      case .bicubic: 2
      case .lanczos: 3
      }
    }

    func weight(_ x: Double) -> Double {
      if self == .box { return x > -0.5 && x <= 0.5 ? 1 : 0 }
      let x = abs(x)
      guard x < support else { return 0 }
      switch self {
      case .nearest, .box: return 1
      case .bilinear: return 1 - x
      case .bicubic: return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2
      case .lanczos: return Self.sinc(x) * Self.sinc(x / 3)
      }
    }

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
  }

  private static let precision = 22

  /// First source index and weights of each result index.
  private struct Window {
    let start: Int
    let weights: [Int]
  }

  private static func windows(from source: Int, to target: Int, _ filter: Filter) -> [Window] {
    let scale = Double(source) / Double(target)
    let stretch = max(1, scale)
    let support = filter.support * stretch
    return (0..<target).map { i in
      let centre = (Double(i) + 0.5) * scale
      if filter == .nearest {
        return Window(start: min(source - 1, Int(saturating: centre)), weights: [1 << precision])
      }
      let start = max(0, Int(saturating: centre - support + 0.5))
      let end = min(source, Int(saturating: centre + support + 0.5))
      let raw = (start..<end).map { filter.weight((Double($0) - centre + 0.5) / stretch) }
      let total = raw.reduce(0, +)
      let one = Double(1 << precision)
      return Window(start: start, weights: raw.map { Int(saturating: ($0 / total * one).rounded()) })
    }
  }

  /// `picture` with `width`×`height` pixels.
  public static func bilinear(_ picture: Picture, width: Int, height: Int) -> Picture {
    resampled(picture, width: width, height: height, .bilinear)
  }

  /// `picture` with `width`×`height` pixels, under a filter.
  public static func resampled(_ picture: Picture, width: Int, height: Int, _ filter: Filter) -> Picture {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    let wide =
      picture.width == width ? picture : horizontal(picture, windows(from: picture.width, to: width, filter))
    return picture.height == height ? wide : vertical(wide, windows(from: picture.height, to: height, filter))
  }

  private static func horizontal(_ picture: Picture, _ windows: [Window]) -> Picture {
    let channels = picture.channels
    let bytes = picture.bytes
    var out: [UInt8] = []
    out.reserveCapacity(windows.count * picture.height * channels)
    for row in 0..<picture.height {
      for window in windows {
        let first = (row * picture.width + window.start) * channels
        for channel in 0..<channels {
          var sum = 1 << (precision - 1)
          for (k, weight) in window.weights.enumerated() {
            sum += weight * Int(bytes[first + k * channels + channel])
          }
          out.append(UInt8(clamping: sum >> precision))
        }
      }
    }
    return Picture(width: windows.count, height: picture.height, channels: channels, bytes: out)
  }

  private static func vertical(_ picture: Picture, _ windows: [Window]) -> Picture {
    let line = picture.width * picture.channels
    let bytes = picture.bytes
    var out: [UInt8] = []
    out.reserveCapacity(windows.count * line)
    for window in windows {
      for column in 0..<line {
        var sum = 1 << (precision - 1)
        for (k, weight) in window.weights.enumerated() {
          sum += weight * Int(bytes[(window.start + k) * line + column])
        }
        out.append(UInt8(clamping: sum >> precision))
      }
    }
    return Picture(width: picture.width, height: windows.count, channels: picture.channels, bytes: out)
  }
}

extension Picture {
  /// The picture with its shorter side `side` pixels long, the other one in proportion, cut down to a whole number.
  func resized(
    shortSide side: Int, _ filter: Resampling.Filter, _ place: String
  ) throws(ImageError) -> Picture {
    guard 1...Picture.longestSide ~= side else { throw .resize(place, side: side) }
    return try resized(
      width: width <= height ? side : side * width / height,
      height: width <= height ? side * height / width : side, filter, place)
  }

  /// The picture squeezed or stretched to `width`×`height` pixels.
  func resized(
    width: Int, height: Int, _ filter: Resampling.Filter, _ place: String
  ) throws(ImageError) -> Picture {
    for side in [width, height] where !(1...Picture.longestSide ~= side) { throw .resize(place, side: side) }
    guard width * height <= Picture.largestArea else { throw .tooLarge(place, width: width, height: height) }
    return Resampling.resampled(self, width: width, height: height, filter)
  }
}
