public import LinearAlgebra
public import Tensors

/// The largest agreement of two subspaces of image space over cyclic shifts of one of them.
///
/// A network of convolutions bends along much the same pattern wherever it stands, so that subspaces which differ by a
/// shift share what a cosine does not see. Every `stride`-th shift down and across is tried, without a shift among them;
/// at most some 1,024 of them. Cost: m²·C·H·W multiply-adds for each shift.
public struct ShiftedSubspaces: Sendable {
  /// The largest cosine of principal angles over the shifts.
  public let largest: Double
  /// The largest mean cos² over the shifts.
  public let overlap: Double
  /// The shift with that overlap, rows down and columns to the right.
  public let shift: [Int]

  /// The agreement of spans of images C×H×W, `shape`.
  public init(_ first: Subspace, _ second: Subspace, shape: Shape) {
    precondition(first.dimension == shape.count && second.dimension == shape.count, "subspaces of \(shape)")
    let (height, width) = (shape[1], shape[2])
    let step = max(1, (max(height, width) + 31) / 32)
    var best = (largest: 0.0, overlap: -1.0, shift: [0, 0])
    for down in stride(from: 0, to: height, by: step) {
      for right in stride(from: 0, to: width, by: step) {
        let cosines = first.cosines(to: Self.shifted(second, shape, down, right))
        let overlap = Self.overlap(cosines)
        best.largest = max(best.largest, cosines.first ?? 0)
        if overlap > best.overlap { (best.overlap, best.shift) = (overlap, [down, right]) }
      }
    }
    (largest, overlap, shift) = (best.largest, best.overlap, best.shift)
  }

  /// Mean cos² of principal angles: 1 of equal subspaces, m/d in the mean of random ones of m of d dimensions.
  public static func overlap(_ cosines: [Double]) -> Double {
    cosines.reduce(0) { $0 + $1 * $1 } / Double(max(1, cosines.count))
  }

  private static func shifted(_ subspace: Subspace, _ shape: Shape, _ down: Int, _ right: Int) -> Subspace {
    if down == 0, right == 0 { return subspace }
    let (height, width) = (shape[1], shape[2])
    var moved = [Float](repeating: 0, count: subspace.basis.count)
    for row in 0..<subspace.basis.count / width {
      let (plane, y) = (row / height, row % height)
      let target = (plane * height + (y + down) % height) * width
      for x in 0..<width { moved[target + (x + right) % width] = subspace.basis[row * width + x] }
    }
    return Subspace(orthonormal: moved, dimension: subspace.dimension)
  }
}
