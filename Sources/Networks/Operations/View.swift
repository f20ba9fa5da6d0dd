public import Tensors

/// Elements of each entry in another order: the output's element (i, j, …) of an entry is the input's element
/// offset + i·strides[0] + j·strides[1] + … of that entry, N×… → N×extents.
///
/// What transpositions, slices and reshapes in a row come to: no element is taken twice.
public struct View: SelectingOperation {
  public let extents: [Int]
  public let strides: [Int]
  public let offset: Int
  /// Elements of an entry of the input.
  public let entryCount: Int
  public var choosesOnce: Bool { true }

  public init(extents: [Int], strides: [Int], offset: Int, entryCount: Int) {
    precondition(extents.count == strides.count, "\(extents.count) extents and \(strides.count) strides")
    self.extents = extents
    self.strides = strides
    self.offset = offset
    self.entryCount = entryCount
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].rank > 0, inputs[0].entry.count == entryCount else {
      throw ShapeError("takes entries of \(entryCount) elements, not \(inputs[0])")
    }
    return Shape([inputs[0][0]] + extents)
  }

  public func rearrangement(_ s: Shape) -> Rearrangement {
    let entries = (0..<s[0]).map { $0 * entryCount + offset }
    return Rearrangement([entries] + zip(extents, strides).map { e, step in (0..<e).map { $0 * step } })
  }
}
