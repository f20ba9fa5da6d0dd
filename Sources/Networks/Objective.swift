public import Tensors

/// A scalar function g of the logits of one image; the images of a batch each have their own.
///
/// `range` says which images of the whole batch the rows of `y` (N×K) belong to.
public protocol Objective: Sendable {
  func values(_ y: Tensor, range: Range<Int>) -> [Float]
  /// ∇g, N×K.
  func gradient(_ y: Tensor, range: Range<Int>) -> Tensor
  /// ∇²g·ẏ, N×K.
  func hessianProduct(_ y: Tensor, _ tangent: Tensor, range: Range<Int>) -> Tensor
}

/// The margin by which another class beats class k: negative where k wins, zero on the boundary.
///
/// Positive curvature of its zero set means that the boundary bends towards the region of k. Scores stand in logit
/// units, so a margin divided by the norm of its gradient is a distance in pixel units, to first order.
public enum Margin: Objective, Hashable, Codable {
  /// F = f_l − f_k for image i with k = own[i], l = other[i].
  case pair(own: [Int], other: [Int])
  /// G = max_{j≠k} f_j − f_k for image i with k = own[i]: the boundary of the whole region of class k.
  case region(own: [Int])

  /// Class k of each image of the whole batch.
  public var own: [Int] {
    switch self {
    case .pair(let own, _), .region(let own): own
    }
  }

  /// The same margin for the images with these indices.
  public func gathering(_ indices: [Int]) -> Margin {
    switch self {
    case .pair(let own, let other): .pair(own: indices.map { own[$0] }, other: indices.map { other[$0] })
    case .region(let own): .region(own: indices.map { own[$0] })
    }
  }

  /// The class that stands against k at logits `row`, for image `i` of the whole batch.
  public func rival(_ row: ArraySlice<Float>, image i: Int) -> Int {
    switch self {
    case .pair(_, let other): return other[i]
    case .region(let own):
      let classes = row.indices.filter { $0 - row.startIndex != own[i] }
      return classes.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) }! - row.startIndex
    }
  }

  public func values(_ y: Tensor, range: Range<Int>) -> [Float] {
    (0..<y.count).map { n in
      let row = y.entryElements(n)
      let i = range.lowerBound + n
      return row[row.startIndex + rival(row, image: i)] - row[row.startIndex + own[i]]
    }
  }

  public func gradient(_ y: Tensor, range: Range<Int>) -> Tensor {
    var gradient = Tensor(zeros: y.shape)
    let classes = y.entryCount
    for n in 0..<y.count {
      let i = range.lowerBound + n
      gradient.elements[n * classes + rival(y.entryElements(n), image: i)] += 1
      gradient.elements[n * classes + own[i]] -= 1
    }
    return gradient
  }

  public func hessianProduct(_ y: Tensor, _ tangent: Tensor, range: Range<Int>) -> Tensor {
    Tensor(zeros: y.shape)
  }
}
