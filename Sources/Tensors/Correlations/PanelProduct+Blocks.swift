internal import CKernels

extension PanelProduct {
  /// All panels at these tiles, on several threads.
  func multiply(_ tiles: [Tile]) {
    let work = tiles.reduce(0) { $0 + $1.entries.count * $1.runs.count } * bank.rows
    // Neighbours go to one thread: while one is met, the next comes from memory.
    let parts = panels.shared(among: 2 * Threads.spare)
    together(over: parts.count, work: work) { i in
      for panel in parts[i] { multiply(tiles, panel) }
    }
  }

  private func multiply(_ tiles: [Tile], _ panel: Panel) {
    let isDirect = panel.rows.count == panel.width && tiles.allSatisfy(\.isDense)
    let pitch = isDirect ? bank.rows : panel.width
    withScratch(isDirect ? 0 : tiles.reduce(0) { $0 + $1.entries.count } * panel.width) { scratch in
      var next = scratch
      let sums = tiles.map { tile in
        if isDirect { return y + tile.entries.first!.image * bank.rows + panel.rows.lowerBound }
        defer { next += tile.entries.count * panel.width }
        return next
      }
      for block in 0..<(tiles.map(\.runs.blocks).max() ?? 0) {
        multiply(Block(of: tiles, sums, block, panel, pitch: pitch), at: panel)
      }
      if !isDirect {
        for (tile, sums) in zip(tiles, sums) { store(sums, tile.entries, panel) }
      }
    }
  }

  /// Some steps of several tiles: nothing in it is counted by reference, for as many tiles meet it as there are calls.
  private struct Block {
    struct Piece {
      let narrow: UnsafePointer<Float>
      let rows: Int
      /// Its runs among those of the block.
      let firstRun: Int
      let runCount: Int
      let depth: Int
      let sums: UnsafeMutablePointer<Float>
      let isLast: Bool
    }

    var pieces: [Piece] = []
    /// Where runs begin in a panel.
    var runs: [Int] = []
    let isFirst: Bool
    let pitch: Int

    init(
      of tiles: [Tile], _ sums: [UnsafeMutablePointer<Float>], _ index: Int, _ panel: Panel, pitch: Int
    ) {
      isFirst = index == 0
      self.pitch = pitch
      pieces.reserveCapacity(tiles.count)
      runs.reserveCapacity(tiles.count)
      for (t, tile) in tiles.enumerated() where index < tile.runs.blocks {
        let own = tile.runs.block(index)
        let rows = tile.entries.count
        pieces.append(
          Piece(
            narrow: tile.narrow + own.before * rows, rows: rows, firstRun: runs.count,
            runCount: own.runs.count, depth: own.length, sums: sums[t], isLast: index == tile.runs.blocks - 1)
        )
        for r in own.runs { runs.append((tile.runs.starts[r] + own.first) * panel.width) }
      }
    }

    var rows: Int { pieces.map(\.rows).max() ?? 1 }

    /// Elements of the panel that one call asks for, as many as it reads in all, of what lies behind the block's; none
    /// where the tiles do not read one piece of it.
    func askedFor(in panel: Panel, calls: Int) -> Int {
      guard let first = pieces.first, first.runCount == 1 else { return 0 }
      return min(Self.mostAskedFor, first.depth * panel.width / max(1, calls))
    }

    private static let mostAskedFor = 1 << 11
  }

  /// A few vectors of the panel after the other meet every tile.
  private func multiply(_ block: Block, at panel: Panel) {
    let (rows, vectors) = (block.rows, panel.width / kernels.lanes)
    var forms: [Kernels.Form] = []
    while forms.reduce(0, { $0 + $1.vectors }) < vectors {
      forms.append(kernels.form(rows: rows, vectors: vectors - forms.reduce(0) { $0 + $1.vectors }))
    }
    let share = block.askedFor(in: panel, calls: forms.count * block.pieces.count)
    filters.withUnsafeBufferPointer { filters in
      let weights = filters.baseAddress! + panel.start * bank.taps.count * bank.depth
      var next = weights + (block.runs.first ?? 0) + (block.pieces.first?.depth ?? 0) * panel.width
      var first = 0
      for form in forms {
        withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: form.vectors) { vectors in
          for j in 0..<form.vectors { vectors[j] = weights + first + j * kernels.lanes }
          multiply(block, at: vectors.baseAddress!, panel, first: first, form.kernels, &next, asking: share)
        }
        first += form.vectors * kernels.lanes
      }
    }
  }

  private func multiply(
    _ block: Block, at vectors: UnsafePointer<UnsafePointer<Float>?>, _ panel: Panel, first: Int,
    _ byRows: [tile_kernel], _ next: inout UnsafePointer<Float>, asking share: Int
  ) {
    start.withUnsafeBufferPointer { start in
      let begin: TileStart =
        !block.isFirst
        ? .sums : start.isEmpty ? .zero : .column(start.baseAddress! + panel.rows.lowerBound + first)
      block.runs.withUnsafeBufferPointer { runs in
        block.pieces.withUnsafeBufferPointer { pieces in
          for piece in pieces {
            ask_for_lines(next, share)
            next += share
            let own = UnsafeBufferPointer(rebasing: runs[piece.firstRun..<piece.firstRun + piece.runCount])
            kernels.product(
              piece.narrow, rows: piece.rows,
              Kernels.Wide(taps: own, depth: piece.depth, step: panel.width), at: vectors,
              byRows[piece.rows - 1], into: piece.sums + first, pitch: block.pitch, start: begin,
              rectifies: rectifies && piece.isLast)
          }
        }
      }
    }
  }

  private func store(_ sums: UnsafePointer<Float>, _ entries: ArraySlice<Entry>, _ panel: Panel) {
    for (i, entry) in entries.enumerated() {
      let (line, target) = (
        sums + i * panel.width, y + (entry.image * bank.rows + panel.rows.lowerBound) * places + entry.place
      )
      if places == 1 {
        target.update(from: line, count: panel.rows.count)
      } else {
        for r in 0..<panel.rows.count { target[r &* places] = line[r] }
      }
    }
  }
}
