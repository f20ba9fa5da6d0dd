internal import Glibc

/// A range of values along an edge of a plot, linear or logarithmic, with ticks at round numbers.
public struct Axis: Hashable, Sendable {
  /// Whether equal distances are equal differences or equal ratios.
  public enum Scale: Sendable { case linear, logarithmic }

  /// A round number on an axis, with the text beside it.
  public struct Tick: Hashable, Sendable {
    /// The number itself, in the units of the axis.
    public let value: Double
    /// The number as it is written beside the axis.
    public let label: String
  }

  /// The value at position 0, finite.
  public let lower: Double
  /// The value at position 1, finite.
  public let upper: Double
  /// As it came out: linear where a logarithmic one was asked for without positive limits.
  public let scale: Scale
  /// Whether ticks stand at whole numbers alone.
  private var isCounting = false

  /// A range without extent is widened; a logarithmic axis needs positive limits, else it becomes linear.
  public init(_ range: ClosedRange<Double>, scale: Scale = .linear) {
    var (a, b) = (range.lowerBound, range.upperBound)
    if !a.isFinite || !b.isFinite { (a, b) = (0, 1) }
    self.scale = scale == .logarithmic && a > 0 ? .logarithmic : .linear
    if b - a <= abs(a) * 1e-9 {
      (a, b) =
        a > 0 && self.scale == .logarithmic
        ? (a / 2, b * 2) : (a - max(1, abs(a) * 1e-3), b + max(1, abs(b) * 1e-3))
    }
    (lower, upper) = (a, b)
  }

  /// An axis of things that are counted, such as checkpoints.
  public init(counting range: ClosedRange<Int>) {
    self.init(Double(range.lowerBound)...Double(range.upperBound))
    isCounting = true
  }

  /// An axis that shows all finite values, its ends at round numbers when linear.
  public init(around values: some Sequence<Double>, scale: Scale = .linear, includesZero: Bool = false) {
    var finite = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
    if includesZero, scale == .linear { finite.append(0) }
    self.init((finite.min() ?? 0)...(finite.max() ?? 1), scale: scale)
    guard self.scale == .linear else { return }
    let step = Self.step(upper - lower, count: 8)
    self.init((lower / step + 1e-9).rounded(.down) * step...(upper / step - 1e-9).rounded(.up) * step)
  }

  /// Where a value lies between the ends, 0…1 inside; not finite for values a logarithmic axis cannot show.
  public func position(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - lower) / (upper - lower)
    case .logarithmic: value > 0 ? log(value / lower) / log(upper / lower) : -.infinity
    }
  }

  /// At most about `count` ticks at 1, 2 or 5 times powers of ten, in increasing order.
  public func ticks(_ count: Int) -> [Tick] {
    guard count > 0 else { return [] }
    if scale == .logarithmic { return logarithmicTicks(count) }
    // A range that holds one multiple of the step gets the next finer one: one tick says nothing about the scale.
    let finer = count > 1 ? (count...2 * count).lazy.map(linearTicks).first { $0.count > 1 } : nil
    return finer ?? linearTicks(count)
  }

  private func linearTicks(_ count: Int) -> [Tick] {
    let step = max(isCounting ? 1 : 0, Self.step(upper - lower, count: count))
    let digits = max(0, -Int(log10(step * 1.0001).rounded(.down)))
    let first = (lower / step - 1e-6).rounded(.up)
    let last = (upper / step + 1e-6).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    // So many digits that two ticks beside each other never read the same.
    let figures = max(3, Int(log10(max(abs(lower), abs(upper)) / step).rounded(.up)) + 1)
    return stride(from: first, through: last, by: 1).map { n in
      let value = n == 0 ? 0 : n * step
      return Tick(
        value: value, label: digits > 4 ? Number.short(value, digits: figures) : Number.fixed(value, digits))
    }
  }

  private func logarithmicTicks(_ count: Int) -> [Tick] {
    let powers = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    for factors in [[1.0, 2, 5], [1.0, 3], [1.0]] {
      let values = powers.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
      let inside = values.filter { $0 >= lower * (1 - 1e-9) && $0 <= upper * (1 + 1e-9) }
      if inside.count <= count || factors.count == 1 {
        let every = max(1, (inside.count + count - 1) / count)
        return inside.enumerated().filter { $0.offset % every == 0 }.map {
          Tick(value: $0.element, label: Number.short($0.element, digits: 1))
        }
      }
    }
    return []
  }

  /// A step of 1, 2 or 5 times a power of ten that divides `extent` into about `count` parts, no more.
  static func step(_ extent: Double, count: Int) -> Double {
    let rough = extent / Double(max(1, count))
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1.0, 2, 5].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
    return factor * power
  }
}
