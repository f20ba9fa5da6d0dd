public import Tensors

/// A linear operation whose output elements are each one of its input's, or a constant.
public protocol SelectingOperation: LinearOperation {
  /// Which elements, of an input of `shape`.
  func rearrangement(_ shape: Shape) -> Rearrangement

  /// Whether none is taken twice.
  var choosesOnce: Bool { get }
}

extension SelectingOperation {
  public func linear(_ x: Tensor) -> Tensor {
    let rearrangement = rearrangement(x.shape)
    return rearrangement.gather(x, as: rearrangement.shape)
  }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    rearrangement(shape).scatter(cotangent, to: shape, choosesOnce: choosesOnce)
  }

  public var choosesOnce: Bool { false }
}

/// The axes in another order: axis i of the output is axis permutation[i] of the input.
public struct Transpose: SelectingOperation {
  /// Every axis of the input once, none negative.
  public let permutation: [Int]
  public var choosesOnce: Bool { true }

  public init(permutation: [Int]) { self.permutation = permutation }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard permutation.sorted() == Array(0..<s.rank) else {
      throw ShapeError("\(permutation) does not order the axes of \(s)")
    }
    return Shape(permutation.map { s[$0] })
  }

  public func rearrangement(_ s: Shape) -> Rearrangement {
    let strides = s.strides
    return Rearrangement(permutation.map { axis in (0..<s[axis]).map { $0 * strides[axis] } })
  }
}

/// The elements start, start + step, … before end along each of some axes.
public struct Slice: SelectingOperation {
  public var choosesOnce: Bool { true }
  /// Those that are cut, none negative; the others stay whole.
  public let axes: [Int]
  /// The first index taken of each of the axes, none negative.
  public let starts: [Int]
  /// Where to stop on each of the axes, itself left out; −1 for a negative step that takes index 0.
  public let ends: [Int]
  /// How far apart the indices taken are, backwards where negative; never 0.
  public let steps: [Int]

  /// - Parameters:
  ///   - axes: none negative.
  ///   - starts: indices of the first elements, none negative.
  ///   - ends: where to stop, itself left out; clamped to the extent; −1 for a negative step that takes index 0.
  ///   - steps: not zero.
  public init(axes: [Int], starts: [Int], ends: [Int], steps: [Int]) {
    precondition(
      Set([axes.count, starts.count, ends.count, steps.count]).count == 1,
      "as many starts, ends and steps as axes")
    precondition(!steps.contains(0), "a slice of step 0")
    self.axes = axes
    self.starts = starts
    self.ends = ends
    self.steps = steps
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    for axis in axes { _ = try inputs[0].axis(axis) }
    return Shape((0..<inputs[0].rank).map { indices(inputs[0], $0).count })
  }

  public func rearrangement(_ s: Shape) -> Rearrangement {
    let strides = s.strides
    return Rearrangement((0..<s.rank).map { axis in indices(s, axis).map { $0 * strides[axis] } })
  }

  /// Which of an axis's indices are taken.
  func indices(_ s: Shape, _ axis: Int) -> [Int] {
    guard let i = axes.firstIndex(of: axis) else { return Array(0..<s[axis]) }
    let (start, end, step) = (starts[i], ends[i], steps[i])
    return step > 0
      ? Array(stride(from: min(max(start, 0), s[axis]), to: min(end, s[axis]), by: step))
      : Array(stride(from: min(start, s[axis] - 1), to: max(end, -1), by: step))
  }
}

/// The slices at some indices along an axis, which becomes axes of `indexShape`.
public struct Gather: SelectingOperation {
  /// The slices taken, none negative, in the row-major order of ``indexShape``.
  public let indices: [Int]
  /// Counts from the end where it is negative.
  public let axis: Int
  /// The extents in the place of the axis; empty where one index makes it go.
  public let indexShape: [Int]

