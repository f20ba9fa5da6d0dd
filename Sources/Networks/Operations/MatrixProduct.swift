public import Tensors

/// x₁·x₂ of matrices in the last two axes, with broadcasting over the axes before: `MatMul`.
public struct MatrixProduct: Operation {
  public init() {}

  public var regularity: Regularity { .smooth }

  public func regularity(varying: [Bool]) -> Regularity { varying[0] && varying[1] ? .smooth : .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let (a, b) = (inputs[0], inputs[1])
    guard a.rank >= 2, b.rank >= 2, a[a.rank - 1] == b[b.rank - 2],
      let batch = leading(a).broadcast(with: leading(b))
    else { throw ShapeError("\(a) and \(b) have no matrix product") }
    return Shape(batch.extents + [a[a.rank - 2], b[b.rank - 1]])
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { product(inputs[0], inputs[1]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    sum(
      tangents[0].map { product($0, point.inputs[1]) }, tangents[1].map { product(point.inputs[0], $0) },
      as: point.output.shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [
      point.varies[0] ? left(cotangent, point.inputs[1], to: point.inputs[0].shape) : nil,
      point.varies[1] ? right(point.inputs[0], cotangent, to: point.inputs[1].shape) : nil,
    ]
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard point.varies[0], point.varies[1] else { return nil }
    return [
      tangents[1].map { left(cotangent, $0, to: point.inputs[0].shape) },
      tangents[0].map { right($0, cotangent, to: point.inputs[1].shape) },
    ]
  }

  public func multiplyAdds(_ inputs: [Shape]) -> Int {
    ((try? outputShape(inputs))?.count ?? 0) * inputs[0][inputs[0].rank - 1]
  }

  /// ȳ·x₂ᵀ.
  private func left(_ yBar: Tensor, _ b: Tensor, to shape: Shape) -> Tensor {
    product(yBar, b, bTransposed: true).summed(to: shape)
  }

  /// x₁ᵀ·ȳ.
  private func right(_ a: Tensor, _ yBar: Tensor, to shape: Shape) -> Tensor {
    product(a, aTransposed: true, yBar).summed(to: shape)
  }
}

private func leading(_ s: Shape) -> Shape { Shape(Array(s.extents.dropLast(2))) }

/// op(A)·op(B) of every pair of matrices.
private func product(
  _ a: Tensor, aTransposed: Bool = false, _ b: Tensor, bTransposed: Bool = false
) -> Tensor {
  let (s, t) = (a.shape, b.shape)
  let rows = s[s.rank - (aTransposed ? 1 : 2)]
  let inner = s[s.rank - (aTransposed ? 2 : 1)]
  let columns = t[t.rank - (bTransposed ? 2 : 1)]
  guard let batch = leading(s).broadcast(with: leading(t)) else { preconditionFailure("\(s) times \(t)") }
  let (first, second) = (matrices(s, batch), matrices(t, batch))
  return Tensor(shape: Shape(batch.extents + [rows, columns])) { out in
    guard let c = out.baseAddress else { return }
    a.elements.withUnsafeBufferPointer { a in
      b.elements.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return out.update(repeating: 0) }
        together(over: batch.count, work: batch.count * rows * inner * columns) { m in
          multiply(
            a + first[m] * rows * inner, aTransposed: aTransposed, b + second[m] * inner * columns,
            bTransposed: bTransposed, into: c + m * rows * columns, rows: rows, columns: columns, inner: inner
          )
        }
      }
    }
  }
}

/// For each matrix of the broadcast batch, which of the operand's it is.
private func matrices(_ s: Shape, _ batch: Shape) -> [Int] {
  let own = leading(s)
  let ramp = Tensor(shape: own, elements: (0..<own.count).map(Float.init))
  return ramp.broadcast(to: batch).elements.map { Int($0) }
}
