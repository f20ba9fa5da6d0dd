internal import Networks
internal import Tensors

/// `Attention`: softmax(s·QKᵀ + mask)·V for several heads, as ONNX has it since opset 23.
///
/// Source: Vaswani et al., NeurIPS 2017; heads that share keys and values: Ainslie et al., EMNLP 2023.
enum Attention {
  static let builders: [String: Builder] = ["Attention": attention]

  /// Queries, keys and values, N×heads×length×size each.
  private struct Heads {
    var queries: Edge
    var keys: Edge
    var values: Edge
  }

  @Sendable private static func attention(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let isFlat = try call.shape(0).rank == 3
    var heads = try heads(call, &builder)
    heads.keys = try extended(heads.keys, by: 4, call, &builder)
    heads.values = try extended(heads.values, by: 5, call, &builder)
    let present = [heads.keys, heads.values]
    let queries = heads.queries.shape!
    heads.keys = try repeated(heads.keys, queries[1], call, &builder)
    heads.values = try repeated(heads.values, queries[1], call, &builder)
    let plain = try scores(heads.queries, heads.keys, call, &builder)
    let softcap = try call.attributes.float("softcap", default: 0)
    let capped = softcap > 0 ? try cap(plain, softcap, call, &builder) : plain
    let bias = try AttentionMask(call, scores: plain.shape!, past: call.has(4) ? try call.shape(4)[2] : 0)
    let biased = try bias.added(to: capped, call, &builder)
    let soft = try builder.add(Softmax(axis: 3), of: [biased], for: call)
    let shares = try bias.cleared(soft, call, &builder)
    var result = try builder.add(MatrixProduct(), of: [shares, heads.values], for: call)
    if isFlat { result = try joined(result, call, &builder) }
    let mode = call.attributes.integer("qk_matmul_output_mode", default: 0)
    guard (0...3).contains(mode) else { throw call.bad("qk_matmul_output_mode is \(mode), not 0 to 3") }
    return [result] + present + [[plain, capped, try bias.infinite(capped, call, &builder), shares][mode]]
  }

  private static func heads(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Heads {
    let edges = try (0..<3).map { try call.edge($0) }
    let rank = edges[0].shape!.rank
    guard (3...4).contains(rank), edges.allSatisfy({ $0.shape!.rank == rank }) else {
      throw call.bad(
        "takes three arrays of 3 or 4 axes, not \(edges.map { "\($0.shape!)" }.joined(separator: ", "))")
    }
    var split = edges
    if rank == 3 {
      for (i, name) in ["q_num_heads", "kv_num_heads", "kv_num_heads"].enumerated() {
        split[i] = try self.split(edges[i], call.attributes.integer(name, default: 0), call, &builder)
      }
    }
    let (q, k, v) = (split[0].shape!, split[1].shape!, split[2].shape!)
    guard q[0] == k[0], k[0] == v[0], q[3] == k[3], k[1] == v[1], k[2] == v[2], k[1] > 0, q[1] % k[1] == 0
    else {
      throw call.bad("queries of \(q), keys of \(k) and values of \(v) do not match")
    }
    return Heads(queries: split[0], keys: split[1], values: split[2])
  }

  /// Past keys or values before the present ones.
  private static func extended(
    _ edge: Edge, by input: Int, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    guard call.has(input) else { return edge }
    let past = try call.edge(input)
    guard past.shape!.rank == 4 else { throw call.bad("its past of \(past.shape!) does not have 4 axes") }
    if let a = past.value, let b = edge.value,
      past.shape!.extents.enumerated().allSatisfy({ $0 == 2 || $1 == b.shape[$0] })
    {
      return .known(.concatenating([a, b], axis: 2))
    }
    return try builder.add(Concatenation(axis: 2), of: [past, edge], for: call)
  }

  /// Each head of the keys as often as there are heads of the queries for it.
  private static func repeated(
    _ edge: Edge, _ count: Int, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let own = edge.shape![1]
    if own == count { return edge }
    return try Gathers.pick(
      edge, (0..<count).map { $0 / (count / own) }, axis: 1, shape: [count], call, &builder)
  }

  /// N×L×D as heads, N×heads×L×(D/heads).
  static func split(_ edge: Edge, _ heads: Int, _ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> Edge
  {
    let s = edge.shape!
    guard heads > 0, s.rank == 3, s[2] % heads == 0 else {
      throw call.bad("\(heads) heads do not divide \(s)")
    }
    let apart = try builder.reshape(edge, to: [s[0], s[1], heads, s[2] / heads], for: call)
    return try builder.transpose(apart, [0, 2, 1, 3], for: call)
  }

  /// Heads put together again.
  static func joined(_ heads: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    let turned = try builder.transpose(heads, [0, 2, 1, 3], for: call)
    let s = turned.shape!
    return try builder.reshape(turned, to: [s[0], s[1], s[2] * s[3]], for: call)
  }

  /// s·QKᵀ.
  static func scores(_ queries: Edge, _ keys: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> Edge
  {
    guard queries.shape![3] == keys.shape![3], queries.shape![1] == keys.shape![1] else {
      throw call.bad("queries of \(queries.shape!) and keys of \(keys.shape!) do not match")
    }
    let size = queries.shape![3]
    let stated = try call.attributes.float("scale", default: 0)
    let scale = stated == 0 ? 1 / Float(max(1, size)).squareRoot() : stated
    let scaled = try builder.add(Affine(scale: scale, shift: 0), of: [queries], for: call)
    let turned = try builder.transposeMatrix(keys, for: call)
    return try builder.add(MatrixProduct(), of: [scaled, turned], for: call)
  }

  /// c·tanh(x/c).
  private static func cap(
    _ x: Edge, _ limit: Float, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let small = try builder.add(Affine(scale: 1 / limit, shift: 0), of: [x], for: call)
    let bounded = try builder.add(Elementwise(.tanh), of: [small], for: call)
    return try builder.add(Affine(scale: limit, shift: 0), of: [bounded], for: call)
  }
}
