internal import Tensors

/// What is known of a value behind a row z of K > 1 scores.
enum RowOrder: Equatable {
  /// φ(zᵢ) at every i, with one strictly monotone φ that may depend on the whole row.
  case monotone(rises: Bool, Interval)
  /// One number a row, a function of all of z.
  case common(Interval)
  /// Any function of z.
  case other

  var interval: Interval {
    switch self {
    case .monotone(_, let interval), .common(let interval): interval
    case .other: .everything
    }
  }

  var isMonotone: Bool { if case .monotone = self { true } else { false } }
}

// MARK: - Operations

extension RowOrder {
  /// What is known of the output of an operation.
  ///
  /// Takes what is known of the inputs, and the shapes of inputs and output for one image.
  static func of(
    _ operation: any Operation, _ inputs: [RowOrder], shapes: [Shape], output: Shape, width: Int
  ) -> RowOrder {
    if output.count == 1 {
      return .common(operation.bounds(inputs.map(\.interval), terms: shapes[0].count))
    }
    guard output.count == width, output.extents.count(where: { $0 != 1 }) == 1, !inputs.contains(.other)
    else {
      return .other
    }
    return ordered(operation, inputs) ?? .other
  }

  /// The same of K numbers a row; nil where their order may be lost.
  private static func ordered(_ operation: any Operation, _ inputs: [RowOrder]) -> RowOrder? {
    switch operation {
    case is Reshape, is Transpose, is Expansion: return inputs[0]
    case is Concatenation: return inputs.count == 1 ? inputs[0] : nil
    case let affine as Affine: return inputs[0].scaled(affine.scale, shift: affine.shift)
    case let channels as ChannelAffine:
      guard Set(channels.scale).count == 1, Set(channels.shift).count == 1 else { return nil }
      return inputs[0].scaled(channels.scale[0], shift: channels.shift[0])
    case let function as Elementwise: return inputs[0].through(function)
    case let root as Root: return inputs[0].interval.isPositive ? inputs[0].map(true) { root.value($0) } : nil
    case is Softmax: return inputs[0].map(true) { $0 > 0 ? 1 : 0 }
    case is LogSoftmax: return inputs[0].map(true) { $0 > 0 ? 0 : $0 }
    case is AbsoluteValue: return inputs[0].interval.isPositive ? inputs[0] : nil
    case let clamp as Clamp: return inputs[0].clamped(clamp)
    case let rectifier as Rectifier:
      guard rectifier.slope > 0 || inputs[0].interval.isPositive else { return nil }
      return inputs[0].map(true) { $0 > 0 ? $0 : rectifier.slope * $0 }
    case is Addition: return sum(inputs[0], inputs[1])
    case is Subtraction: return sum(inputs[0], inputs[1].scaled(-1, shift: 0))
    case is Multiplication: return product(inputs[0], inputs[1])
    case is Division: return quotient(inputs[0], inputs[1])
    default: return nil
    }
  }

  private func map(_ rises: Bool, _ function: (Float) -> Float) -> RowOrder {
    switch self {
    case .monotone(let before, let interval): .monotone(rises: before == rises, interval.map(function))
    case .common(let interval): .common(interval.map(function))
    case .other: .other
    }
  }

  private func scaled(_ scale: Float, shift: Float) -> RowOrder? {
    if scale == 0, isMonotone { return nil }
    return map(scale > 0) { scale * $0 + shift }
  }

  private func through(_ function: Elementwise) -> RowOrder? {
    guard let rises = function.direction(on: interval) else { return nil }
    return map(rises, function.limit)
  }

  /// Limits that cut off nothing, or no more than a guard against the logarithm of zero does.
  private func clamped(_ clamp: Clamp) -> RowOrder? {
    let width = interval == .shares ? Float(1e-3) : 0
    let lower = clamp.lower.map { $0 <= interval.lower + width || interval.isNegative && $0 <= -15 } ?? true
    let upper = clamp.upper.map { $0 >= interval.upper - width } ?? true
    return lower && upper ? self : nil
  }

  private static func sum(_ a: RowOrder?, _ b: RowOrder?) -> RowOrder? {
    guard let a, let b else { return nil }
    let interval = a.interval + b.interval
    switch (a, b) {
    case (.monotone(let first, _), .monotone(let second, _)):
      return first == second ? .monotone(rises: first, interval) : nil
    case (.monotone(let rises, _), .common), (.common, .monotone(let rises, _)):
      return .monotone(rises: rises, interval)
    case (.common, .common): return .common(interval)
    default: return nil
    }
  }

  private static func product(_ a: RowOrder, _ b: RowOrder) -> RowOrder? {
    let (x, y) = (a.interval, b.interval)
    let interval = x.isPositive && y.isPositive ? Interval(x.lower * y.lower, x.upper * y.upper) : .everything
    switch (a, b) {
    case (.monotone(let first, _), .monotone(let second, _)):
      return x.isPositive && y.isPositive && first == second ? .monotone(rises: first, interval) : nil
    case (.monotone(let rises, _), .common(let factor)), (.common(let factor), .monotone(let rises, _)):
      guard factor.isPositive || factor.isNegative, factor != Interval(0, 0) else { return nil }
      return .monotone(rises: rises == factor.isPositive, interval)
    case (.common, .common): return .common(interval)
    default: return nil
    }
  }

  /// Behind a division by their sum, numbers that are not negative are shares.
  private static func quotient(_ a: RowOrder, _ b: RowOrder) -> RowOrder? {
    let (x, y) = (a.interval, b.interval)
    switch (a, b) {
    case (.monotone(let rises, _), .common):
      guard y.isPositive || y.isNegative else { return nil }
      let isConstant = y.lower == y.upper
      let interval =
        isConstant ? x.map { $0 / y.lower } : x.isPositive && y.isPositive ? .shares : .everything
      return .monotone(rises: rises == y.isPositive, interval)
    case (.common, .monotone(let rises, _)):
      guard x.isPositive, y.isPositive else { return nil }
      return .monotone(rises: !rises, Interval(0, .infinity))
    case (.common, .common): return .common(.everything)
    default: return nil
    }
  }
}
