/// What two numbers become in ``combine(_:_:_:)``.
public enum Pairing: Sendable {
  case sum
  case difference
  case product
  case quotient
  case maximum
  case minimum
  /// 1 where the first is at least the second, else 0.
  case firstAtLeast
  /// 1 where the first is at most the second, else 0.
  case firstAtMost
}

extension Shape {
  /// The shape to which two shapes broadcast, as numpy does it: aligned at the end, extents equal or 1; nil if none.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(rank, other.rank)
    var extents: [Int] = []
    for axis in 0..<rank {
      let (a, b) = (padded(to: rank, axis), other.padded(to: rank, axis))
      guard a == b || a == 1 || b == 1 else { return nil }
      extents.append(a == 1 ? b : a)
    }
    return Shape(extents)
  }

  private func padded(to rank: Int, _ axis: Int) -> Int {
    axis < rank - self.rank ? 1 : self[axis - rank + self.rank]
  }

  /// Strides by which an array of this shape is read as one of `shape`: 0 along the axes it is repeated on.
  func strides(broadcastTo shape: Shape) -> [Int] {
    let own = strides
    return (0..<shape.rank).map { axis in
      let i = axis - shape.rank + rank
      return i < 0 || self[i] == 1 ? 0 : own[i]
    }
  }
}

/// Two arrays broadcast against each other, with neighbouring axes that behave alike made one.
private struct Broadcast {
  var extents: [Int] = []
  var a: [Int] = []
  var b: [Int] = []

  init(_ shape: Shape, _ first: Shape, _ second: Shape) {
    let (s, t) = (first.strides(broadcastTo: shape), second.strides(broadcastTo: shape))
    for axis in 0..<shape.rank where shape[axis] != 1 {
      let e = shape[axis]
      if let last = extents.indices.last, a[last] == s[axis] * e, b[last] == t[axis] * e {
        extents[last] *= e
        (a[last], b[last]) = (s[axis], t[axis])
      } else {
        extents.append(e)
        a.append(s[axis])
        b.append(t[axis])
      }
    }
    if extents.isEmpty { (extents, a, b) = ([1], [1], [1]) }
  }

  var inner: Int { extents[extents.count - 1] }
  var innerA: Int { a[a.count - 1] }
  var innerB: Int { b[b.count - 1] }

  var lines: Int { extents.dropLast().reduce(1, *) }

  /// Calls `body` with the offsets in both arrays and the running index of each innermost line.
  @inline(__always)
  func forEachLine(_ body: (_ a: Int, _ b: Int, _ line: Int) -> Void) {
    forEachLine(in: 0..<lines, body)
  }

