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
  /// Of a picture with its number below it.
  static let rows = 5
  private static let columns = 10

  let outcome: SharedCurvature.Outcome
  let selected: Int
  /// Those that have room.
  let shown: Range<Int>

  /// Nil where no eigenvectors are known, or there is no room beside the spectrum.
  init?(_ outcome: SharedCurvature.Outcome, selected: Int, in area: Rectangle) {
    let count = outcome.basis.shape.rank == 4 ? outcome.basis.shape[0] : 0
    guard area.rows >= 20, area.columns >= 3 * Self.columns, count > 1 else { return nil }
    let room = min(count, area.columns / Self.columns)
    let first = min(count - room, max(0, selected - room / 2))
    (self.outcome, self.selected, shown) = (outcome, selected, first..<first + room)
  }

  func draw(on canvas: inout Canvas) {
    let indent = (canvas.size.columns - shown.count * Self.columns) / 2
    for (place, i) in shown.enumerated() {
      guard let one = outcome.picture(i, on: canvas.appearance.background) else { continue }
      let column = indent + place * Self.columns
      canvas.draw(
        one.picture, in: Rectangle(row: 0, column: column + 1, rows: Self.rows - 1, columns: 8))
      let look = i == selected ? canvas.theme.selection : canvas.theme.muted
      let text = "\(i + 1)"
      canvas.put(text, row: Self.rows - 1, column: column + 5 - text.count / 2, look)
    }
  }
}

extension SharedCurvature.Outcome {
  /// An eigenvector by its sign, and the magnitude that has the full colour; nil where it is not known.
  fileprivate func picture(_ i: Int, on background: Appearance.Background) -> (
    picture: CellPicture, limit: Float
  )? {
    let shape = basis.shape
    guard shape.rank == 4, i < shape[0] else { return nil }
    let vector = Array(basis.entryElements(i))
    let limit = CellPicture.limit(of: vector)
    let picture = CellPicture.signed(
      vector, channels: shape[1], height: shape[2], width: shape[3], limit: limit, background: background)
    return (picture, limit)
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
