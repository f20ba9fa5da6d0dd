internal import CKernels

/// A correlation with one tap, on the place itself: y[o, p] = start[o] + Σ w[o, c] · x[c, p], a product of matrices.
///
/// So many places as lie next to a core are taken from all channels, gated where the source is, and met with every
/// filter before the next: inputs are read once, and the filters stream by.
struct PointwiseProduct {
  private let bank: FilterBank
  private let kernels: Kernels
  private let places: Int
  private let tiles: [Range<Int>]
  private let filters: FilterArray
  /// Elements of a channel that are met together: whole vectors.
  private let width: Int

  /// Elements of a block of inputs: in a core's first cache, and more where filters are too many for its second.
  private static let blockElements = (few: 6 << 10, many: 32 << 10)
  private static let filterElements = 128 << 10

  init(_ bank: FilterBank, _ kernels: Kernels, places: Int) {
    self.bank = bank
    self.kernels = kernels
    self.places = places
    tiles = kernels.tiles(of: bank.rows)
    filters = bank.byTile(tiles)
    let few = bank.rows * bank.depth <= Self.filterElements
    let elements = few ? Self.blockElements.few : Self.blockElements.many
    let vectors = 2 * max(1, min(4, elements / (2 * bank.depth * kernels.lanes)))
    width = min(vectors, (places + kernels.lanes - 1) / kernels.lanes) * kernels.lanes
  }

  /// Channels of one image, each `step` elements behind the one before.
  struct Channels {
    let x: UnsafePointer<Float>
    var gate: UnsafePointer<Float>?
    let step: Int
  }

  /// y of one image, outputs×places.
  func apply(
    _ channels: Channels, start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let blocks = (places + width - 1) / width
    together(over: blocks, work: places * bank.depth * bank.rows) { b in
      withScratch((bank.depth + kernels.tileRows) * width) { block in
        let first = b * width
        let count = min(width, places - first)
        if count < width { block.update(repeating: 0, count: bank.depth * width) }
        copy_rows(
          channels.x + first, channels.gate.map { $0 + first }, channels.step, bank.depth, count, block, width
        )
        filters.withUnsafeBufferPointer { filters in
          for tile in tiles {
            multiply(
              filters.baseAddress! + tile.lowerBound * bank.depth, rows: tile.count, block,
              first..<first + count, start: start.map { $0 + tile.lowerBound }, rectifies: rectifies,
              into: y + tile.lowerBound * places)
          }
        }
      }
    }
  }

  /// One tile of outputs at the places of a block; behind the block there is room for the sums of a part of it.
  private func multiply(
    _ weights: UnsafePointer<Float>, rows: Int, _ block: UnsafeMutablePointer<Float>, _ range: Range<Int>,
    start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let isWhole = range.count == width
    let (target, pitch) = isWhole ? (y + range.lowerBound, places) : (block + bank.depth * width, width)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 8) { vectors in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 1) { taps in
        taps[0] = 0
        let wide = Kernels.Wide(taps: UnsafeBufferPointer(taps), depth: bank.depth, step: width)
        var v = 0
        while v < width / kernels.lanes {
          let form = kernels.form(rows: rows, vectors: width / kernels.lanes - v)
          for j in 0..<form.vectors { vectors[j] = UnsafePointer(block + (v + j) * kernels.lanes) }
          kernels.product(
            weights, rows: rows, wide, at: vectors.baseAddress!, form, into: target + v * kernels.lanes,
            pitch: pitch, start: start.map { .row($0) } ?? .zero, rectifies: rectifies)
          v += form.vectors
        }
      }
    }
    if !isWhole {
      copyLines(
        target, sourcePitch: width, to: y + range.lowerBound, targetPitch: places, lines: rows,
        width: range.count)
    }
  }
}
