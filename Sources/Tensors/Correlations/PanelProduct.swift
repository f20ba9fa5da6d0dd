internal import CKernels

/// Products with the filters in the vectors: y[n, r, place] = start[r] + Σ w[r, tap, c] · x at an entry's place.
///
/// For dense layers and small planes, whose places do not fill a vector.
struct PanelProduct {
  /// A place of an image: where it lies in the planes, and where its sums go.
  struct Entry {
    let offset: Int
    let image: Int
    let place: Int
  }

  let bank: FilterBank
  let kernels: Kernels
  let panels: [Panel]
  let filters: FilterArray
  /// A number for each output, and zeros up to whole panels; empty for none.
  let start: [Float]
  let rectifies: Bool
  let places: Int
  let y: UnsafeMutablePointer<Float>

  /// Elements of gathered inputs that share a pass over the filters.
  private static let gatheredSize = 1 << 20

  init(
    _ bank: FilterBank, _ kernels: Kernels, start: UnsafePointer<Float>?, rectifies: Bool, places: Int,
    panelVectors: Int = 2, into y: UnsafeMutablePointer<Float>
  ) {
    self.bank = bank
    self.kernels = kernels
    panels = Panel.panels(of: bank.rows, kernels, vectors: panelVectors)
    filters = bank.byPanel(panels)
    self.start =
      start.map {
        Array(UnsafeBufferPointer(start: $0, count: bank.rows))
          + [Float](repeating: 0, count: panelVectors * kernels.lanes)
      } ?? []
    self.rectifies = rectifies
    self.places = places
    self.y = y
  }

  /// Sums of all outputs at these entries over these taps of the bank, whose elements lie at the given offsets.
  ///
  /// Inputs that are zero at all entries of a tile are left out where they are many, as behind a rectifier: of the
  /// filters, which are most of what has to come from memory, their part stays there. No sum changes by that.
  func multiply(
    _ x: UnsafePointer<Float>, entries: [Entry], taps: [(index: Int, offset: Int)], step: Int
  ) {
    let steps = taps.count * bank.depth
    let tiles = balanced(entries.count, limit: kernels.tileRows)
    let together = max(1, Self.gatheredSize / max(1, steps * kernels.tileRows))
    withScratch(min(together, tiles.count) * kernels.tileRows * steps) { gathered in
      for first in stride(from: 0, to: tiles.count, by: together) {
        let own = tiles[first..<min(tiles.count, first + together)].map { entries[$0] }
        multiply(gather(x, own, taps, step, into: gathered))
      }
    }
  }

  /// Places whose sums one kernel takes together, with their inputs.
  struct Tile {
    let entries: ArraySlice<Entry>
    let narrow: UnsafePointer<Float>
    let runs: Runs

    /// Whether the sums of one entry lie right behind those of the one before.
    let isDense: Bool

    init(_ entries: ArraySlice<Entry>, _ narrow: UnsafePointer<Float>, _ runs: Runs, places: Int) {
      (self.entries, self.narrow, self.runs) = (entries, narrow, runs)
      isDense =
        places == 1
        && entries.indices.dropFirst().allSatisfy { entries[$0].image == entries[$0 - 1].image + 1 }
    }
  }

  /// Steps of the product: runs of equal length, and where in the bank each begins.
  struct Runs {
    var starts: [Int]
    var length: Int
    var count: Int { starts.count * length }

    /// Steps after which sums are put down: of a piece of the filters so long, two vectors wide, every tile is met
    /// while it lies next to the core.
    private static let blockSteps = 256

    private var isOne: Bool { starts.count == 1 }
    private var runsTogether: Int { max(1, Self.blockSteps / max(1, length)) }

    var blocks: Int {
      let (whole, size) = isOne ? (length, Self.blockSteps) : (starts.count, runsTogether)
      return max(1, (whole + size - 1) / size)
    }

    /// One block: which of the runs it has, whole or a part that begins `first` steps behind their starts, how long those
    /// are, and how many steps come before it.
    func block(_ b: Int) -> (runs: Range<Int>, first: Int, length: Int, before: Int) {
      if isOne {
        let first = b * Self.blockSteps
        return (0..<1, first, min(Self.blockSteps, length - first), first)
      }
      let first = b * runsTogether
      return (first..<min(starts.count, first + runsTogether), 0, length, first * length)
    }
  }

  /// The inputs of tiles, one tile behind the other.
  private func gather(
    _ x: UnsafePointer<Float>, _ tiles: [ArraySlice<Entry>], _ taps: [(index: Int, offset: Int)], _ step: Int,
    into gathered: UnsafeMutablePointer<Float>
  ) -> [Tile] {
    let steps = taps.count * bank.depth
    let all = Runs(starts: taps.map { $0.index * bank.depth }, length: bank.depth)
    var runs = [Runs](repeating: all, count: tiles.count)
    let count = tiles.reduce(0) { $0 + $1.count }
    runs.withUnsafeMutableBufferPointer { runs in
      Tensors.together(over: tiles.count, work: 4 * count * steps) { t in
        let narrow = gathered + t * kernels.tileRows * steps
        gather(x, tiles[t], taps, step, into: narrow)
        if let kept = condensed(narrow, width: tiles[t].count, all) { runs[t] = kept }
      }
    }
    return tiles.indices.map { t in
      Tile(tiles[t], gathered + t * kernels.tileRows * steps, runs[t], places: places)
    }
  }

  /// The inputs under all taps, a number an entry at each step.
  private func gather(
    _ x: UnsafePointer<Float>, _ entries: ArraySlice<Entry>, _ taps: [(index: Int, offset: Int)], _ step: Int,
    into narrow: UnsafeMutablePointer<Float>
  ) {
    let width = entries.count
    if step == 1, taps.count == 1, let pitch = pitch(of: entries) {
      return turn_lines(
        x + entries.first!.offset + taps[0].offset, pitch, width, bank.depth, narrow, width)
    }
    for (i, entry) in entries.enumerated() {
      var k = i
      for tap in taps {
        var source = x + entry.offset + tap.offset
        for _ in 0..<bank.depth {
          narrow[k] = source.pointee
          source += step
          k += width
        }
      }
    }
  }

  /// How far apart the entries lie; nil where that differs.
  private func pitch(of entries: ArraySlice<Entry>) -> Int? {
    let indices = entries.indices
    guard entries.count > 1 else { return bank.depth }
    let pitch = entries[indices.lowerBound + 1].offset - entries[indices.lowerBound].offset
    return indices.dropFirst().allSatisfy { entries[$0].offset - entries[$0 - 1].offset == pitch }
      ? pitch : nil
  }

  /// Moves the steps together that have an input; nil, and nothing moved, where that is most of them.
  private func condensed(_ narrow: UnsafeMutablePointer<Float>, width: Int, _ runs: Runs) -> Runs? {
    let count = runs.count
    // As many steps have an input as there are inputs, at least.
    if 4 * nonzero_count(narrow, nil, count * width) >= 3 * count * width { return nil }
    var kept = [Int](unsafeUninitializedCapacity: count) {
      $1 = nonzero_groups(narrow, width, count, $0.baseAddress!)
    }
    guard 4 * kept.count < 3 * count else { return nil }
    for (n, k) in kept.enumerated() {
      for i in 0..<width { narrow[n &* width &+ i] = narrow[k &* width &+ i] }
    }
    if runs.starts != [0] {
      for n in kept.indices { kept[n] = runs.starts[kept[n] / runs.length] + kept[n] % runs.length }
    }
    return Runs(starts: kept, length: 1)
  }
}
