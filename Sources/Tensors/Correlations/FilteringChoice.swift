extension Kernels {
  /// The minimal filtering of least cost for these taps and this plane; nil where none costs less than the sums.
  ///
  /// Costs are in products at a point of a tile. Moving one channel of a tile in costs about what 8 do, one output
  /// out 9. The n² points of a filter come from memory once for some sixteen images, which weighs as much as two
  /// tiles. Nothing here depends on the batch, so that no result does.
  ///
  /// Before a maximum only windows side by side will do, whose places ``EqualPatches`` can compare.
  func minimalFiltering(
    _ grid: TapGrid, _ bank: FilterBank, rows: Int, columns: Int, pooling: Pooling?
  ) -> Filtering? {
    cheapest(grid, bank, rows: rows, columns: columns, pooling: pooling).filtering
  }

  /// The same with what it costs; the cost of the sums where there is none.
  func cheapest(
    _ grid: TapGrid, _ bank: FilterBank, rows: Int, columns: Int, pooling: Pooling?
  ) -> (filtering: Filtering?, cost: Int) {
    let arrangement = FilteringArrangement(self, bank)
    func cost(_ filtering: Filtering) -> Int {
      let tiles = ((rows + filtering.m - 1) / filtering.m) * ((columns + filtering.m - 1) / filtering.m)
      let products = bank.depth * arrangement.breadth
      let moves = 8 * bank.depth + 9 * arrangement.breadth
      return filtering.n * filtering.n * (tiles * (products + moves) + 2 * products)
    }
    let usual = filterings.filter {
      $0.n - $0.m + 1 == grid.extent && (pooling?.isPartition ?? true)
        && arrangement.takes(rows: rows, columns: columns, m: $0.m)
    }
    let direct = grid.products(rows: rows, columns: columns) * bank.depth * bank.rows
    guard let best = usual.min(by: { cost($0) < cost($1) }), Double(cost(best)) < 1.15 * Double(direct)
    else { return (nil, direct) }
    return (best, cost(best))
  }
}

extension FilteringArrangement {
  /// Whether the plane is made of tiles that it can store.
  fileprivate func takes(rows: Int, columns: Int, m: Int) -> Bool {
    switch self {
    case .outputs, .fewInputs: true
    case .fewOutputs: rows % m == 0 && columns % m == 0
    }
  }
}

extension TapGrid {
  /// Products of one input and output that do not fall into the padding, where planes are small; of all taps else.
  fileprivate func products(rows: Int, columns: Int) -> Int {
    guard rows * columns <= 64 else { return rows * columns * extent * extent }
    func along(_ count: Int, _ first: Int) -> Int {
      (0..<count).reduce(0) { sum, i in
        sum + (first..<first + extent).count { i + $0 >= 0 && i + $0 < count }
      }
    }
    return along(rows, top) * along(columns, left)
  }
}