  /// The same for some of the lines.
  @inline(__always)
  func forEachLine(in range: Range<Int>, _ body: (_ a: Int, _ b: Int, _ line: Int) -> Void) {
    let outer = extents.count - 1
    var index = [Int](repeating: 0, count: outer)
    var (i, j) = (0, 0)
    var rest = range.lowerBound
    for axis in (0..<outer).reversed() {
      index[axis] = rest % extents[axis]
      rest /= extents[axis]
      i += index[axis] * a[axis]
      j += index[axis] * b[axis]
    }
    for line in range {
      body(i, j, line)
      var axis = outer - 1
      while axis >= 0 {
        index[axis] += 1
        i += a[axis]
        j += b[axis]
        if index[axis] < extents[axis] { break }
        i -= a[axis] * extents[axis]
        j -= b[axis] * extents[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }

  /// Elements of a line that a thread takes at once.
  private static let pieceElements = 1 << 14

  /// Calls `body` for pieces of all lines, on several threads: with the offsets of a piece in both arrays, where it
  /// begins in what they broadcast to, and how long it is.
  func forEachPiece(_ body: (_ a: Int, _ b: Int, _ start: Int, _ count: Int) -> Void) {
    let pieces = (inner + Self.pieceElements - 1) / Self.pieceElements
    let units = lines * pieces
    let parts = max(1, min(units, 4 * Threads.spare))
    together(over: parts, work: 4 * lines * inner) { part in
      let own = part * units / parts..<(part + 1) * units / parts
      guard !own.isEmpty else { return }
      let range = own.lowerBound / pieces..<(own.upperBound - 1) / pieces + 1
      forEachLine(in: range) { i, j, line in
        let first = max(own.lowerBound - line * pieces, 0) * Self.pieceElements
        let end = min(inner, (own.upperBound - line * pieces) * Self.pieceElements)
        body(i + first * innerA, j + first * innerB, line * inner + first, end - first)
      }
    }
  }
}

/// The pairing of two arrays element by element, with broadcasting.
public func combine(_ pairing: Pairing, _ a: Tensor, _ b: Tensor) -> Tensor {
  guard let shape = a.shape.broadcast(with: b.shape) else {
    preconditionFailure("\(a.shape) and \(b.shape) do not broadcast")
  }
  let plan = Broadcast(shape, a.shape, b.shape)
  let (s, t) = (plan.innerA, plan.innerB)
  return Tensor(shape: shape) { out in
    guard let out = out.baseAddress, shape.count > 0 else { return }
    a.elements.withUnsafeBufferPointer { a in
      b.elements.withUnsafeBufferPointer { b in
        plan.forEachPiece { i, j, start, count in
          pair(
            pairing, a.baseAddress! + i, step: s, with: b.baseAddress! + j, step: t, into: out + start,
            count: count)
        }
      }
    }
  }
}

private typealias Source = UnsafePointer<Float>

private func pair(
  _ pairing: Pairing, _ a: Source, step s: Int, with b: Source, step t: Int,
  into out: UnsafeMutablePointer<Float>, count n: Int
) {
  switch pairing {
  case .sum: line(a, step: s, with: b, step: t, into: out, count: n) { $0 + $1 }
  case .difference: line(a, step: s, with: b, step: t, into: out, count: n) { $0 - $1 }
  case .product: line(a, step: s, with: b, step: t, into: out, count: n) { $0 * $1 }
  case .quotient: line(a, step: s, with: b, step: t, into: out, count: n) { $0 / $1 }
  case .maximum: line(a, step: s, with: b, step: t, into: out, count: n) { $0 >= $1 ? $0 : $1 }
  case .minimum: line(a, step: s, with: b, step: t, into: out, count: n) { $0 <= $1 ? $0 : $1 }
  case .firstAtLeast: line(a, step: s, with: b, step: t, into: out, count: n) { $0 >= $1 ? 1 : 0 }
  case .firstAtMost: line(a, step: s, with: b, step: t, into: out, count: n) { $0 <= $1 ? 1 : 0 }
  }
}

@inline(__always)
private func line(
  _ a: Source, step s: Int, with b: Source, step t: Int, into out: UnsafeMutablePointer<Float>, count n: Int,
  _ f: (Float, Float) -> Float
) {
  switch (s, t) {
  case (0, 0): out.update(repeating: f(a[0], b[0]), count: n)
  case (0, _):
    let x = a[0]
    for i in 0..<n { out[i] = f(x, b[i]) }
  case (_, 0):
    let y = b[0]
    for i in 0..<n { out[i] = f(a[i], y) }
  default: for i in 0..<n { out[i] = f(a[i], b[i]) }
  }
}

extension Tensor {
  /// The array repeated along the axes on which `shape` is larger.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    precondition(self.shape.broadcast(with: shape) == shape, "\(self.shape) does not broadcast to \(shape)")
    let plan = Broadcast(shape, self.shape, self.shape)
    return Tensor(shape: shape) { out in
      guard let out = out.baseAddress, shape.count > 0 else { return }
      elements.withUnsafeBufferPointer { x in
        plan.forEachPiece { i, _, start, count in
          if plan.innerA == 0 {
            (out + start).update(repeating: x[i], count: count)
          } else {
            (out + start).update(from: x.baseAddress! + i, count: count)
          }
        }
      }
    }
  }

  /// The sum over the axes along which `shape` would be repeated: the adjoint of ``broadcast(to:)``.
  public func summed(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    precondition(shape.broadcast(with: self.shape) == self.shape, "\(self.shape) does not sum to \(shape)")
    let plan = Broadcast(self.shape, shape, shape)
    return Tensor(shape: shape) { out in
      out.update(repeating: 0)
      guard let out = out.baseAddress, self.shape.count > 0 else { return }
      elements.withUnsafeBufferPointer { x in
        plan.forEachLine { i, _, line in
          let source = x.baseAddress! + line * plan.inner
          if plan.innerA == 0 {
            out[i] += sum(source, plan.inner)
          } else {
            for k in 0..<plan.inner { out[i + k] += source[k] }
          }
        }
      }
    }
  }
}

/// Σ x, with eight accumulators.
public func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
  var sums = SIMD8<Float>()
  var i = 0
  while i + 8 <= count {
    sums += UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self)
    i += 8
  }
  var total = sums.sum()
  while i < count {
    total += x[i]
    i += 1
  }
  return total
}
