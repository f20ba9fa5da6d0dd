internal import Drawing

/// How a terminal is divided: a line for the header, the screen's own part, one or two lines for the keys.
struct Layout: Hashable, Sendable {
  /// Below this nothing useful can be shown.
  static let smallest = Size(rows: 12, columns: 40)

  /// A lecture's title in large letters; empty without one.
  let heading: Rectangle
  let header: Rectangle
  let body: Rectangle
  /// What a tour says; empty without one.
  let narration: Rectangle
  let footer: Rectangle
  /// Whether the terminal is large enough for anything but one line.
  let isUsable: Bool

  init(_ size: Size, narration rows: Int = 0, heading headingRows: Int = 0) {
    isUsable = size.rows >= Self.smallest.rows && size.columns >= Self.smallest.columns
    let all = Rectangle(row: 0, column: 0, rows: size.rows, columns: size.columns)
    let (heading, below) = all.split(top: isUsable ? headingRows : 0)
    let (header, rest) = below.split(top: isUsable ? 1 : 0)
    let (body, footer) = rest.split(top: isUsable ? rest.rows - Footer.rows(size) : 0)
    let (screen, narration) = body.split(top: body.rows - (isUsable ? rows : 0))
    (self.heading, self.header, self.body, self.narration) = (heading, header, screen, narration)
    self.footer = isUsable ? footer : Rectangle(row: 0, column: 0, rows: 0, columns: 0)
  }
}

extension Rectangle {
  /// Whether a screen of this size has room for all its parts; else it shows one at a time.
  var isComfortable: Bool { rows >= 21 && columns >= 80 }

  /// Without its first columns.
  func inset(left: Int) -> Rectangle { split(left: left).rest }
}
