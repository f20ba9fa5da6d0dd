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
  /// Elements of blocks that are taken together: in a core's second cache.
  private static let groupElements = 48 << 10
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
    let share = (blocks + Threads.spare - 1) / Threads.spare
    let groups = balanced(blocks, limit: max(1, min(share, Self.groupElements / (bank.depth * width))))
    together(over: groups.count, work: places * bank.depth * bank.rows) { g in
      apply(channels, blocks: groups[g], start: start, rectifies: rectifies, into: y)
    }
  }

  /// Blocks whose inputs are taken together, so that memory is read in longer pieces.
  private func apply(
    _ channels: Channels, blocks: Range<Int>, start: UnsafePointer<Float>?, rectifies: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    let size = bank.depth * width
    let range = blocks.lowerBound * width..<min(places, blocks.upperBound * width)
    withScratch(blocks.count * size + kernels.tileRows * width) { inputs in
      let part = inputs + blocks.count * size
      if range.count % width > 0 { (part - size).update(repeating: 0, count: size) }
      copy_panels(
        channels.x + range.lowerBound, channels.gate.map { $0 + range.lowerBound }, channels.step, bank.depth,
        range.count, width, inputs)
      for (b, first) in stride(from: range.lowerBound, to: range.upperBound, by: width).enumerated() {
        multiply(
          inputs + b * size, first..<min(first + width, places), part: part, start: start,
          rectifies: rectifies, into: y)
      }
    }
  }

  private func multiply(
    _ block: UnsafePointer<Float>, _ range: Range<Int>, part: UnsafeMutablePointer<Float>,
    start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    filters.withUnsafeBufferPointer { filters in
      for tile in tiles {
        multiply(
          filters.baseAddress! + tile.lowerBound * bank.depth, rows: tile.count, block, range, part: part,
          start: start.map { $0 + tile.lowerBound }, rectifies: rectifies,
          into: y + tile.lowerBound * places)
      }
    }
  }

  /// One tile of outputs at the places of a block; `part` has room for the sums of a block that is not whole.
  private func multiply(
    _ weights: UnsafePointer<Float>, rows: Int, _ block: UnsafePointer<Float>, _ range: Range<Int>,
    part: UnsafeMutablePointer<Float>,
    start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let isWhole = range.count == width
    let (target, pitch) = isWhole ? (y + range.lowerBound, places) : (part, width)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 8) { vectors in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 1) { taps in
        taps[0] = 0
        let wide = Kernels.Wide(taps: UnsafeBufferPointer(taps), depth: bank.depth, step: width)
        var v = 0
        while v < width / kernels.lanes {
          let form = kernels.form(rows: rows, vectors: width / kernels.lanes - v)
          for j in 0..<form.vectors { vectors[j] = block + (v + j) * kernels.lanes }
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
