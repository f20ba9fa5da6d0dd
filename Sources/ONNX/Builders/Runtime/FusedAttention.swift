internal import Networks
internal import Tensors

/// Attention as ONNX Runtime's optimiser writes it (domain `com.microsoft`), and rotary positions.
enum FusedAttention {
  static let builders: [String: Builder] = [
    "com.microsoft.Attention": attention, "com.microsoft.MultiHeadAttention": manyHeads,
    "com.microsoft.RotaryEmbedding": { try rotary($0, table: (2, 3), positions: 1, &$1) },
    "RotaryEmbedding": { try rotary($0, table: (1, 2), positions: 3, &$1) },
  ]

  /// Queries, keys and values of one product with the weights N×L×D · D×3D′.
  @Sendable private static func attention(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    for (i, what) in [(3, "a mask index"), (4, "past keys"), (6, "a past length")] where call.has(i) {
      throw call.missing(what)
    }
    var rows = try MatrixProducts.product(try call.edge(0), try call.edge(1), call, &builder)
    if call.has(2) { rows = try Arithmetic.sum(rows, try call.edge(2), call, &builder) }
    let (shape, heads) = (rows.shape!, call.attributes.integer("num_heads", default: 0))
    guard shape.rank == 3 else { throw call.bad("its product of \(shape) does not have 3 axes") }
    let sizes = call.attributes.integers("qkv_hidden_sizes") ?? [Int](repeating: shape[2] / 3, count: 3)
    guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 && $0 <= shape[2] }),
      sizes.reduce(0, +) == shape[2]
    else { throw call.bad("parts of \(sizes.prefix(4)) do not make up \(shape)") }
    var start = 0
    let parts = try sizes.map { size in
      defer { start += size }
      let range = SliceRanges(axes: [2], starts: [start], ends: [start + size], steps: [1], in: shape)
      return try Slices.slice(rows, range, call, &builder)
    }
    return [try attended(parts, heads, bias: 5, call, &builder)]
  }

  /// Queries, keys and values N×L×D, each with its part of one bias.
  @Sendable private static func manyHeads(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    for (i, what) in [(4, "a mask of keys"), (6, "past keys"), (7, "past values")] where call.has(i) {
      throw call.missing(what)
    }
    guard call.has(1), call.has(2), try (0..<3).allSatisfy({ try call.shape($0).rank == 3 }) else {
      throw call.missing("packed or split heads")
    }
    var parts = try (0..<3).map { try call.edge($0) }
    if call.has(3) {
      let (bias, widths) = (try call.edge(3), parts.map { $0.shape![2] })
      guard bias.shape!.count == widths.reduce(0, +) else {
        throw call.bad("biases of \(bias.shape!) do not fit")
      }
      var start = 0
      for i in 0..<3 {
        let range = SliceRanges(
          axes: [0], starts: [start], ends: [start + widths[i]], steps: [1], in: bias.shape!)
        parts[i] = try Arithmetic.sum(parts[i], try Slices.slice(bias, range, call, &builder), call, &builder)
        start += widths[i]
      }
    }
    let heads = call.attributes.integer("num_heads", default: 0)
    return [try attended(parts, heads, bias: 5, call, &builder)]
  }

  /// softmax(s·QKᵀ + bias)·V of N×L×D arrays in heads.
  private static func attended(
    _ parts: [Edge], _ heads: Int, bias: Int, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let split = try parts.map { try Attention.split($0, heads, call, &builder) }
    var scores = try Attention.scores(split[0], split[1], call, &builder)
    if call.has(bias) { scores = try Arithmetic.sum(scores, try call.edge(bias), call, &builder) }
    if call.attributes.integer("unidirectional", default: 0) != 0 {
      let s = scores.shape!
      let later = Tensor(
        shape: [s[2], s[3]],
        elements: (0..<s[2] * s[3]).map { $0 % s[3] > $0 / s[3] + s[3] - s[2] ? -1e30 : 0 })
      scores = try Arithmetic.sum(scores, .known(Value(later)), call, &builder)
    }
    let shares = try builder.add(Softmax(axis: 3), of: [scores], for: call)
    let mixed = try builder.add(MatrixProduct(), of: [shares, split[2]], for: call)
    return try Attention.joined(mixed, call, &builder)
  }

  /// Pairs of numbers turned by angles that grow with the position (Su et al., "RoFormer", 2021).
  ///
  /// The halves a, b of each head (or its even and odd places) become a·cos − b·sin and b·cos + a·sin.
  private static func rotary(
    _ call: OperatorCall, table: (Int, Int), positions: Int, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let x = try call.edge(0)
    let isFlat = x.shape!.rank == 3
    let width = try call.shape(table.0).extents.last ?? 0
    let stated = call.attributes.integer("num_heads", default: 0)
    let heads = isFlat && stated == 0 && width > 0 ? x.shape![2] / (2 * width) : stated
    let split = isFlat ? try Attention.split(x, heads, call, &builder) : x
    let s = split.shape!
    let size = call.attributes.integer("rotary_embedding_dim", default: 0)
    guard s.rank == 4 else { throw call.bad("queries of \(s) do not have 4 axes") }
    let turned = size == 0 ? s[3] : size
    guard turned > 0, turned <= s[3], turned == 2 * width else {
      throw call.bad("angles of \(width) numbers do not fit heads of \(s)")
    }
    let angles = try [table.0, table.1].map {
      try self.angles(call, input: $0, positions: positions, length: s[2], &builder)
    }
    let isInterleaved = call.attributes.integer("interleaved", default: 0) != 0
    let places = (0..<turned).map { isInterleaved ? $0 : $0 % width * 2 + $0 / width }
    // Where the first and the second of each pair lie, and where each result comes from.
    let first = (0..<width).map { places.firstIndex(of: 2 * $0)! }
    let second = (0..<width).map { places.firstIndex(of: 2 * $0 + 1)! }
    let a = try Gathers.pick(split, first, axis: 3, shape: [width], call, &builder)
    let b = try Gathers.pick(split, second, axis: 3, shape: [width], call, &builder)
    func product(_ x: Edge, _ k: Int) throws -> Edge { try Arithmetic.product(x, angles[k], call, &builder) }
    let left = try builder.add(Subtraction(), of: [try product(a, 0), try product(b, 1)], for: call)
    let right = try builder.add(Addition(), of: [try product(b, 0), try product(a, 1)], for: call)
    var parts = [left, right]
    if turned < s[3] {
      parts.append(
        try Gathers.pick(split, Array(turned..<s[3]), axis: 3, shape: [s[3] - turned], call, &builder))
    }
    let joined = try builder.add(Concatenation(axis: 3), of: parts, for: call)
    let order = places.map { $0 % 2 * width + $0 / 2 } + Array(turned..<s[3])
    let result = try Gathers.pick(joined, order, axis: 3, shape: [s[3]], call, &builder)
    return [isFlat ? try Attention.joined(result, call, &builder) : result]
  }

  /// The cosines or sines of each position: 1×1×L×W or N×1×L×W.
  private static func angles(
    _ call: OperatorCall, input: Int, positions: Int, length: Int, _ builder: inout GraphBuilder
  ) throws -> Edge {
    var table = try call.value(input, "angles")
    if call.has(positions) {
      let places = try call.value(positions, "positions")
      let numbers =
        places.shape.count == 1
        ? (0..<length).map { places.integers[0] &+ $0 } : places.integers
      guard table.shape.rank == 2, numbers.allSatisfy({ $0 >= 0 && $0 < table.shape[0] }) else {
        throw call.bad("a position lies outside angles of \(table.shape)")
      }
      table = table.gathering(numbers, axis: 0, indexShape: [numbers.count / length, length])
    }
    let s = table.shape
    guard s.rank == 3, s[1] == length else { throw call.bad("angles of \(s) do not fit \(length) places") }
    return .known(table.reshaped(to: [s[0], 1, s[1], s[2]]))
  }
}
