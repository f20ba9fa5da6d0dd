internal import CKernels

/// A rectangular choice of an array's elements: output element (i, j, …) is the input element at
/// offsets[0][i] + offsets[1][j] + …, or the filling where one of those is ``outside``.
///
/// Transposition, slicing, padding, gathering and repetition are all of this form.
public struct Rearrangement: Sendable {
  /// The offset of an index that chooses no element.
  public static let outside = -1

  /// For each output axis, the input offset that each index contributes.
  let offsets: [[Int]]
  /// The shape of what is chosen.
  public let shape: Shape
  /// Whether the innermost line is a contiguous piece of the input.
  private let contiguous: Bool
  /// The step of the innermost line, where the lines above one another are contiguous pieces instead.
  private let turned: Int?

  public init(_ offsets: [[Int]]) {
    self.offsets = offsets
    shape = Shape(offsets.map(\.count))
    let last = offsets.last ?? [0]
    contiguous = Self.step(of: last) == 1
    turned = offsets.count > 1 && Self.step(of: offsets[offsets.count - 2]) == 1 ? Self.step(of: last) : nil
  }

  /// By how much offsets inside the input rise, where that is always the same and positive; 1 for a lone one.
  private static func step(of offsets: [Int]) -> Int? {
    guard let first = offsets.first, first >= 0 else { return nil }
    let step = offsets.count > 1 ? offsets[1] - first : 1
    return step > 0 && offsets.indices.allSatisfy({ offsets[$0] == first + $0 * step }) ? step : nil
  }

  /// The chosen elements of `x`, as an array of `shape`.
  public func gather(_ x: Tensor, as shape: Shape, filling: Float = 0) -> Tensor {
    precondition(shape.count == self.shape.count, "\(self.shape.count) elements for \(shape)")
    return Tensor(shape: shape) { out in
      guard let out = out.baseAddress, shape.count > 0 else { return }
      x.elements.withUnsafeBufferPointer { x in
        if let turned, !contiguous {
          return forEachSquare(filling: filling, into: out) { base, columns, target in
            let rows = offsets[offsets.count - 1].count
            turn_lines(x.baseAddress! + base, turned, rows, columns, target, rows)
          }
        }
        forEachLine(onSeveralThreads: true) { base, offsets, line in
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
  ///
  /// - Parameters:
  ///   - y: As many elements as are chosen.
  ///   - shape: That of the array they were chosen from.
  ///   - choosesOnce: Whether no element is chosen twice.
  /// - Returns: The sums, zero where nothing was chosen.
  public func scatter(_ y: Tensor, to shape: Shape, choosesOnce: Bool = false) -> Tensor {
    precondition(y.shape.count == self.shape.count, "\(self.shape.count) elements from \(y.shape)")
    return Tensor(shape: shape) { out in
      if !choosesOnce || shape.count > self.shape.count { out.update(repeating: 0) }
      guard y.shape.count > 0, let out = out.baseAddress else { return }
      y.elements.withUnsafeBufferPointer { y in
        if let turned, !contiguous, choosesOnce {
          return forEachSquare(filling: nil, into: y.baseAddress!) { base, columns, source in
            let rows = offsets[offsets.count - 1].count
            turn_lines(source, rows, columns, rows, out + base, turned)
          }
        }
        forEachLine(onSeveralThreads: choosesOnce) { base, offsets, line in
          guard base >= 0 else { return }
          let source = y.baseAddress! + line * offsets.count
          if contiguous, choosesOnce {
            (out + base + offsets[0]).update(from: source, count: offsets.count)
          } else if choosesOnce {
            for i in 0..<offsets.count where offsets[i] >= 0 { out[base + offsets[i]] = source[i] }
          } else {
            for i in 0..<offsets.count where offsets[i] >= 0 { out[base + offsets[i]] += source[i] }
          }
        }
      }
    }
  }

  /// Calls `body` for each innermost line with the input offset of its other axes, negative outside.
  private func forEachLine(
    onSeveralThreads isDivided: Bool,
    _ body: (_ base: Int, _ offsets: UnsafeBufferPointer<Int>, _ line: Int) -> Void
  ) {
    let inner = offsets.last ?? [0]
    let lines = offsets.dropLast().reduce(1) { $0 * $1.count }
    let parts = isDivided ? max(1, min(lines, 4 * Threads.spare)) : 1
    inner.withUnsafeBufferPointer { inner in
      together(over: parts, work: 4 * lines * inner.count) { part in
        forEachLine(in: part * lines / parts..<(part + 1) * lines / parts) { body($0, inner, $1) }
      }
    }
  }

  /// Columns of a square, which lie next to a core.
  private static let squareColumns = 64

  /// Where lines above one another are contiguous pieces: calls `body` for some of them at a time, on several threads,
  /// with where they begin in the input, how many they are, and where they begin in what is chosen; those outside get
  /// the filling.
  private func forEachSquare<Chosen: ChosenPointer>(
    filling: Float?, into chosen: Chosen, _ body: (_ base: Int, _ columns: Int, _ chosen: Chosen) -> Void
  ) {
    let (rows, columns) = (offsets[offsets.count - 1].count, offsets[offsets.count - 2].count)
    let planes = Rearrangement(offsets.dropLast(2).isEmpty ? [[0]] : Array(offsets.dropLast(2)))
    let start = offsets[offsets.count - 1][0]
    let squares = (columns + Self.squareColumns - 1) / Self.squareColumns
    let bases = planes.bases
    together(over: bases.count * squares, work: 4 * bases.count * rows * columns) { unit in
      let (plane, first) = (unit / squares, unit % squares * Self.squareColumns)
      let count = min(Self.squareColumns, columns - first)
      let target = chosen + (plane * columns + first) * rows
      if bases[plane] < 0 {
        if let filling { target.fill(filling, count: count * rows) }
      } else {
        body(bases[plane] + offsets[offsets.count - 2][first] + start, count, target)
      }
    }
  }

  /// The input offset of every element.
  private var bases: [Int] {
    var bases: [Int] = []
    let (inner, lines) = (offsets.last ?? [0], offsets.dropLast().reduce(1) { $0 * $1.count })
    forEachLine(in: 0..<lines) { base, _ in
      bases += inner.map { base < 0 || $0 < 0 ? Self.outside : base + $0 }
    }
    return bases
  }

  private func forEachLine(in range: Range<Int>, _ body: (_ base: Int, _ line: Int) -> Void) {
    let outer = offsets.dropLast()
    var index = [Int](repeating: 0, count: outer.count)
    var rest = range.lowerBound
    for axis in outer.indices.reversed() {
      index[axis] = rest % outer[axis].count
      rest /= outer[axis].count
    }
    for line in range {
      var base = 0
      for axis in outer.indices {
        let offset = outer[axis][index[axis]]
        base = offset < 0 || base < 0 ? Self.outside : base + offset
      }
      body(base, line)
      for axis in outer.indices.reversed() {
        index[axis] += 1
        if index[axis] < outer[axis].count { break }
        index[axis] = 0
      }
    }
  }
}

/// Where chosen elements lie, to be read or written.
private protocol ChosenPointer {
  static func + (pointer: Self, offset: Int) -> Self
  func fill(_ value: Float, count: Int)
}

extension UnsafeMutablePointer<Float>: ChosenPointer {
  fileprivate func fill(_ value: Float, count: Int) { update(repeating: value, count: count) }
}

extension UnsafePointer<Float>: ChosenPointer {
  fileprivate func fill(_ value: Float, count: Int) {}
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
