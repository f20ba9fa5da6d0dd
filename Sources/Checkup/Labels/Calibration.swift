internal import Glibc
internal import Tensors

/// How well probabilities tell how often the label is right.
///
/// The expected calibration error of Guo, Pleiss, Sun, Weinberger, ICML 2017: over 15 equal bins of the probability p of
/// the label, Σ (n_b/n)·|accuracy − mean p|. Part of it is chance: ``chance`` is the 95 % quantile of the error when right
/// and wrong are drawn anew from p itself, so that an error below it says nothing (Vaicenavicius et al., AISTATS 2019).
/// ``temperature`` is the T > 0 that maximises the likelihood of softmax(f/T): 1 for a calibrated model, larger for one
/// that is too sure.
public struct Calibration: Codable, Sendable, Equatable {
  public var count: Int
  /// The expected calibration error, Σ (n_b/n)·|accuracy − mean p| over the bins: 0 to 1.
  public var error: Double
  /// The 95 % quantile of the error of a calibrated model with these probabilities.
  public var chance: Double
  /// Mean probability less accuracy: positive where the model is too sure.
  public var excess: Double
  /// The likeliest T of softmax(f/T), sought from 0.001 to 1000.
  public var temperature: Double
  /// Fifteen, by ascending probability, those without an image too.
  public var bins: [Bin]

  /// Images whose probability lies in one fifteenth of 0…1.
  public struct Bin: Codable, Sendable, Equatable {
    public var count: Int
    /// Mean probability of the label; 0 in an empty bin.
    public var confidence: Double
    /// The share of right labels; 0 in an empty bin.
    public var accuracy: Double
  }

  static let binCount = 15
  private static let redraws = 200

  /// Takes the probability of each label, whether it was right, and the logits with their true classes; without logits for
  /// all of them the temperature is 1.
  ///
  /// Cost: no pass through a network; 200 redraws of n bits, some 60 sums over the logits.
  public init(probabilities: [Double], isRight: [Bool], logits: [[Float]], truth: [Int], seed: UInt64 = 1) {
    count = probabilities.count
    let places = probabilities.map { min(Self.binCount - 1, Int(max(0, $0) * Double(Self.binCount))) }
    func error(_ right: [Bool]) -> Double {
      var (n, p, a) = (
        [Double](repeating: 0, count: Self.binCount), [Double](repeating: 0, count: Self.binCount),
        [Double](repeating: 0, count: Self.binCount)
      )
      for (i, b) in places.enumerated() {
        n[b] += 1
        p[b] += probabilities[i]
        a[b] += right[i] ? 1 : 0
      }
      return zip(p, a).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(max(1, probabilities.count))
    }
    self.error = error(isRight)
    var generator = SeededGenerator(seed: seed, stream: 15)
    let drawn = (0..<Self.redraws).map { _ in error(probabilities.map { generator.uniform() < $0 }) }.sorted()
    chance = drawn[Self.redraws * 95 / 100]
    let right = isRight.filter { $0 }.count
    excess = (probabilities.reduce(0, +) - Double(right)) / Double(max(1, count))
    bins = (0..<Self.binCount).map { b in
      let own = places.indices.filter { places[$0] == b }
      let size = Double(max(1, own.count))
      return Bin(
        count: own.count, confidence: own.reduce(0) { $0 + probabilities[$1] } / size,
        accuracy: Double(own.filter { isRight[$0] }.count) / size)
    }
    let rows = zip(logits, truth).filter { $0.indices.contains($1) }
    temperature =
      logits.count == truth.count && !rows.isEmpty
      ? Self.temperature(of: rows.map(\.0), rows.map(\.1)) : 1
  }

  /// The likeliest T between 1/1000 and 1000, by golden section on log T: the likelihood has one maximum.
  static func temperature(of logits: [[Float]], _ truth: [Int]) -> Double {
    func loss(_ log: Double) -> Double {
      let inverse = exp(-log)
      return zip(logits, truth).reduce(0) { sum, entry in
        let (row, k) = entry
        let largest = Double(row.max() ?? 0)
        let total = row.reduce(0) { $0 + exp((Double($1) - largest) * inverse) }
        return sum + Glibc.log(total) - (Double(row[k]) - largest) * inverse
      }
    }
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (Glibc.log(1e-3), Glibc.log(1e3))
    var (a, b) = (high - golden * (high - low), low + golden * (high - low))
    var (fa, fb) = (loss(a), loss(b))
    while high - low > 1e-3 {
      if fa < fb {
        (high, b, fb) = (b, a, fa)
        a = high - golden * (high - low)
        fa = loss(a)
      } else {
        (low, a, fa) = (a, b, fb)
        b = low + golden * (high - low)
        fb = loss(b)
      }
    }
    return exp((low + high) / 2)
  }
}
