internal import Tensors

/// Queries, keys and values of every head, and the pieces of the products with their probabilities.
struct AttentionHeads {
  let q, k, v: Tensor
  let scale: Float
  private let mask: Tensor?
  /// For each head of an image, which matrix of the mask is its.
  private let maskOfHead: [Int]
  let count: Int
  /// N, M, d and e.
  let queries, keys, depth, width: Int

  /// Scores of a block: they lie near a core.
  private static let blockScores = 1 << 16

  init(_ attention: DotProductAttention, _ inputs: [Tensor]) {
    (q, k, v) = (inputs[0], inputs[1], inputs[2])
    (scale, mask) = (attention.scale, attention.mask)
    let rank = q.shape.rank
    let heads = Shape(Array(q.shape.extents.dropLast(2)))
    count = heads.count
    (queries, keys) = (q.shape[rank - 2], k.shape[rank - 2])
    (depth, width) = (q.shape[rank - 1], v.shape[rank - 1])
    maskOfHead = mask.map { Self.maskOfHead($0.shape, heads) } ?? []
  }

  /// The mask's matrix of each head of one image: those of the others are the same.
  private static func maskOfHead(_ mask: Shape, _ heads: Shape) -> [Int] {
    let own = Shape(Array(mask.extents.dropLast(2)))
    let ramp = Tensor(shape: own, elements: (0..<own.count).map(Float.init))
    let image = heads.rank > 0 ? heads.batch(of: 1) : heads
    let target = own.broadcast(with: image) == image ? image : own
    return ramp.broadcast(to: target).elements.map { Int($0) }
  }

  private var blockRows: Int { max(1, min(queries, Self.blockScores / max(1, keys))) }

  /// Some queries of one head.
  struct Block {
    let heads: AttentionHeads
    let head: Int
    let first: Int
    let rows: Int

    var keys: Int { head * heads.keys }
  }

  private func block(_ head: Int, _ b: Int) -> Block {
    let first = b * blockRows
    return Block(heads: self, head: head, first: first, rows: min(blockRows, queries - first))
  }

  private var blocks: Int { (queries + blockRows - 1) / blockRows }

  private var work: Int { count * queries * keys * (depth + width) }

  /// Calls `body` for all queries in blocks, on several threads, with where the block's rows of the output begin.
  func forEachBlock(
    into out: UnsafeMutableBufferPointer<Float>, _ body: (Block, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard let y = out.baseAddress, out.count > 0 else { return }
    together(over: count * blocks, work: work) { i in
      let block = block(i / blocks, i % blocks)
      body(block, y + (block.head * queries + block.first) * width)
    }
  }

  /// What `body` adds to queries, keys and values, `batches` of each one behind the other, head by head.
  ///
  /// Its pointers are to the block's queries, and to its head's keys and values, of the first batch.
  func gathered(
    batches: Int,
    _ body: (
      Block, _ q: UnsafeMutablePointer<Float>, _ k: UnsafeMutablePointer<Float>,
      _ v: UnsafeMutablePointer<Float>
    ) -> Void
  ) -> [[Float]] {
    var q = [Float](repeating: 0, count: batches * self.q.elements.count)
    var k = [Float](repeating: 0, count: batches * self.k.elements.count)
    var v = [Float](repeating: 0, count: batches * self.v.elements.count)
    q.withUnsafeMutableBufferPointer { q in
      k.withUnsafeMutableBufferPointer { k in
        v.withUnsafeMutableBufferPointer { v in
          guard let q = q.baseAddress, let k = k.baseAddress, let v = v.baseAddress else { return }
          together(over: count, work: 2 * batches * work) { head in
            for b in 0..<blocks {
              let block = block(head, b)
              body(
                block, q + (head * queries + block.first) * depth, k + head * keys * depth,
                v + head * keys * width)
            }
          }
        }
      }
    }
    return [q, k, v]
  }
}

// MARK: - Products of a block

extension AttentionHeads.Block {
  typealias Numbers = UnsafePointer<Float>
  typealias Room = UnsafeMutablePointer<Float>

  /// Room for a number for each query of the block and each key.
  func withScores(_ body: (Room) -> Void) { withScratch(rows * heads.keys, body) }

  /// P, the softmax of the scores.
  func withProbabilities(_ body: (Numbers) -> Void) {
    withScores { p in
      own(heads.q, heads.depth).withMemory {
        timesKeys($0, heads.k, scale: heads.scale, keeping: 0, into: p)
      }
      heads.addMask(self, to: p)
      Rows(length: heads.keys).softmax(p, rows: rows, into: p)
      body(p)
    }
  }

  /// The rows of an array with `width` numbers a query that are the block's.
  func own(_ x: Tensor, _ width: Int) -> RowsOfTensor {
    RowsOfTensor(x: x, start: (head * heads.queries + first) * width)
  }

  func cotangent(_ yBar: Tensor, batch: Int) -> RowsOfTensor {
    RowsOfTensor(
      x: yBar, start: ((batch * heads.count + head) * heads.queries + first) * heads.width)
  }

