internal import Drawing

/// How a session shows pictures: which protocol, why, and the terminal's cells.
struct PictureMode: Equatable {
  var graphics: GraphicsProtocol
  var why: String
  /// Pixels of a cell of the terminal; nil where it does not say.
  var cell: CellPixels?

  /// What was decided, or what the terminal's answers decide once they are all there.
  init(_ decision: TerminalDecision, answers: TerminalAnswers?, cell: CellPixels?) {
    let found = cell ?? answers?.cell.map { CellPixels(width: $0.width, height: $0.height) }
    // No font is so large; pictures of such cells would take gigabytes.
    self.cell = found.flatMap { $0.width <= 80 && $0.height <= 160 ? $0 : nil }
    (graphics, why) = (decision.graphics, decision.graphicsReason)
    if decision.asksGraphics {
      (graphics, why) = answers?.graphics ?? (.none, "it has not identified itself yet")
    }
    // Its pixels have to be those of the cells.
    if graphics == .sixel, self.cell == nil {
      (graphics, why) = (.none, "it does not report its cell size")
    }
  }

  /// Pixels that a picture gets for each cell; nil where the terminal shows none.
  var pixels: CellPixels? {
    switch graphics {
    case .none: nil
    case .sixel: cell
    // The terminal enlarges: half of its pixels are as good to the eye, and a fourth of the bytes.
    case .kitty, .iterm: CellPixels(width: cell?.width ?? 10, height: cell?.height ?? 20, enlargement: 2)
    }
  }
}
