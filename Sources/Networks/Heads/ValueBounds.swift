internal import Tensors

/// Bounds of a value; the ends are met in the limit only.
struct Interval: Equatable {
  let lower: Float
  let upper: Float

  /// No number is larger, so that functions have their limits at the ends.
  static let everything = Interval(-.greatestFiniteMagnitude, .greatestFiniteMagnitude)
  static let shares = Interval(0, 1)
  static let positive = Interval(0, .greatestFiniteMagnitude)

  init(_ a: Float, _ b: Float) {
    let far = Float.greatestFiniteMagnitude
    lower = max(-far, min(a, b))
    upper = min(far, max(a, b))
  }

  var isPositive: Bool { lower >= 0 }
  var isNegative: Bool { upper <= 0 }

  func map(_ function: (Float) -> Float) -> Interval { Interval(function(lower), function(upper)) }

  var magnitude: Interval { isPositive ? self : Interval(isNegative ? -upper : 0, max(-lower, upper)) }

  static func + (a: Interval, b: Interval) -> Interval { Interval(a.lower + b.lower, a.upper + b.upper) }

  static func * (a: Interval, b: Interval) -> Interval {
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    return Interval(products.min() ?? 0, products.max() ?? 0)
  }

}

/// Between which limits the values of a graph provably stay, as far as what averages, weighs and orders numbers tells.
struct ValueBounds {
  let graph: Graph
  let shapes: [Shape]
  private var known: [Int: Interval] = [:]
  /// Values farther from the first that is asked for are not looked at.
  private static let deepest = 64

  init(graph: Graph, shapes: [Shape]) { (self.graph, self.shapes) = (graph, shapes) }

  mutating func of(_ operand: Operand, depth: Int = 0) -> Interval {
    switch operand {
    case .image: return .everything
    case .constant(let k):
      let elements = graph.constants[k].elements
      return Interval(elements.min() ?? 0, elements.max() ?? 0)
    case .node(let i):
      if let found = known[i] { return found }
      let found = depth > Self.deepest ? .everything : bounds(i, depth)
      known[i] = found
      return found
    }
  }

  private mutating func bounds(_ i: Int, _ depth: Int) -> Interval {
    let node = graph.nodes[i]
    guard node.operation.hasBounds else { return .everything }
    let inputs = node.inputs.map { of($0, depth: depth + 1) }
    let read = graph.shape(of: node.inputs[0], nodes: shapes, batch: 1).count
    return node.operation.bounds(inputs, terms: read / max(1, shapes[i].count))
  }
}

// MARK: - Operations

extension Operation {
  /// Whether ``bounds(_:terms:)`` says anything.
  fileprivate var hasBounds: Bool {
    switch self {
    case is Affine, is Mean, is Total, is GlobalMaxPool, is Clamp, is Rectifier, is Addition,
      is Multiplication,
      is Division, is Dense, is Step, is AbsoluteValue, is Elementwise, is Root, is Softmax, is Comparison:
      true
    default: self is any SelectingOperation || rearranges
    }
  }

  /// The limits of the output by those of the inputs; `terms` numbers of the first make one of a total.
  func bounds(_ inputs: [Interval], terms: Int) -> Interval {
    let x = inputs[0]
    return switch self {
    case is Softmax, is Comparison: .shares
    case is Mean, is GlobalMaxPool: x
    case is Total: x.map { $0 * Float(terms) }
    case is Addition: x + inputs[1]
    case is Multiplication: x * inputs[1]
    case is Division: x.isPositive && inputs[1].isPositive ? .positive : .everything
    case is AbsoluteValue: x.magnitude
    case let dense as Dense: dense.bounds(x)
    case let root as Root where x.isPositive: x.map(root.value)
    default: pointwiseBounds(x) ?? (moves ? Self.hull(inputs) : .everything)
    }
  }

  private func pointwiseBounds(_ x: Interval) -> Interval? {
    switch self {
    case let affine as Affine: x.map { affine.scale * $0 + affine.shift }
    case let clamp as Clamp:
      x.map { min(max($0, clamp.lower ?? $0), clamp.upper ?? .greatestFiniteMagnitude) }
    case let rectifier as Rectifier where rectifier.slope >= 0: x.map { $0 > 0 ? $0 : rectifier.slope * $0 }
    case let function as Elementwise where function.direction(on: x) != nil: x.map(function.limit)
    case let step as Step:
      step.function == .sign
        ? Interval(x.lower < 0 ? -1 : 0, x.upper > 0 ? 1 : 0) : Interval(x.lower - 1, x.upper + 1)
    default: nil
    }
  }

  /// Whether every number of the output is one of the inputs'.
  private var moves: Bool { self is any SelectingOperation && !(self is Padding) || rearranges }

  private static func hull(_ x: [Interval]) -> Interval {
    x.dropFirst().reduce(x[0]) { Interval(min($0.lower, $1.lower), max($0.upper, $1.upper)) }
  }
}

extension Dense {
  /// Of all outputs together, for inputs between two limits.
  fileprivate func bounds(_ x: Interval) -> Interval {
    var (least, most) = (Float.greatestFiniteMagnitude, -Float.greatestFiniteMagnitude)
    for k in 0..<outputs {
      var (low, high) = (bias?[k] ?? 0, bias?[k] ?? 0)
      for w in weights.elements[k * inputs..<(k + 1) * inputs] {
        low += min(w * x.lower, w * x.upper)
        high += max(w * x.lower, w * x.upper)
      }
      (least, most) = (min(least, low), max(most, high))
    }
    return Interval(least, most)
  }
}

extension Root {
  func value(_ x: Float) -> Float { values(Tensor(shape: [1], elements: [x])).elements[0] }
}

extension Elementwise {
  func limit(_ x: Float) -> Float {
    let y = function.derivatives(at: x).0
    return y.isNaN ? 0 : y
  }

  /// Whether the function rises, or falls, strictly on an interval; nil where it does neither.
  func direction(on interval: Interval) -> Bool? {
    switch function {
    case .sigmoid, .tanh, .softplus, .softsign, .selu, .erf, .exp, .softRectifier, .softClamp: true
    case .elu(let alpha): alpha > 0 ? true : nil
    case .log, .sqrt: interval.isPositive ? true : nil
    case .reciprocal: interval.isPositive ? false : nil
    case .power(let p): interval.isPositive && p != 0 ? p > 0 : nil
    case .leakyRectifier(let slope): slope > 0 ? true : nil
    case .gelu, .geluTanh, .silu, .mish, .softAbsolute, .clamp, .absolute, .hardSwish, .softHardSwish: nil
    }
  }
}
