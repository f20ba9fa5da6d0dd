/// A rectangular choice of an array's elements: output element (i, j, …) is the input element at
/// offsets[0][i] + offsets[1][j] + …, or the filling where one of those is ``outside``.
///
/// Transposition, slicing, padding, gathering and repetition are all of this form.
public struct Rearrangement: Sendable {
  public static let outside = -1

  /// For each output axis, the input offset that each index contributes.
  let offsets: [[Int]]
  /// The shape of what is chosen.
  public let shape: Shape
  /// Whether the innermost line is a contiguous piece of the input.
  private let contiguous: Bool

  public init(_ offsets: [[Int]]) {
    self.offsets = offsets
    shape = Shape(offsets.map(\.count))
    let last = offsets.last ?? [0]
    contiguous = last.indices.allSatisfy { last[$0] == last[0] + $0 && last[0] >= 0 }
  }

  /// The chosen elements of `x`, as an array of `shape`.
  public func gather(_ x: Tensor, as shape: Shape, filling: Float = 0) -> Tensor {
    precondition(shape.count == self.shape.count, "\(self.shape.count) elements for \(shape)")
    return Tensor(shape: shape) { out in
      guard let out = out.baseAddress, shape.count > 0 else { return }
      x.elements.withUnsafeBufferPointer { x in
        forEachLine { base, offsets, line in
          let target = out + line * offsets.count
          if base < 0 {
            target.update(repeating: filling, count: offsets.count)
          } else if contiguous {
            target.update(from: x.baseAddress! + base + offsets[0], count: offsets.count)
          } else {
            for i in 0..<offsets.count { target[i] = offsets[i] < 0 ? filling : x[base + offsets[i]] }
          }
        }
      }
    }
  }

  /// Adds every element of `y` to where ``gather(_:as:filling:)`` takes it from: the adjoint of gathering.
  public func scatter(_ y: Tensor, to shape: Shape) -> Tensor {
    precondition(y.shape.count == self.shape.count, "\(self.shape.count) elements from \(y.shape)")
    return Tensor(shape: shape) { out in
      out.update(repeating: 0)
      guard y.shape.count > 0 else { return }
      y.elements.withUnsafeBufferPointer { y in
        forEachLine { base, offsets, line in
          guard base >= 0 else { return }
          let source = y.baseAddress! + line * offsets.count
          for i in 0..<offsets.count where offsets[i] >= 0 { out[base + offsets[i]] += source[i] }
        }
      }
    }
  }

  /// Calls `body` for each innermost line with the input offset of its other axes, negative outside.
  private func forEachLine(_ body: (_ base: Int, _ offsets: UnsafeBufferPointer<Int>, _ line: Int) -> Void) {
    let inner = offsets.last ?? [0]
    let outer = offsets.dropLast()
    let lines = outer.reduce(1) { $0 * $1.count }
    var index = [Int](repeating: 0, count: outer.count)
    inner.withUnsafeBufferPointer { inner in
      for line in 0..<lines {
        var base = 0
        for axis in outer.indices {
          let offset = outer[axis][index[axis]]
          base = offset < 0 || base < 0 ? Self.outside : base + offset
        }
        body(base, inner, line)
        for axis in outer.indices.reversed() {
          index[axis] += 1
          if index[axis] < outer[axis].count { break }
          index[axis] = 0
        }
      }
    }
  }
}

/// Copies `lines` lines of `width` elements, which begin `sourcePitch` and `targetPitch` elements apart.
public func copyLines(
  _ source: UnsafePointer<Float>, sourcePitch: Int, to target: UnsafeMutablePointer<Float>, targetPitch: Int,
  lines: Int, width: Int
) {
  for line in 0..<lines {
    (target + line * targetPitch).update(from: source + line * sourcePitch, count: width)
  }
}
