internal import Tensors

/// Several sets of the same kind, one after another.
struct JoinedSet: DataSet {
  let name: String
  let count: Int
  let classNames: [String]
  let labelling: Labelling
  private let parts: [(set: any DataSet, start: Int)]

  /// Class names are the given ones where the parts have none of their own.
  init(name: String, _ sets: [any DataSet], classNames: [String]) {
    self.name = name
    var start = 0
    parts = sets.map { set in
      defer { start += set.count }
      return (set, start)
    }
    count = start
    labelling =
      sets.allSatisfy { $0.labelling == sets.first?.labelling } ? sets.first?.labelling ?? .none : .none
    self.classNames = sets.first.map(\.classNames).flatMap { $0.isEmpty ? nil : $0 } ?? classNames
  }

  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    try check(range)
    var batches: [Tensor] = []
    for (set, own) in pieces(of: range) { batches.append(try set.images(own)) }
    guard let first = batches.first else { throw .empty(name) }
    if batches.count == 1 { return ImageBatch(first, range) }
    return ImageBatch(
      Tensor(
        shape: Shape([range.count] + first.shape.extents.dropFirst()), elements: batches.flatMap(\.elements)),
      range)
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    var labels: [Int?] = []
    for (set, own) in pieces(of: range) { labels += try set.labels(own) }
    return labels
  }

  /// The sets that hold a part of `range`, and which of their own images these are.
  private func pieces(of range: Range<Int>) -> [(set: any DataSet, own: Range<Int>)] {
    parts.compactMap { set, start in
      let shared = range.clamped(to: start..<start + set.count)
      return shared.isEmpty ? nil : (set, shared.lowerBound - start..<shared.upperBound - start)
    }
  }
}
