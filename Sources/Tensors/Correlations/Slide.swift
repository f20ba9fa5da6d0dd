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
  let shifts: [Shift]
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
      strides == (1, 1) && !bank.hasFewPlanes
      ? MinimalFiltering(
        bank, kernels, shifts, rows: rows, columns: columns, height: height, width: width, pooling: pooling)
      : nil
  }

  var places: Int { rows * columns }
  var outputs: Int { bank.groups * bank.rows }
  /// Elements that the kernels may read beyond the last plane.
  var slack: Int { 8 * kernels.lanes }

  /// Where each vector of places begins in the planes.
  var vectors: [Int] {
    if columns % kernels.lanes == 0 {
      return (0..<places / kernels.lanes).map { v in
        v * kernels.lanes / columns * planes.pitch + v * kernels.lanes % columns
      }
    }
    let reach = (rows - 1) * planes.pitch + columns
    return (0..<(reach + kernels.lanes - 1) / kernels.lanes).map { $0 * kernels.lanes }
  }

  /// Whether vectors of places store their sums where they belong.
  var storesDirectly: Bool { columns % kernels.lanes == 0 || planes.pitch == columns }

  /// Whether filters go into the vectors rather than places: for planes that would leave many lanes without a place.
  private var prefersPanels: Bool {
    guard bank.groups == 1, bank.rows >= 4 * kernels.lanes else { return false }
    let spent = Double(vectors.count * kernels.lanes) / Double(places)
    let gather = 1 + 12 / Double(bank.rows / kernels.lanes) / Double(kernels.tileRows)
    return spent > gather
  }

  /// Whether the one tap lies on the place itself, of all of the plane's.
  private var isPointwise: Bool {
    bank.groups == 1 && shifts.count == 1 && planes.strides == (1, 1) && shifts[0].down == 0
      && shifts[0].across == 0 && rows == planes.height && columns == planes.width
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
        finish: { _, _ in })
    } else if prefersPanels {
      slideByPanel(source, count: count, start: start, rectifies: rectifies, into: y)
    } else if isPointwise {
      slideByPlace(source, count: count, start: start, rectifies: rectifies) {
        y + $0 * outputs * places
      } finish: { _ in
      }
    } else {
      slideByOutput(source, count: count, start: start, rectifies: rectifies) { n, rows, sums in
        sums(y + (n * outputs + rows.lowerBound) * places)
      }
    }
  }

  /// Outputs a few at a time; `store` is told the image and the outputs, and where to have their sums written; several at
  /// once.
  private func slideByOutput(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool, store: Store
  ) {
    if bank.hasFewPlanes, taps.count > 1 {
      slideByPlane(source, count: count, start: start, rectifies: rectifies, store: store)
    } else {
      slideByTile(source, count: count, start: start, rectifies: rectifies, store: store)
    }
  }

  typealias Store = (_ image: Int, _ outputs: Range<Int>, _ sums: (UnsafeMutablePointer<Float>) -> Void) ->
    Void

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
      let equal = filtering.equalPatches(under: pooling)
      withScratch(min(count, together) * outputs * places) { whole in
        filtering.apply(source, count: count, start: start, rectifies: rectifies) { n in
          whole + n % together * outputs * places
        } finish: { n, padded in
          let (sums, first) = (whole + n % together * outputs * places, n * outputs * pooled)
          equal.unify(sums, over: padded)
          pooling.maxima(
            sums, planes: outputs, into: y + first,
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
    if isPointwise {
      let size = outputs * places
      withScratch(2 * size) { two in
        slideByPlace(source, count: count, start: start, rectifies: rectifies) {
          two + $0 % 2 * size
        } finish: { n in
          let first = n * outputs * pooled
          pooling.maxima(two + n % 2 * size, planes: outputs, into: y + first, taps: taps.map { $0 + first })
        }
      }
      return
    }
    slideByOutput(source, count: count, start: start, rectifies: rectifies) { n, rows, sums in
      withScratch(kernels.tileRows * places + slack) { block in
        sums(block)
        let first = (n * outputs + rows.lowerBound) * pooled
        pooling.maxima(block, planes: rows.count, into: y + first, taps: taps.map { $0 + first })
      }
    }
  }
}

/// Memory for `count` numbers, on a cache line.
@inline(__always)
public func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  withUnsafeTemporaryAllocation(byteCount: max(1, count) * 4, alignment: 64) {
    body($0.baseAddress!.bindMemory(to: Float.self, capacity: max(1, count)))
  }
}
