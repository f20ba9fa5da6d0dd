public import Experiments
public import Tensors

/// Images of a set that are nearly the same.
///
/// Two images count as the same where the root mean square of their difference is at most 2 of 255. Candidates are those
/// whose means of 4×4 fields differ by no more, sorted by the first field, so that most pairs are never compared.
public struct Duplicates: StoredOutcome {
  public var count: Int
  /// Indices of the set: every two that are nearly the same, the lower one first.
  public var pairs: [[Int]]

  /// How many images are copies of one before them.
  public var copies: Int { Set(pairs.map { $0[1] }).count }

  static let tolerance = 2.0 / 255

  /// Finds the pairs among images N×C×H×W, pixels in [0, 1].
  public init(_ images: Tensor) {
    count = images.count
    let fields = (0..<images.count).map { Self.fields(images, $0) }
    let order = fields.indices.sorted { fields[$0][0] < fields[$1][0] }
    pairs = []
    for (place, i) in order.enumerated() {
      for j in order[(place + 1)...] {
        guard fields[j][0] - fields[i][0] <= 2 * Self.tolerance else { break }
        guard zip(fields[i], fields[j]).allSatisfy({ abs($0 - $1) <= 4 * Self.tolerance }),
          Self.distance(images, i, j) <= Self.tolerance
        else { continue }
        pairs.append([min(i, j), max(i, j)])
      }
    }
    pairs.sort { ($0[0], $0[1]) < ($1[0], $1[1]) }
  }

  /// The mean of the image, then those of 4×4 fields over all channels.
  private static func fields(_ images: Tensor, _ n: Int) -> [Double] {
    let (channels, rows, columns) = (images.shape[1], images.shape[2], images.shape[3])
    let x = images.entryElements(n)
    var sums = [Double](repeating: 0, count: 16)
    var sizes = [Double](repeating: 0, count: 16)
    var at = x.startIndex
    for _ in 0..<channels {
      for row in 0..<rows {
        for column in 0..<columns {
          let field = 4 * (4 * row / rows) + 4 * column / columns
          sums[field] += Double(x[at])
          sizes[field] += 1
          at += 1
        }
      }
    }
    let means = zip(sums, sizes).map { $0 / max(1, $1) }
    return [sums.reduce(0, +) / Double(max(1, x.count))] + means
  }

  private static func distance(_ images: Tensor, _ i: Int, _ j: Int) -> Double {
    let (a, b) = (images.entryElements(i), images.entryElements(j))
    let sum = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    return (sum / Double(max(1, a.count))).squareRoot()
  }
}
