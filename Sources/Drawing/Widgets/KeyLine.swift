/// A line of keys and what they do; what does not fit is left out from the end, whole entries at a time.
public struct KeyLine: Hashable, Sendable, Drawable {
  /// A key with what it does.
  public struct Entry: Hashable, Sendable {
    /// As people read it, such as `Tab`.
    public var key: String
    /// What the key does, in a word or two.
    public var label: String
    /// Whether this entry is where the user is, such as the present screen.
    public var isCurrent: Bool

    public init(_ key: String, _ label: String, isCurrent: Bool = false) {
      self.key = key
      self.label = label
      self.isCurrent = isCurrent
    }
  }

  /// Entries from the left edge on, in the room that the trailing ones leave.
  public var leading: [Entry]
  /// Entries at the right edge, shown first when room is short.
  public var trailing: [Entry]

  public init(_ leading: [Entry], trailing: [Entry] = []) {
    self.leading = leading
    self.trailing = trailing
  }

  public func draw(on canvas: inout Canvas) {
    let right = trailing.reduce(0) { $0 + width($1, canvas) }
    put(trailing, from: max(0, canvas.size.columns - right), to: canvas.size.columns, on: &canvas)
    put(leading, from: 0, to: canvas.size.columns - right, on: &canvas)
  }

  /// What an entry takes: a blank, key, blank, label, blank.
  private func width(_ entry: Entry, _ canvas: Canvas) -> Int {
    3 + Text.columns(entry.key, canvas.appearance.glyphs)
      + Text.columns(entry.label, canvas.appearance.glyphs)
  }

  private func put(_ entries: [Entry], from: Int, to end: Int, on canvas: inout Canvas) {
    var column = from
    for entry in entries {
      let next = column + width(entry, canvas)
      guard next <= end else { return }
      let current: Style = entry.isCurrent ? .reverse : []
      canvas.put(
        [
          (" ", canvas.theme.text.with(current)), (entry.key, canvas.theme.key.with(current)),
          (" " + entry.label + " ", canvas.theme.text.with(current)),
        ], row: 0, column: column)
      column = next
    }
  }

  /// The index in `leading` and then `trailing` of the entry at a column, for the mouse.
  public func entry(at column: Int, columns: Int, appearance: Appearance) -> Int? {
    let canvas = Canvas(Size(rows: 0, columns: 0), appearance: appearance)
    let right = trailing.reduce(0) { $0 + width($1, canvas) }
    var start = 0
    for (i, entry) in leading.enumerated() {
      let next = start + width(entry, canvas)
      if next > columns - right { break }
      if (start..<next).contains(column) { return i }
      start = next
    }
    start = max(0, columns - right)
    for (i, entry) in trailing.enumerated() {
      let next = start + width(entry, canvas)
      if next > columns { break }
      if (start..<next).contains(column) { return leading.count + i }
      start = next
    }
    return nil
  }
}
