// MARK: - Few tiles on several threads

extension FilteringBlock {
  /// The multiply-adds that one channel of a tile takes as long as at a point on its way in, or one output on its way out.
  private static let workOfMove = 24
  /// Vectors of tiles that one thread transforms at least.
  private static let vectorsTogether = 4

  /// All tiles, one stage after the other, each on the threads that are left over.
  ///
  /// The threads divide the channels on the way in, the points at which sums are taken, and the outputs on the way out,
  /// which have to lie in the vectors. Each point's filters come to one core alone, so that the tiles of a small plane
  /// are worth several threads.
  func applyInStages(
    _ padded: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>, _ starts: [Float],
    _ rectifies: Bool, target: (_ image: Int) -> UnsafeMutablePointer<Float>
  ) {
    let (all, points, bank) = (0..<tiles, filtering.points, filtering.bank)
    let channels = balanced(bank.depth / channelsTogether, limit: Self.vectorsTogether)
    let groups = groups(tiles)
    let moves = points * Self.workOfMove
    together(over: channels.count, work: groups.count * lanes * moves * bank.depth) { c in
      let own = channels[c].lowerBound * channelsTogether..<channels[c].upperBound * channelsTogether
      transformInputs(padded, all, channels: own, scratch)
    }
    together(over: points, work: tiles * filtering.tileWork) { multiply(point: $0, groups, scratch) }
    together(over: outputVectors, work: tiles * moves * bank.rows) { v in
      transformOutputs(all, vectors: v..<v + 1, scratch, starts, rectifies, target: target)
    }
  }
}
