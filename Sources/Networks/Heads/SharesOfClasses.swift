internal import Glibc
internal import Tensors

// Outputs that are probabilities without being a function of one row of logits: averages of several networks' shares,
// calibrated scores, votes.
extension Graph {
  /// log p in the place of probabilities p of `width` classes that nothing lies before to take margins on; nil where the
  /// output is no such thing.
  ///
  /// softmax(log p) = p where the shares sum to 1, so that the model's own probabilities stay, and log p does not saturate
  /// as p does. One number p of several sigmoids becomes (0, log p − log(1 − p)).
  func separatingShares(_ shapes: [Shape], width: Int) -> (graph: Graph, head: Head)? {
    var bounds = ValueBounds(graph: self, shapes: shapes)
    let range = bounds.of(output)
    guard range.lower >= -1e-5, width > 1 ? areShares() : range.upper <= 1 + 1e-5 else { return nil }
    var graph = ending(in: unshaped(output))
    let p = graph.output
    let logarithm = graph.appendLogarithm(of: p)
    var softmax = Graph(imageShape: [1, max(2, width)])
    softmax.append(Softmax(axis: 1), of: [.image])
    guard width == 1 else { return (graph, Head(kind: .probabilities, function: softmax)) }
    let rest = graph.append(Affine(scale: -1, shift: 1), of: [p])
    let opposite = graph.appendLogarithm(of: rest)
    let z = graph.append(Subtraction(), of: [logarithm, opposite])
    guard let own = try? graph.outputShapes(batch: 1) else { return nil }
    let pair = graph.twoClasses(z, own, rises: true, at: 0)
    return (pair, Head(kind: .probabilities, isBinary: true, function: softmax))
  }

  private mutating func appendLogarithm(of value: Operand) -> Operand {
    let bounded = append(Clamp(lower: .leastNormalMagnitude, upper: nil), of: [value])
    return append(Elementwise(.log), of: [bounded])
  }

  /// Whether the rows of some images sum to 1 and are not all the same; the first that does not ends the trial.
  private func areShares() -> Bool {
    var random = SeededGenerator(seed: 1)
    var rows: Set<[Float]> = []
    // Dark, grey, bright, and far from any picture: scores that are cut off there must not all be cut off.
    for scale: Float in [0, 0.3, 1, 255, -255, -255, -255] {
      let noise = random.gaussianVector(imageShape.count).map { scale < 0 ? $0 * scale : abs($0) * scale }
      let row = value(at: Tensor(shape: imageShape, elements: noise)).elements
      guard abs(row.reduce(0, +) - 1) < 1e-4 else { return false }
      rows.insert(row)
    }
    return rows.count > 1
  }
}

/// Between which limits the values of a graph provably stay, as far as what averages, weighs and orders numbers tells.
private struct ValueBounds {
  let graph: Graph
  let shapes: [Shape]
  private var known: [Int: Interval] = [:]
  /// Values farther from the output are not looked at.
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
    if let own = node.operation.ownBounds { return own }
    guard node.operation.hasBounds else { return .everything }
    let inputs = node.inputs.map { of($0, depth: depth + 1) }
    if node.operation is Total {
      let terms = graph.shape(of: node.inputs[0], nodes: shapes, batch: 1).count / max(1, shapes[i].count)
      return inputs[0].map { $0 * Float(terms) }
    }
    return node.operation.bounds(inputs)
  }
}

extension Operation {
  /// The limits that need no knowledge of the input; nil where there are none.
  fileprivate var ownBounds: Interval? {
    switch self {
    case is Softmax, is Comparison: .shares
    case let function as Elementwise where function.function == .sigmoid: .shares
    default: nil
    }
  }

  /// Whether ``bounds(_:)`` says anything.
  fileprivate var hasBounds: Bool {
    switch self {
    case is Affine, is Mean, is Total, is Clamp, is Rectifier, is Addition, is Multiplication, is Division,
      is Dense, is Step,
      is AbsoluteValue:
      true
    case let function as Elementwise: [.exp, .reciprocal].contains(function.function)
    default: self is any SelectingOperation || rearranges
    }
  }

  /// The limits of the output by those of the inputs.
  fileprivate func bounds(_ x: [Interval]) -> Interval {
    switch self {
    case let affine as Affine: x[0].map { affine.scale * $0 + affine.shift }
    case let clamp as Clamp:
      x[0].map { min(max($0, clamp.lower ?? $0), clamp.upper ?? .greatestFiniteMagnitude) }
    case let rectifier as Rectifier:
      rectifier.slope < 0 ? .everything : x[0].map { $0 > 0 ? $0 : rectifier.slope * $0 }
    case let function as Elementwise:
      function.function == .exp ? x[0].map { expf($0) } : x[0].isPositive ? .positive : .everything
    case is AbsoluteValue: x[0].magnitude
    case let step as Step: step.function == .sign ? x[0].sign : Interval(x[0].lower - 1, x[0].upper + 1)
    case is Addition: x[0] + x[1]
    case is Multiplication: x[0] * x[1]
    case is Division: x[0].isPositive && x[1].isPositive ? .positive : .everything
    case let dense as Dense: dense.bounds(x[0])
    default: x.dropFirst().reduce(x[0]) { Interval(min($0.lower, $1.lower), max($0.upper, $1.upper)) }
    }
  }
}

extension Interval {
  fileprivate static let positive = Interval(0, .greatestFiniteMagnitude)

  fileprivate var magnitude: Interval {
    isPositive ? self : Interval(isNegative ? -upper : 0, max(-lower, upper))
  }

  fileprivate var sign: Interval { Interval(lower < 0 ? -1 : 0, upper > 0 ? 1 : 0) }

  fileprivate static func * (a: Interval, b: Interval) -> Interval {
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    return Interval(products.min() ?? 0, products.max() ?? 0)
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
