public import Geometry
internal import Tensors

/// Which classes are taken for which others, where the true classes are known.
public struct Confusion: Codable, Sendable, Equatable {
  /// K, how many there are.
  public var classes: Int
  /// counts[truth][label].
  public var counts: [[Int]]

  /// Counts images by true class and label; those whose true class is not in 0..<K are left out.
  public init(truth: [Int], labels: [Int], classes: Int) {
    self.classes = classes
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (k, label) in zip(truth, labels) where (0..<classes).contains(k) { counts[k][label] += 1 }
  }

  public func size(of k: Int) -> Int { counts[k].reduce(0, +) }
  /// The share of right labels among all images that are counted.
  public var accuracy: Proportion {
    Proportion(
      (0..<classes).reduce(0) { $0 + counts[$1][$1] }, of: (0..<classes).reduce(0) { $0 + size(of: $1) })
  }

  /// How often class k is recognised.
  public func recall(of k: Int) -> Proportion { Proportion(counts[k][k], of: size(of: k)) }

  /// Images of class k that get label l.
  public func share(of k: Int, as l: Int) -> Proportion { Proportion(counts[k][l], of: size(of: k)) }

  /// Classes of which there are at least `least` images, and that no image gets.
  public func neverNamed(least: Int) -> [Int] {
    (0..<classes).filter { l in size(of: l) >= least && (0..<classes).allSatisfy { counts[$0][l] == 0 } }
  }

  /// Pairs that change places: of their images that get one of both labels, more get the wrong one than the right one, of
  /// each of the two, and of both together beyond what chance gives.
  public func swapped(least: Int) -> [(Int, Int)] {
    pairs(least: least) { a, b in
      let (aa, ab, ba, bb) = (counts[a][a], counts[a][b], counts[b][a], counts[b][b])
      guard ab > aa, ba > bb, aa + ab + ba + bb >= least else { return false }
      return Proportion(aa + bb, of: aa + ab + ba + bb).interval.upperBound < 0.5
    }
  }

  /// Pairs that the model cannot tell apart, although it tells both from all others: of the images of the two that get
  /// one of both labels, the label says nothing of the class.
  public func alike(least: Int) -> [(Int, Int)] {
    pairs(least: least) { a, b in
      let (aa, ab, ba, bb) = (counts[a][a], counts[a][b], counts[b][a], counts[b][b])
      guard aa + ab >= least, ba + bb >= least else { return false }
      let (first, second) = (Proportion(ab, of: aa + ab), Proportion(bb, of: ba + bb))
      let difference = second.rate - first.rate
      let error = (first.variance + second.variance).squareRoot()
      let others = (0..<classes).filter { $0 != a && $0 != b && size(of: $0) >= least }
      let elsewhere = others.map { recall(of: $0).rate }.reduce(0, +) / Double(max(1, others.count))
      return difference + 1.96 * error < 0.35 && abs(difference) < 2.5 * error + 0.1 && elsewhere > 0.5
        && Double(aa + ab + ba + bb) > 0.5 * Double(size(of: a) + size(of: b))
    }
  }

  private func pairs(least: Int, where holds: (Int, Int) -> Bool) -> [(Int, Int)] {
    let large = (0..<classes).filter { size(of: $0) >= least }
    return large.flatMap { a in large.filter { $0 > a && holds(a, $0) }.map { (a, $0) } }
  }

  /// The largest confusions, as shares of the class.
  public func largest(_ count: Int) -> [(truth: Int, label: Int, share: Proportion)] {
    let all = (0..<classes).flatMap { k in
      (0..<classes).filter { $0 != k && counts[k][$0] > 0 }.map {
        (truth: k, label: $0, share: share(of: k, as: $0))
      }
    }
    return Array(all.sorted { ($1.share.successes, $0.truth) < ($0.share.successes, $1.truth) }.prefix(count))
  }
}

extension Proportion {
  /// Of the rate, as a binomial one has it.
  fileprivate var variance: Double { trials > 0 ? rate * (1 - rate) / Double(trials) : 0 }
}
