internal import Drawing
internal import Experiments
package import Explorer
internal import Jobs
package import Terminal

/// The explorer at work: inputs and findings in, commands out, pictures to the terminal; all on the main thread.
///
/// It waits in one place, draws at once after a key and at most `framesPerSecond` times a second while only work
/// reports, and does nothing at all while nothing happens.
package final class Session {
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
  private var budget: LinkBudget
  /// Frames that the budget knows of.
  private var measured = 0
  private var mirror: MirrorServer?
  private var hasQuit = false
  private var needsDrawing = true
  private var lastDrawn: ContinuousClock.Instant?
  private var lastTicked = ContinuousClock.now

  package init(_ terminal: TerminalSession, _ options: SessionOptions, _ recorder: Recorder?) {
    self.terminal = terminal
    self.options = options
    self.recorder = recorder
    let mailbox = Mailbox<Message>(waking: terminal.waker)
    self.mailbox = mailbox
    laboratory = Laboratory(options) { mailbox.post($0) }
    budget = LinkBudget(
      framesPerSecond: options.framesPerSecond, level: terminal.decision.appearance.colors,
      isLevelFixed: terminal.decision.isLevelAsked)
    explorer = Explorer(
      appearance: terminal.appearance, seed: options.seed, keys: options.keys)
    if options.mirrors != nil {
      let waker = terminal.waker
      mirror = MirrorServer { waker.wake() }
    }
    if let script = options.script { explorer.play(script, pace: Self.pace) }
  }

  /// Runs until the person or a signal ends it.
  package func run() -> ExitStatus {
    deliver(.input(.resized(terminal.display.size)))
    if options.mirrors != nil, mirror == nil {
      deliver(
        .said(
          "No terminal can follow: another of your lectures is running, or no folder takes a socket.",
          isProblem: true))
    }
    draw()
    laboratory.begin()
    if options.tourStep != nil { laboratory.openTour(at: options.tourStep) }
    recorder?.begin(terminal.display.size, options)
    while !hasQuit, terminal.ending == nil { turn() }
    laboratory.end()
    mirror?.end()
    terminal.close()
    return terminal.ending.map { ExitStatus(signal: $0) } ?? .success
  }

  /// Why the session was not recorded to its end; nil where it was, or was not to be.
  package var recordingProblem: Refusal? { recorder?.problem }

  /// What a script expected and did not come.
  package var failedExpectations: [ScriptError] { explorer.failedExpectations }

  private func turn() {
    let inputs = terminal.inputs(waiting: patience)
    for input in inputs where input != .woken {
      recorder?.note(input, isSettled: explorer.isSettled)
      deliver(.input(input))
    }
    let isAnswer = inputs.contains { $0 != .woken }
    if mirror != nil, inputs.contains(.woken) { needsDrawing = true }
    for message in mailbox.drain() {
      recorder?.noteNews()
      deliver(message)
    }
    tick()
    follow(terminal.link)
    if isAnswer || isFrameDue { draw() }
  }

  private func deliver(_ message: Message) {
    Dialogue.hold(from: message, update: { explorer.update($0) }, perform: perform)
    needsDrawing = true
  }

  /// Does it, and says what comes of it at once.
  private func perform(_ command: Command) -> Message? {
    switch command {
    case .openModel(let path): laboratory.openModel(path)
    case .openImages(let spec): laboratory.openImages(spec)
    case .complete(let path, let models): laboratory.complete(path, models: models)
    case .openOther(let path): laboratory.openOther(path)
    case .openArray(let path): laboratory.openArray(path)
    case .hold(let models, let images, let seen): laboratory.hold(models: models, images: images, seen: seen)
    case .look(let s, let t): laboratory.look(s: s, t: t)
    case .thumbnails(let range):
      laboratory.showThumbnails(range, preparing: explorer.pictureAreas, explorer.appearance)
    case .run(let request):
      if request.priority == .batch, let line = explorer.command(for: request) {
        recorder?.note(command: line)
      }
      return laboratory.submit(request).map { .submitted($0, request) }
    case .recall(let requests): laboratory.recall(requests)
    case .cancel(let id): laboratory.cancel(id)
    case .arrange(let groups): laboratory.arrange(groups)
    case .cancelAll: laboratory.cancelAll()
    case .read(let path, let reading): laboratory.read(path, reading)
    case .keepReading(let path, let reading): laboratory.keepReading(path, reading)
    case .install(let set): laboratory.install(set)
    case .cancelInstallation: laboratory.cancelInstallation()
    case .export(let export): return exporter.write(export)
    case .copy(let text):
      let (remark, isHanded) = terminal.copy(text)
      return .said(remark, isProblem: !isHanded)
    case .openTour: laboratory.openTour(at: nil)
    case .keepPlace(let tour, let step): TourFile.keep(step: step, of: tour)
    case .setMouse(let isOn): terminal.reportsMouse = isOn
    case .redraw: terminal.display.invalidate()
    case .suspend: terminal.suspend()
    case .quit: hasQuit = true
    }
    return nil
  }
}

// MARK: - Time

extension Session {
  /// Milliseconds to wait for inputs; nil while there is nothing to come back for.
  private var patience: Int? {
    // A frame that is on its way wakes the loop once the terminal has taken it.
    if needsDrawing, terminal.isClear { return Int(max(0, untilFrame * 1000).rounded(.up)) }
    return explorer.isBusy ? Int(1000 / Self.ticksPerSecond) : nil
  }

  private var untilFrame: Double {
    guard let lastDrawn else { return 0 }
    return budget.interval - (ContinuousClock.now - lastDrawn) / .seconds(1)
  }

  private var isFrameDue: Bool { needsDrawing && untilFrame <= 0 }

  private func tick() {
    let passed = (ContinuousClock.now - lastTicked) / .seconds(1)
    guard passed >= 1 / Self.ticksPerSecond else { return }
    lastTicked = .now
    if explorer.isBusy { deliver(.tick(seconds: min(passed, 1))) }
  }

  private func draw() {
    guard terminal.isClear else { return }
    terminal.display.show(explorer.view(terminal.display.size))
    for size in mirror?.sizes ?? [] {
      mirror?.show(explorer.audienceView(size, withNotes: options.mirrors == .whole))
    }
    lastDrawn = .now
    needsDrawing = false
  }

  /// Lets frames and colours follow what the link takes.
  ///
  /// What is said about it waits for the next frame, or no frame would be the last.
  private func follow(_ link: LinkReport) {
    guard link.frames > measured else { return }
    measured = link.frames
    var appearance = explorer.appearance
    // Colours that the person has changed since are the person's.
    if appearance.colors != budget.level {
      budget = LinkBudget(
        framesPerSecond: options.framesPerSecond, level: appearance.colors, isLevelFixed: true)
    }
    budget.note(seconds: link.lastSeconds)
    if appearance.colors != budget.level {
      appearance.colors = budget.level
      deliver(.appearance(appearance))
    }
    let isDue = needsDrawing
    deliver(.link(link.phrase(budget), details: link.details(budget)))
    needsDrawing = isDue
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
