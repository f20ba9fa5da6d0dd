internal import Drawing
internal import Experiments
internal import Explorer
internal import Jobs
internal import Terminal

/// The explorer at work: inputs and findings in, commands out, pictures to the terminal; all on the main thread.
///
/// It waits in one place, draws at once after a key and at most `framesPerSecond` times a second while only work
/// reports, and does nothing at all while nothing happens.
final class Session {
  private static let ticksPerSecond = 4.0
  /// Seconds between the lines of a script that is watched.
  private static let pace = 0.35

  private let terminal: TerminalSession
  private let mailbox: Mailbox<Message>
  private let laboratory: Laboratory
  private let exporter = Exporter()
  private let options: SessionOptions
  private var recorder: Recorder?
  private var explorer: Explorer
  private var hasQuit = false
  private var needsDrawing = true
  private var lastDrawn: ContinuousClock.Instant?
  private var lastTicked = ContinuousClock.now

  init(_ terminal: TerminalSession, _ options: SessionOptions, _ recorder: Recorder?) {
    self.terminal = terminal
    self.options = options
    self.recorder = recorder
    let mailbox = Mailbox<Message>(waking: terminal.waker)
    self.mailbox = mailbox
    laboratory = Laboratory(options) { mailbox.post($0) }
    explorer = Explorer(
      appearance: terminal.decision.appearance, seed: options.seed, keys: options.keys)
    if let script = options.script { explorer.play(script, pace: Self.pace) }
  }

  /// Runs until the person or a signal ends it.
  func run() -> ExitStatus {
    deliver(.input(.resized(terminal.display.size)))
    draw()
    laboratory.begin()
    if options.tourStep != nil { laboratory.openTour(at: options.tourStep) }
    recorder?.begin(terminal.display.size)
    while !hasQuit, terminal.ending == nil { turn() }
    laboratory.end()
    terminal.close()
    return terminal.ending.map { ExitStatus(signal: $0) } ?? .success
  }

  /// What a script expected and did not come.
  var failedExpectations: [ScriptError] { explorer.failedExpectations }

  private func turn() {
    let inputs = terminal.inputs(waiting: patience)
    for input in inputs where input != .woken {
      recorder?.note(input, isSettled: explorer.isSettled)
      deliver(.input(input))
    }
    let isAnswer = inputs.contains { $0 != .woken }
    for message in mailbox.drain() {
      recorder?.noteNews()
      deliver(message)
    }
    tick()
    if isAnswer || isFrameDue { draw() }
  }

  private func deliver(_ message: Message) {
    for command in explorer.update(message) { perform(command) }
    needsDrawing = true
  }

  private func perform(_ command: Command) {
    switch command {
    case .openModel(let path): laboratory.openModel(path)
    case .openImages(let spec): laboratory.openImages(spec)
    case .thumbnails(let range): laboratory.showThumbnails(range)
    case .run(let request):
      if let id = laboratory.submit(request) { deliver(.submitted(id, request)) }
    case .cancel(let id): laboratory.cancel(id)
    case .cancelAll: laboratory.cancelAll()
    case .install(let set): laboratory.install(set)
    case .cancelInstallation: laboratory.cancelInstallation()
    case .export(let export): deliver(exporter.write(export))
    case .copy(let text): terminal.copy(text)
    case .openTour: laboratory.openTour(at: nil)
    case .keepPlace(let tour, let step): TourFile.keep(step: step, of: tour)
    case .setMouse(let isOn): terminal.reportsMouse = isOn
    case .redraw: terminal.display.invalidate()
    case .suspend: terminal.suspend()
    case .quit: hasQuit = true
    }
  }
}

// MARK: - Time

extension Session {
  /// Milliseconds to wait for inputs; nil while there is nothing to come back for.
  private var patience: Int? {
    if needsDrawing { return Int(max(0, untilFrame * 1000).rounded(.up)) }
    return explorer.isBusy ? Int(1000 / Self.ticksPerSecond) : nil
  }

  private var untilFrame: Double {
    guard let lastDrawn else { return 0 }
    return 1 / options.framesPerSecond - (ContinuousClock.now - lastDrawn) / .seconds(1)
  }

  private var isFrameDue: Bool { needsDrawing && untilFrame <= 0 }

  private func tick() {
    let passed = (ContinuousClock.now - lastTicked) / .seconds(1)
    guard passed >= 1 / Self.ticksPerSecond else { return }
    lastTicked = .now
    if explorer.isBusy { deliver(.tick(seconds: min(passed, 1))) }
  }

  private func draw() {
    terminal.display.show(explorer.view(terminal.display.size))
    lastDrawn = .now
    needsDrawing = false
  }
}

extension ExitStatus {
  fileprivate init(signal: TerminalSession.Ending) {
    switch signal {
    case .interrupted: self = .interrupted
    case .terminated: self = .terminated
    case .hungUp: self = .hungUp
    }
  }
}
