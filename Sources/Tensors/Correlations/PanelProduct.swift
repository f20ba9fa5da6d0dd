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
  private let filters: [Float]
  /// A number for each output, and zeros up to whole panels; empty for none.
  private let start: [Float]
  private let rectifies: Bool
  private let places: Int
  private let y: UnsafeMutablePointer<Float>

  /// Elements of gathered inputs that share a pass over the filters.
  private static let gatheredSize = 160 << 10

  init(
    _ bank: FilterBank, _ kernels: Kernels, start: UnsafePointer<Float>?, rectifies: Bool, places: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    self.bank = bank
    self.kernels = kernels
    panels = Panel.panels(of: bank.rows, kernels)
    filters = bank.byPanel(panels)
    self.start =
      start.map {
        Array(UnsafeBufferPointer(start: $0, count: bank.rows))
          + [Float](repeating: 0, count: 2 * kernels.lanes)
      } ?? []
    self.rectifies = rectifies
    self.places = places
    self.y = y
  }

  /// Sums of all outputs at these entries over these taps of the bank, whose elements lie at the given offsets.
  func multiply(
    _ x: UnsafePointer<Float>, entries: [Entry], taps: [(index: Int, offset: Int)], step: Int
  ) {
    let steps = taps.count * bank.depth
    let tiles = balanced(entries.count, limit: kernels.tileRows)
    let together = max(1, Self.gatheredSize / max(1, steps * kernels.tileRows))
    withScratch(min(together, tiles.count) * kernels.tileRows * steps) { gathered in
      for first in stride(from: 0, to: tiles.count, by: together) {
        let group = tiles[first..<min(tiles.count, first + together)]
        for (t, tile) in group.enumerated() {
          gather(x, entries[tile], taps, step, into: gathered + t * kernels.tileRows * steps)
        }
        let work = group.reduce(0) { $0 + $1.count } * steps * bank.rows
        Tensors.together(over: panels.count, work: work) { p in
          for (t, tile) in group.enumerated() {
            multiply(gathered + t * kernels.tileRows * steps, entries[tile], panels[p], taps)
          }
        }
      }
    }
  }

  /// The inputs under all taps, a number an entry at each step.
  private func gather(
    _ x: UnsafePointer<Float>, _ entries: ArraySlice<Entry>, _ taps: [(index: Int, offset: Int)], _ step: Int,
    into narrow: UnsafeMutablePointer<Float>
  ) {
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
  }

  private func multiply(
    _ narrow: UnsafePointer<Float>, _ entries: ArraySlice<Entry>, _ panel: Panel,
    _ taps: [(index: Int, offset: Int)]
  ) {
    let form = kernels.form(rows: entries.count, vectors: panel.width / kernels.lanes)
    let offsets = taps.map { $0.index * bank.depth * panel.width }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: kernels.tileRows * kernels.panelWidth) { sums in
      filters.withUnsafeBufferPointer { filters in
        let weights = filters.baseAddress! + panel.start * bank.taps.count * bank.depth
        offsets.withUnsafeBufferPointer { offsets in
          start.withUnsafeBufferPointer { start in
            withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 2) { vectors in
              vectors[0] = weights
              vectors[1] = weights + kernels.lanes
              kernels.product(
                narrow, rows: entries.count, .init(taps: offsets, depth: bank.depth, step: panel.width),
                at: vectors.baseAddress!, form, into: sums.baseAddress!, pitch: panel.width,
                start: start.isEmpty ? .zero : .column(start.baseAddress! + panel.rows.lowerBound),
                rectifies: rectifies)
            }
          }
        }
      }
      store(sums.baseAddress!, entries, panel)
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
