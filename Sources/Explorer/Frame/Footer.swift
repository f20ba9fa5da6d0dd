internal import Drawing

/// The last lines: the screens, what happened last, and the keys that work now.
struct Footer {
  let current: ScreenName
  /// Those that have something to show.
  var screens = ScreenName.allCases
  let bindings: [Binding]
  let notice: Workspace.Notice?
  /// What holds the link to the terminal back; empty where nothing does.
  var link = ""

  /// How many lines it takes of a screen of this size.
  static func rows(_ size: Size) -> Int { size.rows >= 20 ? 2 : 1 }

  /// Where there is little room titles are cut to four letters, and of the rest the help alone stays.
  func tabs(_ columns: Int) -> KeyLine {
    // Training, which few have, takes a tab's room.
    let isFull = screens.count > 9 && columns < 90
    let columns = columns - (screens.count > 9 ? 12 : 0)
    let isWide = columns >= 116
    let trailing = [
      KeyLine.Entry("?", "help"), KeyLine.Entry(":", "commands"), KeyLine.Entry("q", "quit"),
    ]
    return KeyLine(
      screens.map { name in
        let title = isWide ? name.title : String(name.title.prefix(4))
        return KeyLine.Entry("\(name.rawValue)", title, isCurrent: name == current)
      }, trailing: Array(trailing.prefix(columns >= 124 ? 3 : isWide ? 2 : isFull ? 0 : 1)))
  }

  /// Actions in the order of ``tabs(_:)``.
  var tabActions: [Action] { screens.map { .show($0) } + [.help, .palette, .quit] }

  private var listed: [Binding] { bindings.filter { !$0.shown.isEmpty } }

  func keys(alone: Bool) -> KeyLine {
    KeyLine(
      listed.map { KeyLine.Entry($0.shown, $0.label) },
      trailing: alone
        ? [KeyLine.Entry("1-9", "screens"), KeyLine.Entry("?", "help")]
        : link.isEmpty ? [] : [KeyLine.Entry("8", link)])
  }

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let isAlone = canvas.size.rows < 2
    let (top, rest) = canvas.bounds.split(top: isAlone ? 0 : 1)
    canvas.draw(tabs(canvas.size.columns), in: top)
    canvas.draw(keys(alone: isAlone), in: rest)
    guard let notice else { return }
    canvas.with(isAlone ? rest : top) { part in
      part.fill(part.bounds)
      part.put(" ✓ " + notice.text, row: 0, column: 0, part.theme.good.with(.bold))
    }
  }

  /// What a click at a cell of the footer asks for.
  func action(row: Int, column: Int, size: Size, appearance: Appearance) -> Action? {
    let isAlone = size.rows < 2
    if !isAlone, row == 0 {
      return tabs(size.columns).entry(at: column, columns: size.columns, appearance: appearance).map {
        tabActions[$0]
      }
    }
    let line = keys(alone: isAlone)
    guard let entry = line.entry(at: column, columns: size.columns, appearance: appearance) else {
      return nil
    }
    if entry < listed.count { return listed[entry].action }
    if !isAlone { return .show(.jobs) }
    return entry == listed.count ? .palette : .help
  }
}
