/// The connected regions of one label on the cells of a plot, with a place in each where its name fits.
struct Regions {
  struct Region {
    let label: Int
    let count: Int
    /// The middle of the widest run of cells among the region's middle rows.
    let row: Int
    let column: Int
    /// How many columns are free there.
    let width: Int
  }

  private(set) var regions: [Region] = []

  /// Takes the label of a cell at its upper left quarter; cells without a value belong to no region.
  ///
  /// Names keep off the cells of `lines`, and away from the rows of `markers`, cells counted from the upper left
  /// corner, where they can.
  init(
    _ samples: Field.Samples, avoiding markers: [(row: Int, column: Int)] = [], lines: [DotGrid] = []
  ) {
    let (rows, columns) = (samples.rows / 2, samples.columns / 2)
    let isCrossed = (0..<rows * columns).map { cell in lines.contains { $0.masks[cell] != 0 } }
    var region = [Int](repeating: -1, count: rows * columns)
    for start in region.indices where region[start] < 0 {
      let at = samples.index(2 * (start / columns), 2 * (start % columns))
      guard samples.values[at].isFinite else { continue }
      let cells = Self.flood(from: start, rows, columns, samples, &region, as: regions.count)
      regions.append(Self.place(cells, columns, label: samples.labels[at], markers, isCrossed))
    }
  }

  private static func flood(
    from start: Int, _ rows: Int, _ columns: Int, _ samples: Field.Samples, _ region: inout [Int], as id: Int
  ) -> [Int] {
    func label(_ cell: Int) -> Int? {
      let at = samples.index(2 * (cell / columns), 2 * (cell % columns))
      return samples.values[at].isFinite ? samples.labels[at] : nil
    }
    let wanted = label(start)
    var (found, waiting) = ([Int](), [start])
    region[start] = id
    while let cell = waiting.popLast() {
      found.append(cell)
      let (row, column) = (cell / columns, cell % columns)
      let near = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
      for (r, c) in near where r >= 0 && r < rows && c >= 0 && c < columns {
        let next = r * columns + c
        if region[next] < 0, label(next) == wanted {
          region[next] = id
          waiting.append(next)
        }
      }
    }
    return found
  }

  /// The longest run of each row, weighed against how far the row lies from the region's middle.
  private static func place(
    _ cells: [Int], _ columns: Int, label: Int, _ markers: [(row: Int, column: Int)], _ isCrossed: [Bool]
  ) -> Region {
    let all = cells.sorted()
    let rows = (all[0] / columns, all[all.count - 1] / columns)
    let middle = all[all.count / 2] / columns
    let sorted = all.filter { !isCrossed[$0] }
    var best = (score: Int.min, row: rows.0, column: 0, width: 0)
    var i = 0
    while i < sorted.count {
      var end = i
      while end + 1 < sorted.count, sorted[end + 1] == sorted[end] + 1, sorted[end + 1] % columns != 0 {
        end += 1
      }
      let (row, width) = (sorted[i] / columns, end - i + 1)
      let edge = row == rows.0 || row == rows.1 ? 6 : 0
      let first = sorted[i] % columns
      let isTaken = markers.contains { $0.row == row && (first...first + width).contains($0.column) }
      let score = min(width, 24) - 3 * abs(row - middle) - edge - (isTaken ? 7 : 0)
      if score > best.score { best = (score, row, sorted[i] % columns + width / 2, width) }
      i = end + 1
    }
    return Region(label: label, count: cells.count, row: best.row, column: best.column, width: best.width)
  }
}
