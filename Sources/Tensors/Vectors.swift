internal import CKernels
internal import COpenBLAS

/// Inner product of two vectors, accumulated in double precision.
public func dot(_ x: [Float], _ y: [Float]) -> Double {
  precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) elements")
  prepareKernels()
  let product = cblas_dsdot(Int32(x.count), x, 1, y, 1)
  if product.isFinite, product != 0 { return product }
  // Some kernels multiply in single precision, which holds no squares beyond 10³⁸ or below 10⁻⁴⁵.
  return zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// Euclidean norm ‖x‖₂, accumulated in double precision.
public func norm(_ x: [Float]) -> Double { dot(x, x).squareRoot() }

/// y ← y + a·x.
public func add(_ a: Float, _ x: [Float], to y: inout [Float]) {
  precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) elements")
  prepareKernels()
  cblas_saxpy(Int32(x.count), a, x, 1, &y, 1)
}

/// a·x.
public func scaled(_ x: [Float], by a: Float) -> [Float] { x.map { a * $0 } }

extension Tensor {
  /// Inner product over all elements, accumulated in double precision; both have to have as many.
  public func dot(_ other: Tensor) -> Double { Tensors.dot(elements, other.elements) }

  /// Euclidean norm over all elements.
  public var norm: Double { Tensors.norm(elements) }

  /// Euclidean norm of each entry of a batch.
  public var entryNorms: [Double] { (0..<count).map { Tensors.norm(Array(entryElements($0))) } }

  /// x + y element by element, in the shape of x; both have to have as many elements.
  public static func + (x: Tensor, y: Tensor) -> Tensor { x.adding(1, y) }

  /// x − y element by element, in the shape of x; both have to have as many elements.
  public static func - (x: Tensor, y: Tensor) -> Tensor { x.adding(-1, y) }

  /// a·x, every element.
  public static func * (a: Float, x: Tensor) -> Tensor {
    Tensor(shape: x.shape, elements: scaled(x.elements, by: a))
  }

  /// x + a·y.
  public func adding(_ a: Float, _ y: Tensor) -> Tensor {
    precondition(shape.count == y.shape.count, "\(shape) + \(y.shape)")
    var sum = self
    add(a, y.elements, to: &sum.elements)
    return sum
  }

  /// Each entry of the batch plus a·v, where v has the shape of one entry.
  public func addingToEach(_ a: Float, _ v: [Float]) -> Tensor {
    let size = entryCount
    precondition(v.count == size, "a vector of \(v.count) elements for entries of \(size)")
    return Tensor(shape: shape) { out in
      for n in 0..<count {
        for i in 0..<size { out[n * size + i] = elements[n * size + i] + a * v[i] }
      }
    }
  }
}

/// scale[c]·x + shift[c] for plane after plane of x, each of `size` elements, the numbers taken in turn.
public func scaled(_ x: Tensor, _ scale: [Float], _ shift: [Float]?, planes size: Int) -> Tensor {
  Tensor(shape: x.shape) { out in
    guard let y = out.baseAddress, size > 0 else { return }
    x.elements.withUnsafeBufferPointer { x in
      forEachPiece(of: out.count) { start, count in
        for p in start / size..<(start + count - 1) / size + 1 {
          let piece = max(start, p * size)..<min(start + count, (p + 1) * size)
          scale_line(
            x.baseAddress! + piece.lowerBound, scale[p % scale.count], shift?[p % scale.count] ?? 0,
            piece.count,
            y + piece.lowerBound)
        }
      }
    }
  }
}

/// Calls `body` for pieces of an array of so many elements, which cost little each, on several threads.
private func forEachPiece(of count: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
  let size = 1 << 14
  together(over: (count + size - 1) / size, work: 4 * count) { i in
    body(i * size, min(size, count - i * size))
  }
}

/// v where `gate` is positive, 0 elsewhere; v may hold several batches of the gate's entries, one behind the other.
public func gated(_ v: Tensor, by gate: Tensor) -> Tensor {
  let period = max(1, gate.elements.count)
  precondition(v.elements.count % period == 0, "\(v.shape) behind a gate of \(gate.shape)")
  return Tensor(shape: v.shape) { out in
    v.elements.withUnsafeBufferPointer { v in
      gate.elements.withUnsafeBufferPointer { gate in
        forEachPiece(of: period) { start, count in
          for first in stride(from: start, to: out.count, by: period) {
            copy_rows(
              v.baseAddress! + first, gate.baseAddress! + start, count, 1, count, out.baseAddress! + first,
              count)
          }
        }
      }
    }
  }
}

/// x + y of equal shapes, negative sums as 0.
public func rectifiedSum(_ x: Tensor, _ y: Tensor) -> Tensor {
  precondition(x.shape == y.shape, "\(x.shape) + \(y.shape)")
  return Tensor(shape: x.shape) { out in
    guard let sum = out.baseAddress else { return }
    x.elements.withUnsafeBufferPointer { x in
      y.elements.withUnsafeBufferPointer { y in
        forEachPiece(of: out.count) { start, count in
          add_lines(x.baseAddress! + start, y.baseAddress! + start, sum + start, count, 1)
        }
      }
    }
  }
}
