/// The extents of an array, outermost first; a batch of images is N×C×H×W.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// None negative; empty for a scalar.
  public let extents: [Int]

  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "a shape has no negative extents: \(extents)")
    self.extents = extents
  }

  public init(arrayLiteral extents: Int...) { self.init(extents) }

  public var count: Int { extents.reduce(1, *) }
  /// The number of axes; 0 for a scalar.
  public var rank: Int { extents.count }

  /// The extent along an axis, counted from 0.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// The same shape with another first extent: the shape of a batch of `count` entries.
  public func batch(of count: Int) -> Shape { Shape([count] + extents.dropFirst()) }

  /// Everything but the first extent: the shape of one entry of a batch.
  public var entry: Shape { Shape(Array(extents.dropFirst())) }

  /// How far apart, in elements, neighbours along each axis lie in a dense row-major array.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }

  /// As people write it: `1×3×32×32`.
  public var description: String { rank == 0 ? "scalar" : extents.map(String.init).joined(separator: "×") }
}
