internal import Drawing
internal import Experiments
internal import Tensors

// Eigenvectors as pictures: the selected one, and a strip of its neighbours.
extension SpectrumScreen {
  func drawEigenvector(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let climbed = selected == 0 ? outcome(workspace)?.bestAscent : nil
    let inside = canvas.frame(
      "eigenvector \(selected + 1)", note: climbed.map { "ascent from \($0.start + 1)" } ?? "", in: area)
    guard !workspace.isExactEmpty, let outcome = outcome(workspace),
      let one = outcome.picture(selected, on: workspace.viewport.appearance.background)
    else {
      return canvas.paragraph("Eigenvectors appear when Lanczos finishes.", in: inside, canvas.theme.muted)
    }
    let (picture, caption) = inside.split(top: inside.rows - 1)
    canvas.draw(one.picture, in: picture)
    let gain = one.limit > 0 ? 0.5 / (Double(one.limit) * workspace.parameters.radius) : 0
    canvas.put(
      "v of norm ξ, ×\(Number.short(gain, digits: 2)); grey is 0" + (climbed.map { ", " + $0.phrase } ?? ""),
      row: caption.row,
      column: caption.column,
      canvas.theme.muted, width: caption.columns)
  }
}

/// The selected eigenvector among its neighbours, small, below the spectrum.
struct EigenvectorStrip {
  /// Of a picture: twice as many columns as rows are a square.
  private static let side = 8
  /// Of a picture with its number below it.
  static let rows = side + 1
  private static let columns = 2 * side + 2

  let outcome: SharedCurvature.Outcome
  let selected: Int
  /// Those that have room.
  let shown: Range<Int>

  /// Nil where no eigenvectors are known, or there is no room beside the spectrum.
  init?(_ outcome: SharedCurvature.Outcome, selected: Int, in area: Rectangle) {
    let count = outcome.basis.shape.rank == 4 ? outcome.basis.shape[0] : 0
    guard area.rows >= 3 * Self.rows, area.columns >= 3 * Self.columns, count > 1 else { return nil }
    let room = min(count, area.columns / Self.columns)
    let first = min(count - room, max(0, selected - room / 2))
    (self.outcome, self.selected, shown) = (outcome, selected, first..<first + room)
  }

  func draw(on canvas: inout Canvas) {
    let indent = (canvas.size.columns - shown.count * Self.columns) / 2
    for (place, i) in shown.enumerated() {
      // Cells would average a fine pattern away: what they leave of it has the full colours.
      let most = canvas.appearance.pixels == nil ? 2 * Self.side : .max
      guard let one = outcome.picture(i, on: canvas.appearance.background, atMost: most) else { continue }
      let column = indent + place * Self.columns
      canvas.draw(
        one.picture, in: Rectangle(row: 0, column: column + 1, rows: Self.side, columns: 2 * Self.side))
      let look = i == selected ? canvas.theme.selection : canvas.theme.muted
      let text = "\(i + 1)"
      canvas.put(text, row: Self.rows - 1, column: column + 1 + Self.side - text.count / 2, look)
    }
  }
}

extension SharedCurvature.Outcome {
  /// An eigenvector by its sign, and the magnitude that has the full colour; nil where it is not known.
  ///
  /// No side is longer than `most`: pixels beyond are averaged.
  fileprivate func picture(
    _ i: Int, on background: Appearance.Background, atMost most: Int = .max
  ) -> (picture: CellPicture, limit: Float)? {
    let shape = basis.shape
    guard shape.rank == 4, i < shape[0] else { return nil }
    let (height, width) = (min(most, shape[2]), min(most, shape[3]))
    let vector = Array(basis.entryElements(i))
    let shown =
      height == shape[2] && width == shape[3]
      ? vector : Self.averaged(vector, shape.entry, height: height, width: width)
    let limit = CellPicture.limit(of: shown)
    let picture = CellPicture.signed(
      shown, channels: shape[1], height: height, width: width, limit: limit, background: background)
    return (picture, limit)
  }

  /// Means over blocks of an image C×H×W.
  private static func averaged(_ values: [Float], _ shape: Shape, height: Int, width: Int) -> [Float] {
    func block(_ i: Int, _ count: Int, _ extent: Int) -> Range<Int> {
      i * extent / count..<(i + 1) * extent / count
    }
    return (0..<shape[0]).flatMap { c in
      (0..<height).flatMap { y in
        (0..<width).map { x in
          let (rows, columns) = (block(y, height, shape[1]), block(x, width, shape[2]))
          let sum = rows.reduce(Float(0)) { sum, row in
            sum + columns.reduce(Float(0)) { $0 + values[(c * shape[1] + row) * shape[2] + $1] }
          }
          return sum / Float(rows.count * columns.count)
        }
      }
    }
  }

  /// The ascent whose end leads the basis.
  fileprivate struct BestAscent {
    /// The Ritz vector it began at, from 0.
    let start: Int
    let ascent: SharedCurvature.Ascent

    var phrase: String { "log σ \(Number.fixed(ascent.before, 2)) → \(Number.fixed(ascent.after, 2))" }
  }

  fileprivate var bestAscent: BestAscent? {
    ascents.enumerated().max { $0.element.after < $1.element.after }.map {
      BestAscent(start: $0.offset, ascent: $0.element)
    }
  }
}
