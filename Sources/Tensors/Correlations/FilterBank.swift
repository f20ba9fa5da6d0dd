internal import CKernels
internal import Synchronization

/// The filters of a correlation in one direction, groups×rows×depth×taps, and their copies in the order in which the
/// kernels read them, made when first needed.
struct FilterBank: Sendable {
  let weights: [Float]
  let groups: Int
  /// Outputs of a group.
  let rows: Int
  /// Inputs of a group.
  let depth: Int
  /// Where the weights of each tap begin.
  let taps: [Int]
  let groupStride: Int
  let rowStride: Int
  let depthStride: Int
  private let packed = PackedFilters()

  init(
    weights: [Float], groups: Int, rows: Int, depth: Int, taps: [Int], groupStride: Int, rowStride: Int,
    depthStride: Int
  ) {
    self.weights = weights
    self.groups = groups
    self.rows = rows
    self.depth = depth
    self.taps = taps
    self.groupStride = groupStride
    self.rowStride = rowStride
    self.depthStride = depthStride
  }

  /// The filters as narrow factors: for each group and tile of rows, every tap and input, a number a row.
  func byTile(_ tiles: [Range<Int>]) -> FilterArray {
    packed.narrow { out in
      for g in 0..<groups {
        for tile in tiles { append(rows: tile, width: tile.count, group: g, to: &out) }
      }
    }
  }

  /// The filters as wide factors: for each panel of rows, every tap and input, one number a row; zeros fill the last.
  func byPanel(_ panels: [Panel]) -> FilterArray {
    packed.wide(panels.first?.width ?? 0) { out in
      for panel in panels { append(rows: panel.rows, width: panel.width, group: 0, to: &out) }
    }
  }

  /// G w Gᵀ of every filter for a minimal filtering, as factors of the products at each of n×n points.
  ///
  /// By point, panel of rows and input, or else by panel, input and point, one number a row; zeros fill the last
  /// panel. Summed in double precision.
  func transformed(
    _ filtering: Kernels.Filtering, _ grid: TapGrid, _ panels: [Panel], byPoint: Bool
  ) -> FilterArray {
    packed.transformed(n: filtering.n) { out in
      let g = grid.filterTransform(n: filtering.n)
      let offsets = grid.taps.map { taps[$0] }
      let points = filtering.n * filtering.n
      let size = depth * (panels.last.map { $0.start + $0.width } ?? 0)
      out = [Float](repeating: 0, count: points * size)
      out.withUnsafeMutableBufferPointer { out in
        weights.withUnsafeBufferPointer { weights in
          for panel in panels {
            let apart = byPoint ? 1 : points
            for c in 0..<depth {
              transform_filters(
                weights.baseAddress! + panel.rows.lowerBound * rowStride + c * depthStride, rowStride,
                offsets,
                panel.rows.count, g, filtering.n, grid.extent,
                out.baseAddress! + (panel.start * depth + c * panel.width) * apart,
                byPoint ? size : panel.width)
            }
          }
        }
      }
    }
  }

  /// Whether a group has so few inputs and outputs that each plane is summed by itself: depthwise filters.
  var hasFewPlanes: Bool { rows <= 2 && depth <= 2 }

  /// The filters by group and output: for each input its taps in this order.
  func byPlane(_ order: [Int]) -> FilterArray {
    packed.plane { out in
      for g in 0..<groups {
        for r in 0..<rows {
          for c in 0..<depth {
            let own = g * groupStride + r * rowStride + c * depthStride
            for tap in order { out.append(weights[own + taps[tap]]) }
          }
        }
      }
    }
  }

  private func append(rows: Range<Int>, width: Int, group: Int, to out: inout [Float]) {
    let size = taps.count * depth * width
    let base = group * groupStride + rows.lowerBound * rowStride
    out.append(
      contentsOf: [Float](unsafeUninitializedCapacity: size) { buffer, count in
        count = size
        guard size > 0, let target = buffer.baseAddress else { return }
        target.update(repeating: 0, count: size)
        weights.withUnsafeBufferPointer { weights in
          for i in 0..<rows.count {
            var k = i
            for tap in taps {
              var source = weights.baseAddress! + base + i * rowStride + tap
              for _ in 0..<depth {
                target[k] = source.pointee
                source += depthStride
                k += width
              }
            }
          }
        }
      })
  }
}

/// Rows of a filter bank that lie side by side in the vectors of a wide factor.
struct Panel: Sendable {
  let rows: Range<Int>
  /// Whole vectors, at least as many elements as rows.
  let width: Int
  /// Where its elements begin, for one step.
  let start: Int

  static func panels(of rows: Int, _ kernels: Kernels, vectors: Int = 2) -> [Panel] {
    var panels: [Panel] = []
    var start = 0
    for first in stride(from: 0, to: rows, by: vectors * kernels.lanes) {
      let count = min(vectors * kernels.lanes, rows - first)
      let width = (count + kernels.lanes - 1) / kernels.lanes * kernels.lanes
      panels.append(Panel(rows: first..<first + count, width: width, start: start))
      start += width
    }
    return panels
  }
}

/// What was packed so far.
private final class PackedFilters: Sendable {
  private let narrow = FilterArrayOnce()
  private let planes = FilterArrayOnce()
  /// By the width of the first panel, which all but the last have.
  private let panels = Mutex<[Int: FilterArray]>([:])
  /// By the extent n of their tiles.
  private let tiles = Mutex<[Int: FilterArray]>([:])

  func narrow(_ fill: (inout [Float]) -> Void) -> FilterArray { narrow.array { Self.filled(fill) } }

  func plane(_ fill: (inout [Float]) -> Void) -> FilterArray { planes.array { Self.filled(fill) } }

  func wide(_ width: Int, _ fill: (inout [Float]) -> Void) -> FilterArray {
    panels.withLock { panels in
      if panels[width] == nil { panels[width] = FilterArray(Self.filled(fill)) }
      return panels[width]!
    }
  }

  func transformed(n: Int, _ fill: (inout [Float]) -> Void) -> FilterArray {
    tiles.withLock { tiles in
      if tiles[n] == nil { tiles[n] = FilterArray(Self.filled(fill)) }
      return tiles[n]!
    }
  }

  private static func filled(_ fill: (inout [Float]) -> Void) -> [Float] {
    var array: [Float] = []
    fill(&array)
    return array
  }
}
