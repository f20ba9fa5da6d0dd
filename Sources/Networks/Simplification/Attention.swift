internal import Tensors

/// Attention as exporters write it: a product of queries and keys, scales and masks, a softmax, a product with values.
extension Simplification {
  /// Scores as a sum: scale·(value of a node) + mask.
  private struct Scores {
    var scale: Float = 1
    var mask: Tensor?
    var node: Int
  }

  mutating func recognizeAttention(_ i: Int) {
    let inputs = graph.nodes[i].inputs
    guard graph.nodes[i].operation is MatrixProduct, case .node(let p) = inputs[0], readers[p] == 1,
      let softmax = graph.nodes[p].operation as? Softmax, isLast(softmax.axis, shapes[p]),
      let scores = scores(of: graph.nodes[p].inputs[0]), readers[scores.node] == 1
    else { return }
    let product = graph.nodes[scores.node].inputs
    let (q, k) = (factors(product[0]), factors(product[1]))
    guard let keys = keys(k.operand), isAttention(q.operand, keys.shape, inputs[1], scores) else { return }
    graph.nodes[i].operation = DotProductAttention(
      scale: scores.scale * q.scale * k.scale, mask: scores.mask)
    turn(keys)
    read([q.operand, keys.operand, inputs[1]], at: i)
  }

  private func isLast(_ axis: Int, _ shape: Shape) -> Bool { axis == -1 || axis == shape.rank - 1 }

  /// The matrix product behind scores that only this softmax reads.
  private func scores(of operand: Operand) -> Scores? {
    guard case .node(var j) = operand else { return nil }
    var scores = Scores(node: j)
    while readers[j] == 1, !(graph.nodes[j].operation is MatrixProduct) {
      guard peel(j, &scores), case .node(let next)? = value(j) else { return nil }
      j = next
      scores.node = j
    }
    return graph.nodes[j].operation is MatrixProduct ? scores : nil
  }

  /// The one of a node's inputs that is no constant.
  private func value(_ j: Int) -> Operand? {
    graph.nodes[j].inputs.first { if case .constant = $0 { false } else { true } }
  }

  /// Takes a scale, a mask or a reshape of the scores into account; whether node j is one.
  private func peel(_ j: Int, _ scores: inout Scores) -> Bool {
    let node = graph.nodes[j]
    switch node.operation {
    case let affine as Affine:  // a shift of all scores changes no softmax
      scores.scale *= affine.scale
      return true
    case is Addition:
      guard let constant = node.inputs.compactMap(constant).first else { return false }
      let mask = scores.scale * constant
      scores.mask = scores.mask.map { combine(.sum, $0, mask) } ?? mask
      return true
    case is Reshape:
      let (before, after) = (shape(node.inputs[0]), shapes[j])
      guard before.extents.suffix(2) == after.extents.suffix(2) else { return false }
      if let mask = scores.mask {
        guard mask.shape.broadcast(with: after) == after else { return false }
        scores.mask = mask.broadcast(to: after).reshaped(to: before)
      }
      return true
    default: return false
    }
  }

  private func constant(_ operand: Operand) -> Tensor? {
    if case .constant(let k) = operand { graph.constants[k] } else { nil }
  }

  /// The operand behind pure scales, and their product.
  private func factors(_ operand: Operand) -> (operand: Operand, scale: Float) {
    var (operand, scale) = (operand, Float(1))
    while case .node(let j) = operand, let affine = graph.nodes[j].operation as? Affine, affine.shift == 0 {
      scale *= affine.scale
      operand = graph.nodes[j].inputs[0]
    }
    return (operand, scale)
  }

  /// Keys of …×M×d behind what turns them to …×d×M.
  private struct Keys {
    /// Where they are read from.
    var operand: Operand
    var shape: Shape
    /// A transposition that nobody else reads and that is to leave the last two axes as they are, and its order then.
    var turned: (node: Int, permutation: [Int])?
  }

  private func keys(_ operand: Operand) -> Keys? {
    guard case .node(let j) = operand, let transpose = graph.nodes[j].operation as? Transpose else {
      return nil
    }
    let scaled = factors(graph.nodes[j].inputs[0])
    var permutation = transpose.permutation
    let rank = permutation.count
    permutation.swapAt(rank - 1, rank - 2)
    guard scaled.scale == 1 else { return nil }
    if permutation == Array(0..<rank) { return Keys(operand: scaled.operand, shape: shape(scaled.operand)) }
    guard readers[j] == 1 else { return nil }
    return Keys(
      operand: operand, shape: Shape(permutation.map { shape(graph.nodes[j].inputs[0])[$0] }),
      turned: (j, permutation))
  }

  private mutating func turn(_ keys: Keys) {
    if let turned = keys.turned {
      graph.nodes[turned.node].operation = Transpose(permutation: turned.permutation)
      shapes[turned.node] = keys.shape
    }
  }

  /// Whether the shapes are those of attention whose heads are the same for queries, keys and values.
  private func isAttention(_ q: Operand, _ keys: Shape, _ v: Operand, _ scores: Scores) -> Bool {
    let attention = DotProductAttention(scale: 1)
    let queries = shape(q)
    guard let found = try? attention.outputShape([queries, keys, shape(v)]), queries.rank > 2 else {
      return false
    }
    let expected = Shape(queries.extents.dropLast() + [keys[keys.rank - 2]])
    guard let mask = scores.mask else { return found.rank == queries.rank }
    return mask.shape.broadcast(with: expected) == expected
  }
}
