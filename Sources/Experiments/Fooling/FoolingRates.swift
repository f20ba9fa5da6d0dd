internal import Geometry

/// The share of images whose label a perturbation changes, in all the ways it is told.
public struct FoolingRates: Codable, Sendable, Equatable {
  /// Images judged.
  public var count: Int
  /// Share with k(x + v) ≠ k(x).
  public var rate: Double
  /// Lower and upper end of the 95 % Wilson interval of the rate.
  public var interval: [Double]
  /// The rate of −v.
  public var opposite: Double
  /// Share that v or −v fools.
  public var either: Double
  /// The rate of v where x + v is clipped to [0, 1].
  public var clipped: Double
  /// What the rate could be at most: 1 − the share of the class that most fooled images get.
  public var ceiling: Double
}

extension FoolingRates {
  init(_ rate: FoolingRate) {
    self.init(
      count: rate.count, rate: rate.rate, interval: [rate.interval.lowerBound, rate.interval.upperBound],
      opposite: rate.opposite.rate, either: rate.either.rate, clipped: rate.clipped.rate,
      ceiling: rate.ceiling)
  }
}
