internal import CNcurses
internal import CTerminal
public import Drawing
internal import FoundationEssentials
internal import Glibc

/// A terminal from entering its screen to leaving it: shows canvases, delivers inputs, ends in good order.
///
/// All calls belong to the thread that made it. While it lasts, what the process prints to the terminal is kept
/// back; the last 4 kB are shown at the end.
public final class TerminalSession {
  /// Which signal asked for the end.
  public enum Ending: Int32, Sendable {
    case interrupted = 2
    case terminated = 15
    /// The terminal is gone: nothing may be written to it any more.
    case hungUp = 1

    /// 128 and the signal's number, as shells report it.
    public var exitStatus: Int32 { 128 + rawValue }
  }

  /// Shows canvases on the terminal's screen.
  public let display: CursesDisplay
  /// How this terminal is used, and why; fixed from the start.
  public let decision: TerminalDecision
  /// For workers; see ``Mailbox``.
  public let waker: Waker
  /// Set once a signal has asked for the end or the terminal is gone.
  public private(set) var ending: Ending?
  private var decoder = KeyDecoder()
  private let terminal: TerminalDevice
  private let writer: FrameWriter
  private var isOpen = true
  /// When the terminal was asked for its background.
  private var asked: ContinuousClock.Instant?
  private var pictures: PictureMode
  /// What takes the pictures from the terminal, as the guard knows it.
  private var farewell: [UInt8] = []

  /// Takes over the controlling terminal, or the one behind `descriptor`, open for reading and writing.
  ///
  /// Throws when there is no terminal or when it cannot place text on its screen.
  public init(
    _ options: TerminalOptions = TerminalOptions(), descriptor: Int32? = nil
  ) throws(TerminalFailure) {
    let capabilities = Capabilities.current()
    decision = try TerminalDecision(capabilities, options)
    // A locale that cannot encode the glyphs that were asked for.
    if decision.appearance.glyphs == .blocks, capabilities.codeset != "UTF-8" { _ = Capabilities.useUTF8() }
    waker = try Waker()
    terminal = try TerminalDevice(descriptor)
    pictures = PictureMode(decision, answers: nil, cell: terminal.cell)
    writer = FrameWriter(
      terminal.frames, output: fileno(terminal.output), isSynchronized: decision.hasReports)
    guard
      crash_guard_begin(terminal.descriptor, fileno(terminal.output), terminal.frames, waker.descriptor) == 0
    else {
      throw TerminalFailure("the terminal's modes cannot be read: run in a terminal, not in a pipe")
    }
    _ = crash_guard_capture_output()
    do {
      display = try CursesDisplay(decision, files: (terminal.input, terminal.output))
    } catch {
      crash_guard_end(1)
      throw error
    }
    display.writer = writer
    crash_guard_follow_suspension()
    reportsMouse = options.mouse && decision.hasReports
    setReports()
    showPictures()
    if decision.asksBackground || decision.asksGraphics || needsCell { ask() }
  }

  deinit { close() }

  /// Whether the terminal reports the mouse; off, its own selection of text works.
  public var reportsMouse = false {
    didSet {
      if !decision.hasReports { reportsMouse = false }
      if isOpen, reportsMouse != oldValue { setReports() }
    }
  }

  /// What canvases may use from now on, pictures in pixels with it.
  public var appearance: Appearance {
    var appearance = decision.appearance
    appearance.pixels = pictures.pixels
    return appearance
  }

  /// Waits for inputs, at most so many milliseconds (nil: for ever), and takes all that have arrived.
  ///
  /// Empty when time has passed, or when ``ending`` is set.
  public func inputs(waiting milliseconds: Int?) -> [Input] {
    guard isOpen, ending == nil else { return [] }
    if display.pictures.farewell != farewell {
      farewell = display.pictures.farewell
      useFarewell()
    }
    let found = terminal_poll(
      terminal.descriptor, writer.waited, waker.descriptor,
      Int32(clamping: milliseconds.map { max(0, $0) } ?? -1))
    if Int(found) & TERMINAL_CLEAR != 0 { writer.advance() }
    ending = Ending(rawValue: crash_guard_ending_signal())
    if ending != nil { return [] }
    var inputs: [Input] = []
    var resized = repaintIfContinued()
    resized = read(into: &inputs) || resized
    resized = display.followSize(of: terminal.descriptor) || resized
    if resized {
      display.forget()
      inputs.append(.resized(display.size))
    }
    if let pixels = followPictures() { inputs.append(pixels) }
    if inputs.isEmpty, Int(found) & TERMINAL_GONE != 0 { ending = .hungUp }
    if Int(found) & TERMINAL_WOKEN != 0 { inputs.append(.woken) }
    return inputs
  }

  /// Hands text to the clipboard of the machine that the terminal runs on (OSC 52), as far as the terminal allows it.
  ///
  /// Nothing tells whether it did. Returns a sentence for the person; longer texts than terminals take are left out.
  public func copy(_ text: String) -> (remark: String, isHanded: Bool) {
    guard isOpen, decision.clipboard.isReached else { return (decision.clipboard.remark, false) }
    guard text.utf8.count <= Clipboard.limit else {
      return ("Not copied: the screen is larger than terminals accept. e writes a file.", false)
    }
    writer.write(Array("\u{1b}]52;c;".utf8) + Data(text.utf8).base64EncodedData() + [0x07])
    return (decision.clipboard.remark, true)
  }

