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
    var batches: [ImageBatch] = []
    for (set, own, start) in pieces(of: range) { batches.append(try set.read(own).counted(from: start)) }
    guard let first = batches.first else { throw .empty(name) }
    let read = batches.map(\.images).filter { $0.count > 0 }
    return ImageBatch(
      read.isEmpty ? first.images : Tensor(concatenating: read), indices: batches.flatMap(\.indices),
      skipped: batches.flatMap(\.skipped),
      remarks: batches.map(\.remarks).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    var labels: [Int?] = []
    for (set, own, _) in pieces(of: range) { labels += try set.labels(own) }
    return labels
  }

  /// The sets that hold a part of `range`, which of their own images these are, and how many images come before the set.
  private func pieces(of range: Range<Int>) -> [(set: any DataSet, own: Range<Int>, start: Int)] {
    parts.compactMap { set, start in
      let shared = range.clamped(to: start..<start + set.count)
      return shared.isEmpty ? nil : (set, shared.lowerBound - start..<shared.upperBound - start, start)
    }
  }
}

extension ImageBatch {
  /// The same with its indices counted from another place.
  fileprivate func counted(from start: Int) -> ImageBatch {
    ImageBatch(
      images, indices: indices.map { $0 + start },
      skipped: skipped.map { Skipped(index: $0.index + start, problem: $0.problem) }, remarks: remarks)
  }
}
