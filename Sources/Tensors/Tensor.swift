/// A dense, row-major array of 32-bit floats with value semantics; a batch of images is N×C×H×W.
public struct Tensor: Sendable, Equatable {
  /// The extents, outermost first.
  public let shape: Shape
  /// As many as the shape has, the last index running fastest.
  public var elements: [Float]

  public init(shape: Shape, elements: [Float]) {
    precondition(shape.count == elements.count, "\(elements.count) elements do not fill \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// A tensor with the same value in every element.
  public init(repeating value: Float, shape: Shape) {
    self.init(shape: shape, elements: [Float](repeating: value, count: shape.count))
  }

  public init(zeros shape: Shape) { self.init(repeating: 0, shape: shape) }

  /// A tensor whose elements `fill` writes; every one of them has to be written.
  public init(shape: Shape, writing fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    let count = shape.count
    self.init(
      shape: shape,
      elements: [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
        initialized = count
      })
  }

  /// The same elements, in the same order, in a shape that has as many.
  public func reshaped(to shape: Shape) -> Tensor { Tensor(shape: shape, elements: elements) }
}

// MARK: - Batches

extension Tensor {
  /// How many entries the batch holds: the first extent.
  public var count: Int { shape[0] }

  /// Elements in one entry of the batch.
  public var entryCount: Int { shape.entry.count }

  /// Entries `range` of the batch, as a batch.
  public subscript(range: Range<Int>) -> Tensor {
    let size = entryCount
    return Tensor(
      shape: shape.batch(of: range.count),
      elements: Array(elements[range.lowerBound * size..<range.upperBound * size]))
  }

  /// Entry `n` as a batch of one.
  public func entry(_ n: Int) -> Tensor { self[n..<n + 1] }

  /// The elements of entry `n`.
  public func entryElements(_ n: Int) -> ArraySlice<Float> {
    elements[n * entryCount..<(n + 1) * entryCount]
  }

  /// The entries with these indices, in this order.
  public func gathering(_ indices: [Int]) -> Tensor {
    var gathered: [Float] = []
    gathered.reserveCapacity(indices.count * entryCount)
    for n in indices { gathered += entryElements(n) }
    return Tensor(shape: shape.batch(of: indices.count), elements: gathered)
  }

  /// Batches of the same entry shape, one behind the other.
  public init(concatenating batches: [Tensor]) {
    precondition(!batches.isEmpty, "nothing to concatenate")
    let entry = batches[0].shape.entry
    precondition(batches.allSatisfy { $0.shape.entry == entry }, "batches of different entries")
    self.init(shape: batches[0].shape.batch(of: batches.reduce(0) { $0 + $1.count })) { out in
      guard var target = out.baseAddress else { return }
      for batch in batches {
        batch.elements.withUnsafeBufferPointer {
          if let x = $0.baseAddress { target.update(from: x, count: $0.count) }
        }
        target += batch.elements.count
      }
    }
  }
}
