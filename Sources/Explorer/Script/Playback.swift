internal import Drawing

/// A script that is being played, or the part of a tour that a step still has to do.
struct Playback: Sendable {
  var script: Script
  /// The line that comes next.
  var next: Int
  /// The line before which it ends.
  var end: Int
  /// Seconds between lines that people watch; 0 plays at once.
  var pace = 0.0
  /// Seconds still to wait.
  var delay = 0.0
  /// What was expected and did not come.
  var failures: [ScriptError] = []

  /// A pause on the last line is waited for too.
  var isOver: Bool { next >= end && delay <= 0 }
}

// Scripts and tours.
extension Explorer {
  /// Plays a script from its first line; `pace` is the time between lines, for people who watch.
  public mutating func play(_ script: Script, pace: Double = 0) {
    playback = Playback(script: script, next: 0, end: script.lines.count, pace: pace)
  }

  /// Whether a script is being played.
  public var isPlaying: Bool { playback.map { !$0.isOver } ?? false }

  /// What a script expected and did not come, in the order of its lines.
  public var failedExpectations: [ScriptError] { playback?.failures ?? [] }

  /// Whether nothing runs and nothing is on its way.
  public var isSettled: Bool {
    !workspace.isOpening && workspace.work.sent.isEmpty && workspace.work.jobs.allSatisfy(\.isOver)
      && workspace.thumbnails.areSettled
  }

  /// Does as many lines as can be done now.
  mutating func advancePlayback() -> [Command] {
    var commands: [Command] = []
    while let playback, !playback.isOver, playback.delay <= 0 {
      let line = playback.script.lines[playback.next]
      guard isReady(for: line.instruction) else { break }
      self.playback?.next += 1
      commands += perform(line)
      commands += settle()
    }
    return commands
  }

  private func isReady(for instruction: Instruction) -> Bool {
    switch instruction {
    case .wait, .expect, .save: isSettled
    case .say, .step, .point, .pause, .input(.resized): true
    default: !workspace.isOpening
    }
  }

  private mutating func perform(_ line: Script.Line) -> [Command] {
    let pace = playback?.pace ?? 0
    playback?.delay = pace
    if case .perform = line.instruction { workspace.notice = nil }
    switch line.instruction {
    case .input(let input): return take(input)
    case .keys(let keys): return keys.flatMap { take(.key($0)) }
    case .type(let text): return text.flatMap { take(.key(.character($0))) }
    case .model(let name):
      return workspace.subject.model.map { $0.entry.name == name || $0.entry.path == name } == true
        ? [] : workspace.open(model: name)
    case .images(let spec):
      return workspace.subject.images?.spec == spec ? [] : workspace.open(images: spec)
    case .compare(let name): return workspace.compare(with: name)
    case .show(let title): show(title)
    case .image(let image): return answer("\(image)", to: .image)
    case .radius(let value): setRadius(value)
    case .scale(let value): workspace.parameters.chosenStep = value
    case .seed(let seed): workspace.parameters.seed = seed
    case .left(let text): return direct(text, .leftDirection)
    case .right(let text): return direct(text, .rightDirection)
    case .perform(let name): return Action(named: name).map { perform($0) } ?? []
    case .wait, .step, .say, .point: playback?.delay = 0
    case .pause(let seconds): playback?.delay = seconds
    case .expect(let text): expect(text, line)
    case .save(let name): return [export(Set(Export.Format.allCases), name: name)]
    }
    return []
  }

  /// Gives the section a direction, whichever screen is in front.
  private mutating func direct(_ text: String, _ side: Prompt.Kind) -> [Command] {
    follow(screens[.section].answer(text, to: side, &workspace))
  }

  private mutating func show(_ title: String) {
    overlay = .none
    workspace.notice = nil
    if let name = ScreenName.allCases.first(where: { $0.title.lowercased() == title }) { screen = name }
  }

  private mutating func setRadius(_ value: Double?) {
    if let value { workspace.parameters.radius = value }
    workspace.parameters.isRadiusChosen = value != nil
    workspace.followNoise()
  }

  private mutating func expect(_ text: String, _ line: Script.Line) {
    playback?.delay = 0
    guard !view(workspace.viewport.size).text.contains(text) else { return }
    let file = playback?.script.name ?? ""
    playback?.failures.append(
      ScriptError(file: file, line: line.number, problem: "the screen does not show “\(text)”"))
  }
}
