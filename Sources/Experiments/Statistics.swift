/// Mean and spread of numbers that were measured.
package struct Statistics {
  package let sorted: [Double]
  package let mean: Double
  /// Standard deviation, with n − 1; zero of a single number.
  package let deviation: Double

  package init(_ numbers: [Double]) {
    sorted = numbers.sorted()
    let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
    self.mean = mean
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / Double(max(1, numbers.count - 1))).squareRoot()
  }

  /// The smallest number that at least a share q of them do not exceed; not a number where there are none.
  package func quantile(_ q: Double) -> Double {
    guard !sorted.isEmpty else { return .nan }
    let rank = Int((q * Double(sorted.count)).rounded(.up)) - 1
    return sorted[min(sorted.count - 1, max(0, rank))]
  }

  /// The middle number, of an even number of them the mean of the middle two; not a number where there are none.
  package var median: Double {
    sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// A 95 % interval of the median of what the numbers are drawn from, whatever its distribution: order statistics of the
  /// ranks n/2 − z·√n/2 and 1 + n/2 + z·√n/2, z = 1.96 (Conover, Practical Nonparametric Statistics, 3.2).
  ///
  /// All that was seen where there are too few; nil where there are none, or one is not a number.
  package var medianInterval: ClosedRange<Double>? {
    guard let first = sorted.first, let last = sorted.last, sorted.allSatisfy({ !$0.isNaN }) else {
      return nil
    }
    let half = 1.959963984540054 * Double(sorted.count).squareRoot() / 2
    let low = Int((Double(sorted.count) / 2 - half).rounded())
    let high = Int((1 + Double(sorted.count) / 2 + half).rounded())
    return (low < 1 ? first : sorted[low - 1])...(high > sorted.count ? last : sorted[high - 1])
  }
}