  /// scores ← scale·x·kᵀ + β·scores.
  private func timesKeys(_ x: Numbers, _ k: Tensor, scale: Float, keeping beta: Float, into scores: Room) {
    k.elements.withUnsafeBufferPointer { k in
      multiply(
        x, k.baseAddress! + keys * heads.depth, bTransposed: true, into: scores, rows: rows,
        columns: heads.keys, inner: heads.depth, scale: scale, keeping: beta)
    }
  }

  /// y ← scale·scores·x + β·y, where x has a row for each key, from row `start` on.
  func times(
    _ scores: Numbers, _ x: Tensor, at start: Int, scale: Float = 1, keeping beta: Float = 0, into y: Room
  ) {
    let columns = x.shape[x.shape.rank - 1]
    x.elements.withUnsafeBufferPointer { x in
      multiply(
        scores, x.baseAddress! + start * columns, into: y, rows: rows, columns: columns, inner: heads.keys,
        scale: scale, keeping: beta)
    }
  }

  /// y ← y + scale·scoresᵀ·x, where x has a row for each query of the block.
  func timesTransposed(
    _ scores: Numbers, _ x: RowsOfTensor, columns: Int, scale: Float = 1, into y: Room
  ) {
    x.withMemory { x in
      multiply(
        scores, aTransposed: true, x, into: y, rows: heads.keys, columns: columns, inner: rows, scale: scale,
        keeping: 1)
    }
  }

  /// Ṗ along the tangents of queries and keys; whether any of them moves.
  func movedProbabilities(_ p: Numbers, _ tangents: [Tensor?], into pDot: Room) -> Bool {
    guard tangents[0] != nil || tangents[1] != nil else { return false }
    if let q = tangents[0] {
      own(q, heads.depth).withMemory { timesKeys($0, heads.k, scale: heads.scale, keeping: 0, into: pDot) }
    }
    if let k = tangents[1] {
      own(heads.q, heads.depth).withMemory {
        timesKeys($0, k, scale: heads.scale, keeping: tangents[0] == nil ? 0 : 1, into: pDot)
      }
    }
    Rows(length: heads.keys).softmaxProduct(p, pDot, rows: rows, into: pDot)
    return true
  }

  /// P̄ = ȳ·vᵀ.
  private func pulledProbabilities(_ yBar: RowsOfTensor, _ v: Tensor, into pBar: Room) {
    yBar.withMemory { yBar in
      v.elements.withUnsafeBufferPointer { v in
        multiply(
          yBar, v.baseAddress! + keys * heads.width, bTransposed: true, into: pBar, rows: rows,
          columns: heads.keys, inner: heads.width)
      }
    }
  }

  /// S̄ = P∘(P̄ − ⟨P, P̄⟩).
  func pulledScores(_ p: Numbers, _ yBar: RowsOfTensor, into sBar: Room) {
    pulledProbabilities(yBar, heads.v, into: sBar)
    Rows(length: heads.keys).softmaxProduct(p, sBar, rows: rows, into: sBar)
  }

  /// The derivative of S̄ along the tangents; Ṗ is nil where it is zero.
  func bentScores(_ p: Numbers, _ pDot: Numbers?, _ yBar: RowsOfTensor, _ vDot: Tensor?, into sBar: Room) {
    if let vDot {
      pulledProbabilities(yBar, vDot, into: sBar)
      Rows(length: heads.keys).softmaxProduct(p, sBar, rows: rows, into: sBar)
    } else {
      sBar.update(repeating: 0, count: rows * heads.keys)
    }
    guard let pDot else { return }
    withScores { pBar in
      pulledProbabilities(yBar, heads.v, into: pBar)
      for row in 0..<rows {
        let line = row * heads.keys..<(row + 1) * heads.keys
        var (mean, moved) = (Float(0), Float(0))
        for i in line {
          mean += p[i] * pBar[i]
          moved += pDot[i] * pBar[i]
        }
        for i in line { sBar[i] += pDot[i] * (pBar[i] - mean) - p[i] * moved }
      }
    }
  }
}

/// Rows of an array from one element on.
struct RowsOfTensor {
  let x: Tensor
  let start: Int

  func withMemory(_ body: (UnsafePointer<Float>) -> Void) {
    x.elements.withUnsafeBufferPointer { body($0.baseAddress! + start) }
  }
}

extension AttentionHeads {
  /// Adds the mask's rows to the scores of a block.
  fileprivate func addMask(_ block: Block, to scores: UnsafeMutablePointer<Float>) {
    guard let mask,
      let matrix = maskOfHead.isEmpty ? nil : Optional(maskOfHead[block.head % maskOfHead.count])
    else { return }
    let (own, rank) = (mask.shape, mask.shape.rank)
    // Extents of 1 are repeated.
    let (height, width) = (rank > 1 ? own[rank - 2] : 1, rank > 0 ? own[rank - 1] : 1)
    mask.elements.withUnsafeBufferPointer { mask in
      for row in 0..<block.rows {
        let line = mask.baseAddress! + (matrix * height + (height == 1 ? 0 : block.first + row)) * width
        let target = scores + row * keys
        for j in 0..<keys { target[j] += line[width == 1 ? 0 : j] }
      }
    }
  }
}
