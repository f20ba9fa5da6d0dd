internal import Tensors

/// Antialiased bilinear resampling as Pillow and torchvision do it for 8-bit pictures.
///
/// Each result pixel is a weighted mean under a triangle whose half width is one result pixel, at least one source
/// pixel; weights in fixed point with 22 fractional bits, rows before columns, rounded to bytes in between.
public struct Resampling: Sendable {
  private static let precision = 22

  /// First source index and weights of each result index.
  private struct Window {
    let start: Int
    let weights: [Int]
  }

  private static func windows(from source: Int, to target: Int) -> [Window] {
    let scale = Double(source) / Double(target)
    let support = max(1, scale)
    return (0..<target).map { i in
      let centre = (Double(i) + 0.5) * scale
      let start = max(0, Int(saturating: centre - support + 0.5))
      let end = min(source, Int(saturating: centre + support + 0.5))
      let raw = (start..<end).map { max(0, 1 - abs((Double($0) - centre + 0.5) / support)) }
      let total = raw.reduce(0, +)
      let one = Double(1 << precision)
      return Window(start: start, weights: raw.map { Int(saturating: ($0 / total * one).rounded()) })
    }
  }

  /// `picture` with `width`×`height` pixels.
  public static func bilinear(_ picture: Picture, width: Int, height: Int) -> Picture {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    let wide = picture.width == width ? picture : horizontal(picture, windows(from: picture.width, to: width))
    return picture.height == height ? wide : vertical(wide, windows(from: picture.height, to: height))
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
  func resized(shortSide side: Int, _ place: String) throws(ImageError) -> Picture {
    guard 1...Picture.longestSide ~= side else { throw .resize(place, side: side) }
    let wide = width <= height ? side : side * width / height
    let high = width <= height ? side * height / width : side
    guard wide * high <= Picture.largestArea else {
      throw .tooLarge(place, width: wide, height: high)
    }
    return Resampling.bilinear(self, width: wide, height: high)
  }

  /// The square of `side` pixels in the middle, as torchvision cuts it; nil where the picture is smaller.
  func croppedAtCentre(side: Int) -> Picture? {
    guard side > 0, side <= width, side <= height else { return nil }
    let top = Int(saturating: (Double(height - side) / 2).rounded(.toNearestOrEven))
    let left = Int(saturating: (Double(width - side) / 2).rounded(.toNearestOrEven))
    var out: [UInt8] = []
    out.reserveCapacity(side * side * channels)
    for row in top..<top + side {
      let start = (row * width + left) * channels
      out += bytes[start..<start + side * channels]
    }
    return Picture(width: side, height: side, channels: channels, bytes: out)
  }
}
