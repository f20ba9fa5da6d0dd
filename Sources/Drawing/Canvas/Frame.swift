/// A box with a title in its upper edge; what it holds is drawn in its ``interior(of:)``.
public struct Frame: Hashable, Sendable, Drawable {
  public var title: String
  /// A short text at the right of the upper edge, such as a count.
  public var note: String
  /// Whether the box has the focus: its title is set off.
  public var isActive: Bool

  public init(_ title: String = "", note: String = "", isActive: Bool = false) {
    self.title = title
    self.note = note
    self.isActive = isActive
  }

  /// The cells inside a frame that fills `area`.
  public static func interior(of area: Rectangle) -> Rectangle { area.inset(by: 1) }

  /// The first of these notes that has room beside a title in a frame so wide; empty where none has.
  public static func note(
    _ notes: [String], beside title: String, columns: Int, _ set: Appearance.GlyphSet
  ) -> String {
    let room = columns - 7 - Text.columns(title, set)
    return notes.first { Text.columns($0, set) <= room } ?? ""
  }

  public func draw(on canvas: inout Canvas) {
    let (rows, columns) = (canvas.size.rows, canvas.size.columns)
    let glyphs = Array((canvas.hasBlocks ? "┌┐└┘─│" : "++++-|").unicodeScalars)
    let look = isActive ? canvas.theme.accent : canvas.theme.border
    func cell(_ i: Int) -> Cell { Cell(glyphs[i], foreground: look.foreground, style: look.style) }
    for column in 0..<columns {
      canvas[0, column] = cell(4)
      canvas[rows - 1, column] = cell(4)
    }
    for row in 0..<rows {
      canvas[row, 0] = cell(5)
      canvas[row, columns - 1] = cell(5)
    }
    canvas[0, 0] = cell(0)
    canvas[0, columns - 1] = cell(1)
    canvas[rows - 1, 0] = cell(2)
    canvas[rows - 1, columns - 1] = cell(3)
    heading(on: &canvas)
  }

  private func heading(on canvas: inout Canvas) {
    let room = canvas.size.columns - 4
    guard room > 0 else { return }
    var end = 1
    if !title.isEmpty {
      let look = isActive ? canvas.theme.accent : canvas.theme.title
      end = canvas.put(" \(title) ", row: 0, column: 1, look, width: room + 2)
    }
    let width = Text.columns(note, canvas.appearance.glyphs) + 2
    if !note.isEmpty, end + width < canvas.size.columns - 1 {
      canvas.put(
        " \(note) ", row: 0, column: canvas.size.columns - 1 - width, canvas.theme.muted, width: width)
    }
  }
}

extension Canvas {
  /// Draws a frame around `area` and returns what lies inside it.
  @discardableResult
  public mutating func frame(
    _ title: String = "", note: String = "", isActive: Bool = false, in area: Rectangle
  ) -> Rectangle {
    draw(Frame(title, note: note, isActive: isActive), in: area)
    return Frame.interior(of: area)
  }
}
