internal import CKernels

// MARK: - Plane by plane

extension Slide {
  /// Groups that the threads share, each with memory for the planes of one: every output by itself.
  func slideByPlane(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool, store: Store
  ) {
    let columns = TapColumns(shifts, offsets: taps, depth: bank.depth, step: planes.step)
    let filters = bank.byPlane(columns.order)
    let parts = Array(0..<bank.groups).shared(among: 4 * Threads.spare)
    let work = count * outputs * bank.depth * places * taps.count
    together(over: parts.count, work: work) { part in
      withScratch(planes.size + slack) { padded in
        padded.update(repeating: 0, count: planes.size + slack)
        for n in 0..<count {
          for g in parts[part] {
            planes.fill(
              padded, 0..<bank.depth, from: source, entry: n, channel: g * bank.depth,
              of: bank.groups * bank.depth)
            for output in g * bank.rows..<(g + 1) * bank.rows {
              store(n, output..<output + 1) { y in
                sum(
                  columns, of: padded, by: filters, output: output, start: start?[output] ?? 0,
                  rectifies: rectifies, into: y)
              }
            }
          }
        }
      }
    }
  }

  private func sum(
    _ columns: TapColumns, of padded: UnsafePointer<Float>, by filters: FilterArray, output: Int,
    start: Float,
    rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    filters.withUnsafeBufferPointer { filters in
      columns.columns.withUnsafeBufferPointer { columns in
        var sums = plane_sums(
          x: padded, x_pitch: planes.pitch, columns: columns.baseAddress, column_count: columns.count,
          weights: filters.baseAddress! + output * bank.depth * taps.count, start: start,
          rectifies: rectifies ? 1 : 0, y: y, height: rows, width: self.columns)
        kernels.sumPlane(&sums)
      }
    }
  }
}

/// Taps that lie one below the other, and their order: what is read once serves all rows that it lies under.
private struct TapColumns {
  /// The taps, column by column.
  let order: [Int]
  /// The columns of every input.
  let columns: [tap_column]

  init(_ shifts: [Slide.Shift], offsets: [Int], depth: Int, step: Int) {
    let order = shifts.indices.sorted { Self.key(shifts[$0]) < Self.key(shifts[$1]) }
    var own: [tap_column] = []
    var last: Slide.Shift?
    for tap in order {
      let shift = shifts[tap]
      if let last, last.phase == shift.phase, last.across == shift.across, last.down + 1 == shift.down,
        own.last!.count < Int(most_column_taps)
      {
        own[own.count - 1].count += 1
      } else {
        own.append(tap_column(offset: offsets[tap], count: 1))
      }
      last = shift
    }
    self.order = order
    columns = (0..<depth).flatMap { c in
      own.map { tap_column(offset: $0.offset + c * step, count: $0.count) }
    }
  }

  private static func key(_ shift: Slide.Shift) -> (Int, Int, Int, Int) {
    (shift.phase.down, shift.phase.across, shift.across, shift.down)
  }
}
