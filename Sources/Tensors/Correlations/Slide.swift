internal import CKernels

/// A correlation of stride 1 over padded planes; those with strides, and their adjoints, are made of these.
///
/// y[r, i, j] = start[r] + Σ over taps and inputs of w · x at the tap's shift from (i, j).
struct Slide {
  /// Where a tap lies: in which phase of the planes, and how far from the place.
  struct Shift {
    var phase = PaddedPlanes.Phase()
    var down: Int
    var across: Int
  }

  let bank: FilterBank
  let kernels: Kernels
  let rows: Int
  let columns: Int
  let planes: PaddedPlanes
  /// Where each tap's elements begin, for place (0, 0).
  let taps: [Int]
  private let shifts: [Shift]
  /// What does the same with fewer products, where that pays.
  private let filtering: MinimalFiltering?

  init(
    _ bank: FilterBank, _ kernels: Kernels, shifts: [Shift], rows: Int, columns: Int, height: Int, width: Int,
    strides: (Int, Int) = (1, 1), pooling: Pooling? = nil
  ) {
    self.bank = bank
    self.kernels = kernels
    self.rows = rows
    self.columns = columns
    self.shifts = shifts
    let (top, left) = (shifts.map(\.down).min() ?? 0, shifts.map(\.across).min() ?? 0)
    let (bottom, right) = (shifts.map(\.down).max() ?? 0, shifts.map(\.across).max() ?? 0)
    var phases: [PaddedPlanes.Phase] = []
    for shift in shifts where !phases.contains(shift.phase) { phases.append(shift.phase) }
    let planes = PaddedPlanes(
      channels: bank.depth, height: height, width: width, strides: strides, phases: phases,
      before: (-top, -left),
      rows: rows + bottom - top, pitch: columns + right - left)
    self.planes = planes
    taps = shifts.map {
      planes.offset(phase: phases.firstIndex(of: $0.phase)!, row: $0.down, column: $0.across)
    }
    filtering =
      strides == (1, 1)
      ? MinimalFiltering(
        bank, kernels, shifts, rows: rows, columns: columns, height: height, width: width, pooling: pooling)
      : nil
  }

  var places: Int { rows * columns }
  private var outputs: Int { bank.groups * bank.rows }
  /// Elements that the kernels may read beyond the last plane.
  private var slack: Int { 8 * kernels.lanes }

  /// Where each vector of places begins in the planes.
  private var vectors: [Int] {
    if columns % kernels.lanes == 0 {
      return (0..<places / kernels.lanes).map { v in
        v * kernels.lanes / columns * planes.pitch + v * kernels.lanes % columns
      }
    }
    let reach = (rows - 1) * planes.pitch + columns
    return (0..<(reach + kernels.lanes - 1) / kernels.lanes).map { $0 * kernels.lanes }
  }

  /// Whether vectors of places store their sums where they belong.
  private var storesDirectly: Bool { columns % kernels.lanes == 0 || planes.pitch == columns }

  /// Whether filters go into the vectors rather than places: for planes that would leave many lanes without a place.
  private var prefersPanels: Bool {
    guard bank.groups == 1, bank.rows >= 4 * kernels.lanes else { return false }
    let spent = Double(vectors.count * kernels.lanes) / Double(places)
    let gather = 1 + 12 / Double(bank.rows / kernels.lanes) / Double(kernels.tileRows)
    return spent > gather
  }

  /// y for `count` images, N×(groups·rows)×places; `start` holds a number for each output.
  func apply(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    guard places > 0, outputs > 0, count > 0 else { return }
    if let filtering {
      filtering.apply(
        source, count: count, start: start, rectifies: rectifies, target: { y + $0 * outputs * places },
        finish: { _ in })
    } else if prefersPanels {
      slideByPanel(source, count: count, start: start, rectifies: rectifies, into: y)
    } else {
      slideByTile(source, count: count, start: start, rectifies: rectifies) { n, first in
        y + (n * outputs + first) * places
      } finish: { _, _ in
      }
    }
  }

