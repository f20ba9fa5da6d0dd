internal import Glibc
public import LinearAlgebra

/// The orthonormal two-dimensional cosine basis of planes of H×W pixels: the DCT-II.
///
/// V_{kl}(y, x) = a_k·cos(πk(2y + 1)/2H) · b_l·cos(πl(2x + 1)/2W) with k half periods down and l across; a₀ = √(1/H),
/// else a_k = √(2/H), and b likewise. Source: Ahmed, Natarajan, Rao, IEEE Transactions on Computers, 1974.
public struct CosineBasis: Hashable, Sendable {
  /// H in pixels.
  public let height: Int
  /// W in pixels.
  public let width: Int

  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "planes of \(height)×\(width)")
    self.height = height
    self.width = width
  }

  /// V_{kl}, H×W row by row.
  public func plane(_ k: Int, _ l: Int) -> [Float] {
    precondition(0..<height ~= k && 0..<width ~= l, "cosines \(k), \(l) of \(height)×\(width)")
    let (down, across) = (Self.wave(k, height), Self.wave(l, width))
    return down.flatMap { a in across.map { Float(a * $0) } }
  }

  /// The images of C planes whose cosines have k in `rows` and l in `columns`: dimension C·|rows|·|columns|.
  public func span(rows: Range<Int>, columns: Range<Int>, channels: Int) -> Subspace {
    let area = height * width
    var basis: [Float] = []
    basis.reserveCapacity(rows.count * columns.count * channels * channels * area)
    for k in rows {
      for l in columns {
        let plane = plane(k, l)
        for channel in 0..<channels {
          basis += [Float](repeating: 0, count: channel * area) + plane
          basis += [Float](repeating: 0, count: (channels - 1 - channel) * area)
        }
      }
    }
    return Subspace(orthonormal: basis, dimension: channels * area)
  }

  private static func wave(_ k: Int, _ extent: Int) -> [Double] {
    let amplitude = ((k == 0 ? 1 : 2) / Double(extent)).squareRoot()
    // The angle is told modulo a whole turn, 4·extent quarter steps of it.
    return (0..<extent).map { y in
      amplitude * cos(Double.pi * Double(k * (2 * y + 1) % (4 * extent)) / Double(2 * extent))
    }
  }
}
