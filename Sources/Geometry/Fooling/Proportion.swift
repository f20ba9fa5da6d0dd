/// A share of independent trials, with its uncertainty.
public struct Proportion: Hashable, Sendable, Codable {
  /// Trials in which what is counted happened.
  public let successes: Int
  /// n, all of them.
  public let trials: Int

  public init(_ successes: Int, of trials: Int) {
    precondition(successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
    self.successes = successes
    self.trials = trials
  }

  /// The share; 0 without trials.
  public var rate: Double { trials > 0 ? Double(successes) / Double(trials) : 0 }

  /// The 95 % interval of Wilson (JASA 22, 1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
  ///
  /// Everything from 0 to 1 without trials.
  public var interval: ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let z = 1.959963984540054
    let n = Double(trials)
    let center = rate + z * z / (2 * n)
    let half = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return max(0, (center - half) / scale)...min(1, (center + half) / scale)
  }
}