  /// The same with a maximum over windows of the places behind it: `y` of N×(groups·rows)×pooled places, and where
  /// `taps` is given, which tap of its window each maximum was.
  func apply(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool, pooling: Pooling,
    into y: UnsafeMutablePointer<Float>, taps: UnsafeMutablePointer<UInt8>?
  ) {
    guard places > 0, outputs > 0, count > 0 else { return }
    let pooled = pooling.outputHeight * pooling.outputWidth
    if let filtering {
      let together = filtering.imagesTogether
      withScratch(min(count, together) * outputs * places) { whole in
        filtering.apply(source, count: count, start: start, rectifies: rectifies) { n in
          whole + n % together * outputs * places
        } finish: { n in
          let first = n * outputs * pooled
          pooling.maxima(
            whole + n % together * outputs * places, planes: outputs, into: y + first,
            taps: taps.map { $0 + first })
        }
      }
      return
    }
    if prefersPanels {
      withScratch(count * outputs * places) { whole in
        slideByPanel(source, count: count, start: start, rectifies: rectifies, into: whole)
        pooling.maxima(whole, planes: count * outputs, into: y, taps: taps)
      }
      return
    }
    withScratch(kernels.tileRows * places + slack) { block in
      slideByTile(source, count: count, start: start, rectifies: rectifies) { _, _ in
        block
      } finish: { n, rows in
        let first = (n * outputs + rows.lowerBound) * pooled
        pooling.maxima(block, planes: rows.count, into: y + first, taps: taps.map { $0 + first })
      }
    }
  }
}

/// Memory for `count` numbers, on a cache line.
@inline(__always)
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  withUnsafeTemporaryAllocation(byteCount: max(1, count) * 4, alignment: 64) {
    body($0.baseAddress!.bindMemory(to: Float.self, capacity: max(1, count)))
  }
}

// MARK: - Places in the vectors

extension Slide {
  /// Memory for padded images that should stay in a core's own cache.
  private static let cacheShare = 96 << 10

  /// Image by image, or where the filters are many a few images at a time: each tile of rows at all their places.
  private func slideByTile(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool,
    target: (_ image: Int, _ firstOutput: Int) -> UnsafeMutablePointer<Float>,
    finish: (_ image: Int, _ outputs: Range<Int>) -> Void
  ) {
    let tiles = kernels.tiles(of: bank.rows)
    let filters = bank.byTile(tiles)
    let filterSize = bank.rows * bank.depth * taps.count
    let together =
      filterSize <= 2 * Self.cacheShare ? 1 : max(1, min(count, Self.cacheShare / max(1, planes.size)))
    let vectors = vectors
    withScratch(together * planes.size + slack) { padded in
      padded.update(repeating: 0, count: together * planes.size + slack)
      for first in stride(from: 0, to: count, by: together) {
        let images = first..<min(count, first + together)
        for g in 0..<bank.groups {
          for n in images {
            planes.fill(
              padded + (n - first) * planes.size, from: source, entry: n, channel: g * bank.depth,
              of: bank.groups * bank.depth)
          }
          for tile in tiles {
            let outputs = g * bank.rows + tile.lowerBound..<g * bank.rows + tile.upperBound
            filters.withUnsafeBufferPointer { filters in
              let weights = filters.baseAddress! + g * filterSize + tile.lowerBound * bank.depth * taps.count
              for n in images {
                multiply(
                  weights, rows: tile.count, padded + (n - first) * planes.size, vectors,
                  start: start.map { $0 + outputs.lowerBound }, rectifies: rectifies,
                  into: target(n, outputs.lowerBound))
                finish(n, outputs)
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
  private func slideByPanel(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    withScratch(count * planes.size) { padded in
      padded.update(repeating: 0, count: count * planes.size)
      for n in 0..<count {
        planes.fill(padded + n * planes.size, from: source, entry: n, channel: 0, of: bank.depth)
      }
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
