public import Tensors

/// Elements of each entry in another order: the output's element (i, j, …) of an entry is the input's element
/// offset + i·strides[0] + j·strides[1] + … of that entry, N×… → N×extents.
///
/// What transpositions, slices and reshapes in a row come to: no element is taken twice.
public struct View: SelectingOperation {
  /// Those of an entry of the output, without the batch's.
  public let extents: [Int]
  /// Steps in an entry of the input, one for each extent; negative ones go backwards.
  public let strides: [Int]
  /// The element of an entry of the input that is the first of the output's.
  public let offset: Int
  /// Elements of an entry of the input.
  public let entryCount: Int
  public var choosesOnce: Bool { true }

  public init(extents: [Int], strides: [Int], offset: Int, entryCount: Int) {
    precondition(extents.count == strides.count, "\(extents.count) extents and \(strides.count) strides")
    let reach = zip(extents, strides).map { ($0 - 1) * $1 }
    precondition(
      extents.contains(0)
        || (offset + reach.reduce(0) { $0 + min(0, $1) } >= 0
          && offset + reach.reduce(0) { $0 + max(0, $1) } < entryCount),
      "a view that reaches beyond \(entryCount) elements")
    precondition(
      extents.contains(0) || zip(extents, strides).allSatisfy { $0 < 2 || $1 != 0 },
      "a view that takes an element twice")
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
    // An offset below zero would mean an element outside: what steps backwards is counted from its far end.
    let least = zip(extents, strides).map { min(0, ($0 - 1) * $1) }
    let first = offset + least.reduce(0, +)
    let entries = (0..<s[0]).map { $0 * entryCount + first }
    return Rearrangement(
      [entries] + extents.indices.map { axis in (0..<extents[axis]).map { $0 * strides[axis] - least[axis] } }
    )
  }
}
