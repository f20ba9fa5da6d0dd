internal import Networks
internal import Tensors

/// Which key each query may look at: all masks of an attention as one array of numbers added to the scores.
///
/// −∞ where it may not. A query that may look at nothing gives zeros.
struct AttentionMask {
  /// What is added, −∞ left out of rows that hold nothing else; nil where nothing is masked.
  private let bias: Tensor?
  /// The same with every −∞.
  private let whole: Tensor?
  /// 0 for the queries that may look at nothing, else 1; nil where there are none.
  private let rows: Tensor?

  /// The mask of scores N×heads×queries×keys, where `past` keys come before those of the queries.
  init(_ call: OperatorCall, scores: Shape, past: Int) throws {
    var mask: Tensor?
    if call.has(3) {
      let given = try call.value(3, "masks")
      mask = try Self.additive(given, keys: scores[3], call)
      guard mask!.shape.broadcast(with: scores) == scores else {
        throw call.bad("a mask of \(given.shape) does not fit \(scores)")
      }
    }
    let valid = try call.integers(6, "lengths")
    guard valid == nil || valid!.count == scores[0] else {
      throw call.bad("\(valid!.count) lengths for \(scores[0]) images")
    }
    if let allowed = try Self.allowed(call, scores, past, valid) {
      let base = mask ?? Tensor(zeros: [1])
      mask = combine(.sum, base, allowed)
    }
    whole = mask
    guard let mask else {
      (bias, rows) = (nil, nil)
      return
    }
    (bias, rows) = Self.split(mask)
  }

  /// The mask as numbers, with −∞ for the keys it does not reach.
  private static func additive(_ mask: Value, keys: Int, _ call: OperatorCall) throws -> Tensor {
    let numbers = mask.kind == .boolean ? mask.booleans.map { $0 ? 0 : -Float.infinity } : mask.floats
    guard !numbers.contains(where: \.isNaN), let width = mask.shape.extents.last, width <= keys else {
      throw call.bad("a mask of \(mask.shape) does not fit \(keys) keys")
    }
    var after = [Int](repeating: 0, count: mask.shape.rank)
    after[after.count - 1] = keys - width
    let padding = Padding(before: after.map { _ in 0 }, after: after, value: -.infinity)
    return padding.forward([Tensor(shape: mask.shape, elements: numbers)])
  }

  /// 0 for the keys that order, window and length allow, −∞ for the others; nil where they allow all.
  private static func allowed(_ call: OperatorCall, _ s: Shape, _ past: Int, _ valid: [Int]?) throws
    -> Tensor?
  {
    let isCausal = call.attributes.integer("is_causal", default: 0) != 0
    let left = call.attributes.integer("left_window_size", default: -1)
    let right = call.attributes.integer("right_window_size", default: -1)
    guard isCausal || left >= 0 || right >= 0 || valid != nil else { return nil }
    let shape = try call.checked([valid == nil ? 1 : s[0], 1, s[2], s[3]])
    var elements: [Float] = []
    for n in 0..<shape[0] {
      let offset = valid.map { $0[n] &- s[2] } ?? past
      for i in 0..<s[2] {
        for j in 0..<s[3] {
          let ahead = j &- i &- offset
          let isAllowed =
            (!isCausal || ahead <= 0) && (left < 0 || -ahead <= left) && (right < 0 || ahead <= right)
            && j < valid?[n] ?? .max
          elements.append(isAllowed ? 0 : -.infinity)
        }
      }
    }
    return Tensor(shape: shape, elements: elements)
  }

  /// The mask without the rows that are −∞ throughout, and flags of the others.
  private static func split(_ mask: Tensor) -> (bias: Tensor, rows: Tensor?) {
    let keys = mask.shape.extents.last ?? 1
    var (bias, flags) = (mask, [Float]())
    for row in 0..<(keys > 0 ? mask.elements.count / keys : 0) {
      let range = row * keys..<(row + 1) * keys
      let isEmpty = mask.elements[range].allSatisfy { $0 == -.infinity }
      flags.append(isEmpty ? 0 : 1)
      if isEmpty { for i in range { bias.elements[i] = 0 } }
    }
    guard flags.contains(0) else { return (bias, nil) }
    return (bias, Tensor(shape: Shape(mask.shape.extents.dropLast() + [1]), elements: flags))
  }

  func added(to scores: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    guard let bias else { return scores }
    return try builder.add(Addition(), of: [scores, .known(Value(bias))], for: call)
  }

  /// The scores with every −∞, as an output of their own.
  func infinite(_ scores: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    guard let whole else { return scores }
    return try builder.add(Addition(), of: [scores, .known(Value(whole))], for: call)
  }

  /// The shares with zeros for queries that may look at nothing.
  func cleared(_ shares: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    guard let rows else { return shares }
    return try builder.add(Multiplication(), of: [shares, .known(Value(rows))], for: call)
  }
}
