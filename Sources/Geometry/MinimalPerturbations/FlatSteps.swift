internal import Networks
internal import Tensors

extension Linearization {
  /// The gradients D_j of one candidate class after the other for each image of the tile, a batch a rank: one backward
  /// pass each, all together.
  func differences(from own: [Int], to candidates: [[Int]], ranks: Range<Int>) -> Tensor {
    let cotangents = ranks.map { rank in
      Margin.pair(own: own, other: candidates.map { $0[rank] }).gradient(logits, range: 0..<own.count)
    }
    return pullbacks(Tensor(concatenating: cotangents), batches: ranks.count)
  }

  /// f_j − f_k at image n of the tile.
  func difference(_ n: Int, from own: Int, to other: Int) -> Float {
    let row = logits.entryElements(n)
    return row[row.startIndex + other] - row[row.startIndex + own]
  }

  /// The step of every image of the tile to the nearest of its candidates.
  ///
  /// Images have `size` elements, equally many candidates each, and all of them new ones or none. An interruption is
  /// noticed between portions of the candidates.
  func flatSteps(
    _ candidates: [Candidates], size: Int, _ interruption: Interruption?
  ) throws -> [FlatStepSearch] {
    var searches = candidates.enumerated().map {
      FlatStepSearch($1, logits: logits.entryElements($0), size: size)
    }
    for portion in (candidates[0].areNew ? [] : [1, 2]) + [candidates[0].classes.count] {
      try interruption?.check()
      let next = searches.indices.map { searches[$0].next(portion) }
      let active = next.indices.filter { !next[$0].isEmpty }
      guard let first = active.first else { break }
      let part = active.count == next.count ? self : gathering(active)
      let gradients = part.differences(
        from: active.map { candidates[$0].own },
        to: active.map { n in next[n].map { candidates[n].classes[$0] } }, ranks: next[first].indices)
      for (m, n) in active.enumerated() {
        for (rank, candidate) in next[n].enumerated() {
          searches[n].offer(candidate, gradients.entryElements(rank * active.count + m))
        }
      }
    }
    return searches
  }
}
