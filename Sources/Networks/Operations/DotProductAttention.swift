public import Tensors

/// y = softmax(s·Q·Kᵀ + C)·V of every head: scaled dot-product attention (Vaswani et al., NeurIPS 2017).
///
/// Takes q of heads…×N×d, k of heads…×M×d and v of heads…×M×e, heads the same for all; gives heads…×N×e. Probabilities
/// are computed anew for every product, a few rows at a time, so that none of N×M is ever held. Cost of a product: about
/// that of its matrix products.
public struct DotProductAttention: Operation {
  /// s, the factor of the products of queries and keys before the softmax.
  public let scale: Float
  /// C, what is added to the scores of an image: it broadcasts to its heads…×N×M.
  public let mask: Tensor?

  public init(scale: Float, mask: Tensor? = nil) {
    self.scale = scale
    self.mask = mask
  }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let (q, k, v) = (inputs[0], inputs[1], inputs[2])
    let heads = Array(q.extents.dropLast(2))
    guard q.rank >= 2, heads == k.extents.dropLast(2), heads == v.extents.dropLast(2),
      q.extents.last == k.extents.last, k[k.rank - 2] == v[v.rank - 2]
    else { throw ShapeError("\(q), \(k) and \(v) are not queries, keys and values that match") }
    return Shape(heads + [q[q.rank - 2], v[v.rank - 1]])
  }

  public func multiplyAdds(_ inputs: [Shape]) -> Int {
    inputs[0].count * inputs[1][inputs[1].rank - 2] + ((try? outputShape(inputs))?.count ?? 0)
      * inputs[1][inputs[1].rank - 2]
  }

  public var parameterCount: Int { mask?.shape.count ?? 0 }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let heads = AttentionHeads(self, inputs)
    return Tensor(shape: try! outputShape(inputs.map(\.shape))) { out in  // checked with the graph
      heads.forEachBlock(into: out) { block, y in
        block.withProbabilities { p in block.times(p, heads.v, at: block.keys, into: y) }
      }
    }
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let heads = AttentionHeads(self, point.inputs)
    return Tensor(shape: point.output.shape) { out in
      heads.forEachBlock(into: out) { block, y in
        block.withProbabilities { p in
          if let v = tangents[2] {
            block.times(p, v, at: block.keys, into: y)
          } else {
            y.update(repeating: 0, count: block.rows * heads.width)
          }
          block.withScores { pDot in
            guard block.movedProbabilities(p, tangents, into: pDot) else { return }
            block.times(pDot, heads.v, at: block.keys, keeping: 1, into: y)
          }
        }
      }
    }
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    pullbacks(cotangent, batches: 1, at: point)
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    let heads = AttentionHeads(self, point.inputs)
    let gathered = heads.gathered(batches: batches) { block, q, k, v in
      block.withProbabilities { p in
        block.withScores { sBar in
          for b in 0..<batches {
            let (yBar, own) = (block.cotangent(cotangents, batch: b), b * heads.count)
            block.pulledScores(p, yBar, into: sBar)
            block.times(
              sBar, heads.k, at: block.keys, scale: scale, into: q + own * heads.queries * heads.depth)
            block.timesTransposed(
              sBar, block.own(heads.q, heads.depth), columns: heads.depth, scale: scale,
              into: k + own * heads.keys * heads.depth)
            block.timesTransposed(p, yBar, columns: heads.width, into: v + own * heads.keys * heads.width)
          }
        }
      }
    }
    return zip(gathered, point.inputs).enumerated().map { i, pair in
      point.varies[i]
        ? Tensor(shape: pair.1.shape.batch(of: batches * pair.1.shape[0]), elements: pair.0) : nil
    }
  }

  /// With P̄ = ȳVᵀ and S̄ = P∘(P̄ − ⟨P, P̄⟩), what the pullback is made of, their derivatives along the tangents:
  /// Ṗ = P∘(Ṡ − ⟨P, Ṡ⟩), S̄̇ = Ṗ∘(P̄ − ⟨P, P̄⟩) − P·⟨Ṗ, P̄⟩ + P∘(ȳV̇ᵀ − ⟨P, ȳV̇ᵀ⟩).
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    let heads = AttentionHeads(self, point.inputs)
    let gathered = heads.gathered(batches: 1) { block, q, k, v in
      let yBar = block.cotangent(cotangent, batch: 0)
      block.withProbabilities { p in
        block.withScores { pDot in
          let isMoved = block.movedProbabilities(p, tangents, into: pDot)
          block.withScores { sBar in
            block.bentScores(p, isMoved ? pDot : nil, yBar, tangents[2], into: sBar)
            block.times(sBar, heads.k, at: block.keys, scale: scale, into: q)
            block.timesTransposed(
              sBar, block.own(heads.q, heads.depth), columns: heads.depth, scale: scale, into: k)
            block.pulledScores(p, yBar, into: sBar)
            if let kDot = tangents[1] {
              block.times(sBar, kDot, at: block.keys, scale: scale, keeping: 1, into: q)
            }
            if let qDot = tangents[0] {
              block.timesTransposed(
                sBar, block.own(qDot, heads.depth), columns: heads.depth, scale: scale, into: k)
            }
          }
          if isMoved { block.timesTransposed(pDot, yBar, columns: heads.width, into: v) }
        }
      }
    }
    return zip(gathered, point.inputs).enumerated().map { i, pair in
      point.varies[i] ? Tensor(shape: pair.1.shape, elements: pair.0) : nil
    }
  }
}
