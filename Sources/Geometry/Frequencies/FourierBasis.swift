internal import Glibc

/// A spatial frequency of a plane of pixels, in whole cycles over its height and over its width.
public struct SpatialFrequency: Hashable, Sendable, Codable {
  /// i: cycles over the height, with their sign.
  public var rows: Int
  /// j: cycles over the width, with their sign.
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// Cycles an image, in whatever direction.
  public var radius: Double { Double(rows * rows + columns * columns).squareRoot() }
}

/// The real two-dimensional Fourier basis of planes of H×W pixels.
///
/// U_{ij}(y, x) = c·cos(2π(i·y/H + j·x/W)) with c such that ‖U_{ij}‖₂ = 1: its discrete Fourier transform is zero but
/// at (i, j) and at the Hermitian partner (−i, −j), whose plane is the same. Planes of different pairs are orthogonal.
/// Source: Yin et al., A Fourier perspective on model robustness in computer vision, NeurIPS 2019, section 2.
public struct FourierBasis: Hashable, Sendable {
  /// H in pixels.
  public let height: Int
  /// W in pixels.
  public let width: Int

  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "planes of \(height)×\(width)")
    self.height = height
    self.width = width
  }

  /// U_{ij}, H×W row by row.
  public func plane(_ frequency: SpatialFrequency) -> [Float] {
    let isSelfPaired = partner(of: frequency) == frequency
    let amplitude = ((isSelfPaired ? 1 : 2) / Double(height * width)).squareRoot()
    return (0..<height).flatMap { y in
      (0..<width).map { x in
        // Whole turns are dropped first: they would cost digits.
        let turns =
          Double(frequency.rows * y % height) / Double(height)
          + Double(frequency.columns * x % width) / Double(width)
        return Float(amplitude * cos(2 * Double.pi * turns))
      }
    }
  }

  /// The frequency with the same plane.
  public func partner(of frequency: SpatialFrequency) -> SpatialFrequency {
    SpatialFrequency(
      rows: Self.wrapped(-frequency.rows, height), columns: Self.wrapped(-frequency.columns, width))
  }

  /// Frequencies down and across, ascending from −⌊H/2⌋ and −⌊W/2⌋, those up to `cutoff` alone.
  public func axes(cutoff: Int) -> (rows: [Int], columns: [Int]) {
    func axis(_ extent: Int) -> [Int] { Array(-(extent / 2)..<(extent + 1) / 2).filter { abs($0) <= cutoff } }
    return (axis(height), axis(width))
  }

  private static func wrapped(_ frequency: Int, _ extent: Int) -> Int {
    frequency >= (extent + 1) / 2 ? frequency - extent : frequency
  }
}