  /// Whether the terminal has taken the last frame; another one before that would only make the link later.
  public var isClear: Bool { writer.isClear }

  /// What the link has carried so far.
  public var link: LinkReport { writer.report }

  /// Leaves the terminal to the shell, as ^Z does elsewhere; returns once the person comes back.
  ///
  /// ^Z itself arrives as a key, because ncurses loses the signal of a moment in which it writes a frame.
  public func suspend() {
    guard isOpen else { return }
    writer.finish()
    takeAnswer()
    crash_guard_suspend()
  }

  /// Leaves the screen and shows what was printed meanwhile.
  ///
  /// Nothing is written after the terminal has hung up; a SIGHUP alone may come while it is still there.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    if ending == .hungUp, isGone {
      crash_guard_end(0)
      return
    }
    writer.write(Reports.off)
    writer.write(display.pictures.farewell)
    writer.finish()
    takeAnswer()
    display.close()
    crash_guard_end(1)
  }

  /// Takes what the terminal has said of itself, and other sizes of its cells.
  private func followPictures() -> Input? {
    let answers = decoder.isAwaiting ? nil : decoder.answers
    let now = PictureMode(decision, answers: answers, cell: terminal.cell)
    guard now != pictures else { return nil }
    let before = pictures
    pictures = now
    guard now.pixels != before.pixels || now.graphics != before.graphics else { return nil }
    showPictures()
    return .pixels(now.pixels)
  }

  private func showPictures() {
    guard pictures.graphics != .none || display.pictures.graphics != .none else { return }
    writer.write(display.pictures.farewell)
    display.show(
      pictures: PictureLedger(
        pictures.graphics, cell: pictures.cell, isDirect: decision.appearance.colors == .direct,
        isWrapped: decision.wrapsGraphics))
  }

  /// Gives the guard a copy that its handlers may read for ever: it is never released.
  private func useFarewell() {
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: farewell.count + 1)
    for (i, byte) in farewell.enumerated() { copy[i] = CChar(bitPattern: byte) }
    copy[farewell.count] = 0
    crash_guard_set_farewell(copy)
  }

  private var isGone: Bool { Int(terminal_poll(terminal.descriptor, -1, -1, 0)) & TERMINAL_GONE != 0 }

  /// Takes all bytes that wait; true when the size has changed.
  private func read(into inputs: inout [Input]) -> Bool {
    var resized = false
    while let code = display.read() {
      if code == KEY_RESIZE {
        resized = true
      } else if let input = decoder.decode(code) {
        inputs.append(input)
      }
    }
    // The rest of an answer that was cut in two behind its first byte.
    if decoder.isAwaiting, decoder.isAtEscape,
      Int(terminal_poll(terminal.descriptor, -1, -1, Self.gap)) & TERMINAL_INPUT != 0
    {
      return read(into: &inputs) || resized
    }
    if let input = decoder.finish() { inputs.append(input) }
    return resized
  }

  /// The longest that an escape byte alone waits for the rest of an answer, in milliseconds.
  private static let gap: Int32 = 60
  private static let slowestAnswer: Duration = .milliseconds(2200)

  /// Sixel was asked for, and the system does not say how large a cell is.
  private var needsCell: Bool {
    decision.graphics == .sixel && terminal.cell == nil && decision.hasReports
  }

  /// Asks for the background, for name and version, for the size of a cell, and then what the terminal is: all answer that,
  /// in the order of the questions.
  private func ask() {
    asked = .now
    decoder.awaitAnswer()
    if decision.asksBackground { writer.write("\u{1b}]11;?\u{1b}\\") }
    if decision.asksGraphics { writer.write("\u{1b}[>q") }
    if decision.asksGraphics || needsCell { writer.write("\u{1b}[16t") }
    writer.write("\u{1b}[c")
  }

  /// Takes the answers that are on their way, so that no shell gets them: at most until they are as old as the slowest of links
  /// makes them.
  private func takeAnswer() {
    guard let asked, decoder.isAwaiting else { return }
    let deadline = asked + Self.slowestAnswer
    var ignored: [Input] = []
    while decoder.isAwaiting, ContinuousClock.now < deadline {
      let found = Int(terminal_poll(terminal.descriptor, -1, -1, 20))
      if found & TERMINAL_GONE != 0 { return }
      _ = read(into: &ignored)
    }
  }

  private func repaintIfContinued() -> Bool {
    switch crash_guard_was_continued() {
    case 0: return false
    case 2:
      writer.drop()
      display.reenter()
      setReports()
    default:
      writer.drop()
      display.invalidate()
    }
    return true
  }

  private func setReports() {
    guard decision.hasReports else { return }
    let enter = reportsMouse ? Reports.onWithMouse : Reports.onWithoutMouse
    Reports.useOnSuspension(mouse: reportsMouse)
    writer.write(enter)
  }
}
