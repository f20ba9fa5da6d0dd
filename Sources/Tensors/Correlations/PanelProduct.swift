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

  private let bank: FilterBank
  private let kernels: Kernels
  private let panels: [Panel]
  private let filters: FilterArray
  /// A number for each output, and zeros up to whole panels; empty for none.
  private let start: [Float]
  private let rectifies: Bool
  private let places: Int
  private let y: UnsafeMutablePointer<Float>

  /// Elements of gathered inputs that share a pass over the filters.
  private static let gatheredSize = 160 << 10

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
        let group = tiles[first..<min(tiles.count, first + together)]
        let runs = group.enumerated().map { t, tile in
          gather(x, entries[tile], taps, step, into: gathered + t * kernels.tileRows * steps)
        }
        let work = zip(group, runs).reduce(0) { $0 + $1.0.count * $1.1.count } * bank.rows
        Tensors.together(over: panels.count, work: work) { p in
          for (t, tile) in group.enumerated() {
            multiply(gathered + t * kernels.tileRows * steps, entries[tile], panels[p], runs[t])
          }
        }
      }
    }
  }

  /// Steps of the product: runs of equal length, and where in the bank each begins.
  private struct Runs {
    var starts: [Int]
    var length: Int
    var count: Int { starts.count * length }
  }

  /// The inputs under all taps, a number an entry at each step, but for steps without any.
  private func gather(
    _ x: UnsafePointer<Float>, _ entries: ArraySlice<Entry>, _ taps: [(index: Int, offset: Int)], _ step: Int,
    into narrow: UnsafeMutablePointer<Float>
  ) -> Runs {
    let width = entries.count
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
    let runs = Runs(starts: taps.map { $0.index * bank.depth }, length: bank.depth)
    return condensed(narrow, width: width, runs) ?? runs
  }

  /// Moves the steps together that have an input; nil, and nothing moved, where that is most of them.
  private func condensed(_ narrow: UnsafeMutablePointer<Float>, width: Int, _ runs: Runs) -> Runs? {
    let count = runs.count
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

  private func multiply(
    _ narrow: UnsafePointer<Float>, _ entries: ArraySlice<Entry>, _ panel: Panel, _ runs: Runs
  ) {
    withScratch(entries.count * panel.width) { sums in
      filters.withUnsafeBufferPointer { filters in
        let weights = filters.baseAddress! + panel.start * bank.taps.count * bank.depth
        withUnsafeTemporaryAllocation(of: Int.self, capacity: runs.starts.count) { offsets in
          for n in offsets.indices { offsets[n] = runs.starts[n] &* panel.width }
          let wide = Kernels.Wide(taps: UnsafeBufferPointer(offsets), depth: runs.length, step: panel.width)
          multiply(narrow, rows: entries.count, wide, weights, panel, into: sums)
        }
      }
      store(sums, entries, panel)
    }
  }

  private func multiply(
    _ narrow: UnsafePointer<Float>, rows: Int, _ wide: Kernels.Wide, _ weights: UnsafePointer<Float>,
    _ panel: Panel, into sums: UnsafeMutablePointer<Float>
  ) {
    start.withUnsafeBufferPointer { start in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 8) { vectors in
        var v = 0
        while v < panel.width / kernels.lanes {
          let form = kernels.form(rows: rows, vectors: panel.width / kernels.lanes - v)
          let first = v * kernels.lanes
          for j in 0..<form.vectors { vectors[j] = weights + first + j * kernels.lanes }
          kernels.product(
            narrow, rows: rows, wide, at: vectors.baseAddress!, form, into: sums + first, pitch: panel.width,
            start: start.isEmpty ? .zero : .column(start.baseAddress! + panel.rows.lowerBound + first),
            rectifies: rectifies)
          v += form.vectors
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
