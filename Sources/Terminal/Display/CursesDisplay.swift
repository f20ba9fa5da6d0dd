internal import CNcurses
internal import CTerminal
public import Drawing
internal import Glibc

/// A terminal driven by ncurses, which sends only what differs from the last canvas.
///
/// All calls belong to one thread. One at a time: ncurses keeps its screen in global variables.
public final class CursesDisplay: Display {
  public let appearance: Appearance
  private let screen: OpaquePointer
  private let window: UnsafeMutablePointer<WINDOW>
  private let files: (input: UnsafeMutablePointer<FILE>, output: UnsafeMutablePointer<FILE>)
  private var pairs: ColorPairs
  private var rows = CanvasRows()
  private var isOpen = true
  /// Rows that ncurses was given for the frame.
  private var changed: Set<Int> = []
  /// What ncurses was given last, and the screen's size then; nil when it has to be given all.
  private var last: (canvas: Canvas, size: Size)?
  /// Where frames go; nil lets ncurses write them itself, without pictures.
  var writer: FrameWriter?
  /// How pictures in pixels are shown, and which are.
  private(set) var pictures = PictureLedger.none

  /// Enters the alternate screen of the terminal behind a descriptor, which is duplicated.
  ///
  /// The crash guard has to be on before, as the first escape sequence is written here.
  init(_ decision: TerminalDecision, files: (UnsafeMutablePointer<FILE>, UnsafeMutablePointer<FILE>))
    throws(TerminalFailure)
  {
    // They would override the real size and switch resizing off.
    unsetenv("LINES")
    unsetenv("COLUMNS")
    guard let screen = Self.open(decision, files) else {
      throw TerminalFailure(
        "ncurses cannot drive this terminal (\(decision.entry.name)); "
          + "set TERM to a common type, such as TERM=xterm-256color")
    }
    guard let window = curses_open_input() else { fatalError("out of memory for one cell") }
    self.screen = screen
    self.window = window
    self.files = files
    appearance = decision.appearance
    pairs = ColorPairs(decision.appearance.colors)
  }

  /// Opens the screen with the entry in place of the variable TERMINFO, which children of the process keep.
  private static func open(
    _ decision: TerminalDecision, _ files: (UnsafeMutablePointer<FILE>, UnsafeMutablePointer<FILE>)
  ) -> OpaquePointer? {
    let before = getenv("TERMINFO").map { String(cString: $0) }
    if case .embedded(let entry) = decision.entry { setenv("TERMINFO", entry.variable, 1) }
    defer {
      if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
    }
    return curses_open(decision.entry.name, files.1, files.0, Int32(decision.escapeDelay))
  }

  public var size: Size {
    var (rows, columns): (Int32, Int32) = (0, 0)
    curses_size(&rows, &columns)
    return Size(rows: Int(rows), columns: Int(columns))
  }

  /// Takes the terminal's own size where it is another one than ncurses has; true when it was.
  ///
  /// ncurses loses the second of two signals that arrive while it works on the first.
  func followSize(of descriptor: Int32) -> Bool {
    var (rows, columns): (Int32, Int32) = (0, 0)
    guard terminal_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else { return false }
    guard Size(rows: Int(rows), columns: Int(columns)) != size else { return false }
    return resize_term(rows, columns) == OK
  }

  public func show(_ canvas: Canvas) {
    guard isOpen else { return }
    let size = self.size
    pictures.look(at: canvas, size)
    if !put(canvas, size) {
      // More pairs of colours than the terminal has: those of older canvases make room.
      pairs.forget()
      invalidate()
      _ = put(canvas, size)
    }
    guard let writer else { return curses_flush() }
    let sequences = pictures.sequences(canvas, changed: changed)
    writer.frame(fileno(files.input), before: sequences.before, after: sequences.after) { curses_flush() }
  }

  /// Shows pictures this way from now on.
  func show(pictures ledger: PictureLedger) {
    pictures = ledger
    invalidate()
  }

  /// Draws the whole screen at the next ``show(_:)``, after something else wrote to it.
  public func invalidate() {
    last = nil
    pictures.forget()
    curses_redraw_all()
  }

  /// Enters the screen again after it was left behind the back of ncurses.
  func reenter() {
    endwin()
    invalidate()
    curses_flush()
  }

  /// A byte or a key code that waits, else nil.
  func read() -> Int32? {
    let code = wgetch(window)
    return code == ERR ? nil : code
  }

  /// Leaves the alternate screen; the terminal's modes are those of before.
  func close() {
    guard isOpen else { return }
    isOpen = false
    endwin()
    fflush(files.output)
    delwin(window)
    delscreen(screen)
  }

  /// Forgets what ncurses was given, as after it has cut its screen to another size.
  func forget() {
    last = nil
    pictures.forget()
  }

  /// Gives ncurses the rows that differ from those of the last canvas.
  private func put(_ canvas: Canvas, _ size: Size) -> Bool {
    let isLike = last.map {
      ($0.size, $0.canvas.size, $0.canvas.appearance) == (size, canvas.size, canvas.appearance)
    }
    let before = isLike == true ? last?.canvas : nil
    changed = []
    if before == nil { curses_erase() }
    pairs.level = min(canvas.appearance.colors, pairs.fullLevel)
    var complete = true
    let columns = min(size.columns, canvas.size.columns)
    for row in 0..<min(size.rows, canvas.size.rows) {
      if let before, canvas.hasSameRow(row, as: before) { continue }
      changed.insert(row)
      let fits = rows.put(
        canvas, row: row, columns: columns, pictures, isUTF8: appearance.glyphs == .blocks, &pairs)
      complete = complete && fits
    }
    last = complete ? (canvas, size) : nil
    return complete
  }
}

extension TerminalDecision.Entry {
  /// The name that ncurses looks up.
  var name: String {
    switch self {
    case .installed(let name): name
    case .embedded(let entry): entry.rawValue
    }
  }
}
