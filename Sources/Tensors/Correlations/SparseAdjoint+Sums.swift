internal import CKernels

extension SparseAdjoint {
  /// The sums of one image's x̄ over what passed, for all its cotangents.
  struct Sums {
    private let adjoint: SparseAdjoint
    private let filters: FilterArray
    private let pooling: Pooling
    private let passed: passed
    private let found: Int
    private let height: Int
    private let width: Int
    /// Cotangents that share a tile of sums.
    private let groups: [Range<Int>]

    init(
      _ adjoint: SparseAdjoint, _ filters: FilterArray, _ pooling: Pooling, passed: passed, found: Int,
      cotangents: Int, height: Int, width: Int
    ) {
      self.adjoint = adjoint
      self.filters = filters
      self.pooling = pooling
      self.passed = passed
      self.found = found
      self.height = height
      self.width = width
      let vectors = min(4, adjoint.width / adjoint.kernels.lanes)
      let form = adjoint.kernels.forms.last { $0.vectors <= vectors }!
      groups = balanced(cotangents, limit: form.rows)
    }
  }
}

// MARK: - Rows of places

extension SparseAdjoint.Sums {
  private var window: Window { adjoint.window }
  private var inputs: Int { adjoint.inputs }
  private var cotangents: Int { groups.last?.upperBound ?? 0 }

  /// x̄ of image `n`, whose first cotangent goes to `xBar`.
  func take(_ source: SparseAdjoint.Source, image n: Int, into xBar: UnsafeMutablePointer<Float>) {
    let (plane, size) = (adjoint.outputs * source.places, inputs * height * width)
    withScratch(found * cotangents) { values in
      for group in groups {
        take_passed(
          source.yBar + (group.lowerBound * source.period + n) * plane, source.period * plane, group.count,
          passed.elements, found, values + group.lowerBound * found)
      }
      together(over: height, work: found * cotangents * adjoint.costOfElement) { y in
        for group in groups {
          let row = Row(y: y, values: values + group.lowerBound * found, cotangents: group.count)
          let target = xBar + group.lowerBound * source.period * size + y * width
          switch adjoint.lanes {
          case .inputs: sumInputs(row, into: target, pitch: source.period * size)
          case .rows: sumRows(row, into: target, pitch: source.period * size)
          }
        }
      }
    }
  }

  /// A row of x̄'s places for some cotangents, and the values that passed, cotangent by cotangent.
  private struct Row {
    let y: Int
    let values: UnsafePointer<Float>
    let cotangents: Int
  }

  /// The elements of ȳ, out of `extent`, that taps meet at place x̄ of an axis.
  private func sources(_ axis: Int, at place: Int, of extent: Int) -> Range<Int> {
    let last = place + window.before[axis]
    let first = max(0, last - window.kernel[axis] + 1)
    return first..<max(first, min(extent, last + 1))
  }

  /// Sums with all inputs in the vectors: at each place over the taps' rows, in which what passed lies side by side.
  private func sumInputs(_ row: Row, into target: UnsafeMutablePointer<Float>, pitch: Int) {
    let rows = sources(0, at: row.y, of: pooling.height)
    let line = width * adjoint.width
    withScratch(row.cotangents * line) { sums in
      withRuns { runs in
        for x in 0..<width {
          list(rows, columns: sources(1, at: x, of: pooling.width), into: runs)
          let tap = (row.y + window.before[0]) * window.kernel[1] + x + window.before[1]
          sum(row, tap * adjoint.width, runs, rows.count, into: sums + x * adjoint.width, pitch: line)
        }
      }
      for i in 0..<row.cotangents {
        turn_lines(sums + i * line, adjoint.width, width, inputs, target + i * pitch, height * width)
      }
    }
  }

  /// Sums with a row of taps in the vectors: at each column of ȳ over the taps' rows, added where the taps lie.
  private func sumRows(_ row: Row, into target: UnsafeMutablePointer<Float>, pitch: Int) {
    let rows = sources(0, at: row.y, of: pooling.height)
    let line = (pooling.width - 1) * inputs + adjoint.width
    withScratch(row.cotangents * (line + adjoint.width)) { lines in
      lines.update(repeating: 0, count: row.cotangents * line)
      let sums = lines + row.cotangents * line
      withRuns { runs in
        for q in 0..<pooling.width {
          list(rows, columns: q..<q + 1, into: runs)
          let tap = row.y + window.before[0]
          sum(row, tap * adjoint.width, runs, rows.count, into: sums, pitch: adjoint.width)
          for i in 0..<row.cotangents {
            accumulate_line(sums + i * adjoint.width, adjoint.width, lines + i * line + q * inputs)
          }
        }
      }
      for i in 0..<row.cotangents {
        let first = lines + i * line + window.before[1] * inputs
        turn_lines(first, inputs, width, inputs, target + i * pitch, height * width)
      }
    }
  }
}

// MARK: - A tile

extension SparseAdjoint.Sums {
  private func withRuns(_ body: (UnsafeMutablePointer<Int>) -> Void) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * window.kernel[0]) { body($0.baseAddress!) }
  }

  /// Where what passed at these places is listed, a run a row.
  private func list(_ rows: Range<Int>, columns: Range<Int>, into runs: UnsafeMutablePointer<Int>) {
    for (r, p) in rows.enumerated() {
      runs[2 * r] = passed.starts[p * pooling.width + columns.lowerBound]
      runs[2 * r + 1] = passed.starts[p * pooling.width + columns.upperBound]
    }
  }

  /// All vectors of the sums over these runs, whose filters lie `shift` behind their steps.
  private func sum(
    _ row: Row, _ shift: Int, _ runs: UnsafePointer<Int>, _ count: Int,
    into sums: UnsafeMutablePointer<Float>, pitch: Int
  ) {
    let kernels = adjoint.kernels
    var gathering = gathering()
    (gathering.list_count, gathering.a, gathering.a_pitch, gathering.b_step) = (1, row.values, found, 1)
    gathering.steps = UnsafePointer(passed.steps)
    (gathering.runs, gathering.run_count, gathering.pitch) = (runs, count, pitch)
    filters.withUnsafeBufferPointer { filters in
      var v = 0
      while v < adjoint.width / kernels.lanes {
        let form = kernels.form(rows: row.cotangents, vectors: adjoint.width / kernels.lanes - v)
        gathering.b = filters.baseAddress! + shift + v * kernels.lanes
        gathering.c = sums + v * kernels.lanes
        form.gathers[row.cotangents - 1](&gathering)
        v += form.vectors
      }
    }
  }
}