  public init(indices: [Int], axis: Int, indexShape: [Int]) {
    precondition(
      indexShape.reduce(1, *) == indices.count, "\(indices.count) indices do not fill \(indexShape)")
    self.indices = indices
    self.axis = axis
    self.indexShape = indexShape
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    let axis = try s.axis(axis)
    guard indices.allSatisfy({ $0 >= 0 && $0 < s[axis] }) else {
      throw ShapeError("indices out of range for axis \(axis) of \(s)")
    }
    return Shape(s.extents[..<axis] + indexShape + s.extents[(axis + 1)...])
  }

  public func rearrangement(_ s: Shape) -> Rearrangement {
    let strides = s.strides
    let axis = axis < 0 ? axis + s.rank : axis
    return Rearrangement(
      (0..<s.rank).map { i in (i == axis ? indices : Array(0..<s[i])).map { $0 * strides[i] } })
  }

  public func linear(_ x: Tensor) -> Tensor {
    let axis = axis < 0 ? axis + x.shape.rank : axis
    return rearrangement(x.shape).gather(
      x, as: Shape(x.shape.extents[..<axis] + indexShape + x.shape.extents[(axis + 1)...]))
  }
}

/// The elements of each entry at some positions, N×D₁×…×Dᵣ → N×P.
///
/// Positions count from the beginning of an entry, in row-major order.
public struct Picking: SelectingOperation {
  /// P of them, from 0 to one less than the elements of an entry; the same for every entry.
  public let positions: [Int]

  public init(positions: [Int]) { self.positions = positions }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard s.rank > 0, positions.allSatisfy({ $0 >= 0 && $0 < s.entry.count }) else {
      throw ShapeError("positions out of range for the entries of \(s)")
    }
    return [s[0], positions.count]
  }

  public func rearrangement(_ s: Shape) -> Rearrangement {
    Rearrangement([(0..<s[0]).map { $0 * s.entry.count }, positions])
  }
}

/// The input with elements added, or taken off where negative, before and after each axis.
public struct Padding: SelectingOperation {
  /// What stands in the padding.
  public enum Mode: Hashable, Sendable {
    /// The same value everywhere.
    case constant
    /// The input mirrored at its outermost elements, which are not repeated.
    case reflect
    /// The outermost elements.
    case edge
  }

  /// Elements added before each axis of the input, that of the batch too; taken off where negative.
  public let before: [Int]
  /// Elements added behind each axis of the input, that of the batch too; taken off where negative.
  public let after: [Int]
  public let value: Float
  /// Where what is added comes from: ``value``, or the input.
  public let mode: Mode

  /// Takes one number an axis before and after, and the value that a constant padding holds.
  public init(before: [Int], after: [Int], value: Float = 0, mode: Mode = .constant) {
    precondition(before.count == after.count, "padding of \(before.count) and \(after.count) axes")
    self.before = before
    self.after = after
    self.value = value
    self.mode = mode
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard s.rank == before.count else {
      throw ShapeError("padding of \(before.count) axes does not fit \(s)")
    }
    let extents = (0..<s.rank).map { s[$0] + before[$0] + after[$0] }
    let reach = (0..<s.rank).map { mode == .reflect ? max(before[$0], after[$0]) : 0 }
    guard extents.allSatisfy({ $0 >= 0 }), mode == .constant || zip(s.extents, reach).allSatisfy({ $0 > $1 })
    else { throw ShapeError("padding \(before), \(after) does not fit \(s)") }
    return Shape(extents)
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let rearrangement = rearrangement(inputs[0].shape)
    return rearrangement.gather(inputs[0], as: rearrangement.shape, filling: value)
  }

  public func rearrangement(_ s: Shape) -> Rearrangement {
    let strides = s.strides
    return Rearrangement(
      (0..<s.rank).map { axis in
        (-before[axis]..<s[axis] + after[axis]).map { i in
          let source = source(i, of: s[axis])
          return source < 0 ? Rearrangement.outside : source * strides[axis]
        }
      })
  }

  private func source(_ i: Int, of extent: Int) -> Int {
    if i >= 0 && i < extent { return i }
    switch mode {
    case .constant: return Rearrangement.outside
    case .reflect: return i < 0 ? -i : 2 * (extent - 1) - i
    case .edge: return i < 0 ? 0 : extent - 1
    }
  }
}
