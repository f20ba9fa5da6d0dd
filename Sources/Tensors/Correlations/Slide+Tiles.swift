// MARK: - Places in the vectors

extension Slide {
  /// Memory for padded images that should stay in a core's own cache.
  private static let cacheShare = 96 << 10

  /// Image by image, or where the filters are many a few images at a time: each tile of rows at all their places.
  func slideByTile(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool, store: Store
  ) {
    let tiles = kernels.tiles(of: bank.rows)
    let filters = bank.byTile(tiles)
    let filterSize = bank.rows * bank.depth * taps.count
    let together =
      filterSize <= 2 * Self.cacheShare ? 1 : max(1, min(count, Self.cacheShare / max(1, planes.size)))
    // Few groups share the threads one by one, many go to one thread each.
    let parts = Array(0..<bank.groups).shared(among: bank.groups < 2 * Threads.spare ? 1 : 4 * Threads.spare)
    Tensors.together(over: parts.count, work: count * places * filterSize * bank.groups) { part in
      let vectors = vectors
      withScratch(together * planes.size + slack) { padded in
        (padded + together * planes.size).update(repeating: 0, count: slack)
        for first in stride(from: 0, to: count, by: together) {
          let images = first..<min(count, first + together)
          for g in parts[part] {
            planes.fill(
              padded, from: source, entries: images, new: first == 0 && g == parts[part].first,
              channel: g * bank.depth, of: bank.groups * bank.depth)
            Tensors.together(over: tiles.count, work: images.count * places * filterSize) { t in
              let outputs = g * bank.rows + tiles[t].lowerBound..<g * bank.rows + tiles[t].upperBound
              filters.withUnsafeBufferPointer { filters in
                let weights =
                  filters.baseAddress! + g * filterSize + tiles[t].lowerBound * bank.depth * taps.count
                for n in images {
                  store(n, outputs) { y in
                    multiply(
                      weights, rows: outputs.count, padded + (n - first) * planes.size, vectors,
                      start: start.map { $0 + outputs.lowerBound }, rectifies: rectifies, into: y)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// One tile of rows at all places of one image.
  private func multiply(
    _ weights: UnsafePointer<Float>, rows: Int, _ image: UnsafePointer<Float>, _ vectors: [Int],
    start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let lanes = kernels.lanes
    taps.withUnsafeBufferPointer { taps in
      let wide = Kernels.Wide(taps: taps, depth: bank.depth, step: planes.step)
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 8) { pointers in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: kernels.tileRows * 2 * lanes) { scratch in
          var v = 0
          while v < vectors.count {
            let form = kernels.form(rows: rows, vectors: vectors.count - v)
            for j in 0..<form.vectors { pointers[j] = image + vectors[v + j] }
            let isDirect = storesDirectly && (v + form.vectors) * lanes <= places
            kernels.product(
              weights, rows: rows, wide, at: pointers.baseAddress!, form,
              into: isDirect ? y + v * lanes : scratch.baseAddress!,
              pitch: isDirect ? places : form.vectors * lanes, start: start.map { .row($0) } ?? .zero,
              rectifies: rectifies)
            if !isDirect {
              spread(scratch.baseAddress!, rows: rows, width: form.vectors * lanes, from: v * lanes, into: y)
            }
            v += form.vectors
          }
        }
      }
    }
  }

  /// Puts sums at consecutive elements of the planes to their places; those at the planes' margins have none.
  private func spread(
    _ sums: UnsafePointer<Float>, rows: Int, width: Int, from first: Int, into y: UnsafeMutablePointer<Float>
  ) {
    var position = first
    while position < first + width {
      let (i, j) = (position / planes.pitch, position % planes.pitch)
      guard i < self.rows else { return }
      let count = min(first + width - position, planes.pitch - j)
      let kept = min(count, columns - j)
      if kept > 0 {
        for r in 0..<rows {
          (y + r * places + i * columns + j).update(from: sums + r * width + position - first, count: kept)
        }
      }
      position += count
    }
  }
}

// MARK: - Filters in the vectors

extension Slide {
  func slideByPanel(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    withScratch(count * planes.size) { padded in
      planes.fill(padded, from: source, entries: 0..<count, new: true)
      let product = PanelProduct(bank, kernels, start: start, rectifies: rectifies, places: places, into: y)
      if skipsPadding(count) {
        for place in 0..<places {
          let (i, j) = (place / columns, place % columns)
          let valid = shifts.indices.filter { touches(shifts[$0], i, j) }
          product.multiply(
            padded,
            entries: (0..<count).map { n in
              .init(offset: n * planes.size + i * planes.pitch + j, image: n, place: place)
            },
            taps: valid.map { (index: $0, offset: taps[$0]) }, step: planes.step)
        }
      } else {
        product.multiply(
          padded,
          entries: (0..<count * places).map { e in
            let (n, place) = (e / places, e % places)
            return .init(
              offset: n * planes.size + place / columns * planes.pitch + place % columns, image: n,
              place: place)
          }, taps: taps.indices.map { (index: $0, offset: taps[$0]) }, step: planes.step)
      }
    }
  }

  /// Whether images are enough to fill a tile at each place, so that taps in the padding need not be multiplied.
  private func skipsPadding(_ count: Int) -> Bool { count >= 6 && places <= 64 && shifts.count > 1 }

  /// Whether a tap at place (i, j) lies on the image.
  private func touches(_ shift: Shift, _ i: Int, _ j: Int) -> Bool {
    let (down, across) = planes.strides
    let y = (i + shift.down) * down + shift.phase.down
    let x = (j + shift.across) * across + shift.phase.across
    return y >= 0 && y < planes.height && x >= 0 && x < planes.width
  }
}
