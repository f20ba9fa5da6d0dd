public import Drawing
internal import Experiments
internal import Jobs
internal import Networks

/// The whole interface as a value: ``update(_:)`` is the only way to change it, ``view(_:)`` the only way to see it.
///
/// It does no input or output and starts no work: commands say what the session around it is to do.
public struct Explorer: Sendable {
  var workspace: Workspace
  let keys: KeyMap
  var screen = ScreenName.pick
  var screens = ScreenTable()
  var overlay = Overlay.none
  var playback: Playback?
  var tour: Tour?
  var lecture = Lecture()

  /// What lies over the screen and takes the keys first.
  enum Overlay: Sendable {
    case none
    case help(HelpPage)
    case palette(CommandPalette)
    case prompt(Prompt)
    /// Asks whether to quit although jobs run.
    case quitting
    case offer(Offer)
  }

  /// - Parameters:
  ///   - appearance: what the terminal can show.
  ///   - seed: of everything random, until another one is chosen.
  ///   - keys: what a person chose in place of the built-in keys.
  public init(appearance: Appearance, seed: UInt64 = 1, keys: KeyMap = KeyMap()) {
    workspace = Workspace(appearance: appearance)
    workspace.parameters.seed = seed
    self.keys = keys
  }

  /// What it draws for: the terminal's appearance as the person or the link has changed it.
  public var appearance: Appearance { workspace.viewport.appearance }

  /// Whether something changes by itself: the session sends ``Message/tick(seconds:)`` only then.
  public var isBusy: Bool { isWorking || isPlaying || appearance.isPresented }

  /// Whether jobs run or wait.
  var isWorking: Bool { workspace.work.jobs.contains { !$0.isOver } }

  /// Takes what happened and says what is to be done; any message may come at any time.
  public mutating func update(_ message: Message) -> [Command] {
    let commands = handle(message) + settle()
    return commands + advancePlayback() + workAhead()
  }

  /// Asks for what the screens need now.
  mutating func settle() -> [Command] {
    workspace.chooseFineness()
    let groups = wants()
    let wanted = groups.flatMap { $0 }
    var commands = workspace.work.cancelUnwanted(Set(wanted))
    for request in wanted { commands += workspace.work.run(request, isAsked: false) }
    commands += workspace.work.arrange(groups, on: screen)
    workspace.work.wait(for: awaited(groups), on: workspace.subject.model)
    commands += workspace.work.recall(recalled)
    commands += workspace.refreshOthers(needed: screens.needs(workspace))
    for name in ScreenName.allCases {
      commands += screens[name].settle(&workspace, isInFront: name == screen)
    }
    for range in inSight {
      let more = min(32, range.count)
      let missing = workspace.thumbnails.ask(for: range, more: more, of: workspace.subject.count)
      if let missing { commands.append(.thumbnails(missing)) }
    }
    return commands
  }

  /// What the screen in front shows, where it could be read at no great cost.
  private var recalled: [Request] {
    guard workspace.subject.isReady, workspace.isRadiusSettled else { return [] }
    return screens[screen].shown(workspace).map(\.request)
  }

  /// Images whose pictures are in sight; those of the first screen are always wanted.
  private var inSight: [Range<Int>] {
    guard workspace.subject.count > 0 else { return [] }
    return Set([.pick, screen]).sorted { $0.rawValue < $1.rawValue }.map { screens[$0].pictures(workspace) }
  }

  /// Over the screen in front, unless a person is at something else.
  private mutating func show(_ offer: Offer) {
    if case .none = overlay { overlay = .offer(offer) }
    workspace.say(offer.text, problem: true)
  }

  private mutating func handle(_ message: Message) -> [Command] {
    switch message {
    case .input(let input): return take(input)
    case .library(let models, let sets):
      workspace.list(models, sets)
      screens[PickScreen.self].libraryChanged(workspace)
    case .modelOpened(let model): opened(model)
    case .imagesOpened(let images): opened(images)
    case .imagesWanted(let offer):
      workspace.openings.awaitsImages = false
      workspace.subject.images = nil
      workspace.thumbnails = Thumbnails()
      show(offer)
    case .offered(let offer): show(offer)
    case .completed(let text, let found):
      guard case .prompt(var prompt) = overlay else { break }
      prompt.take(found, for: text)
      overlay = .prompt(prompt)
    case .otherOpened(let path, let other):
      if workspace.opened(path, other) { screens[SectionScreen.self].compares(with: path) }
    case .arrayOpened(let path, let basis): workspace.arrays[path] = .there(basis)
    case .notOpened(let opening, let sentence): workspace.refused(opening, sentence)
    case .modelAppeared(let entry, let isWatched):
      screens[TrainingScreen.self].written(entry, isWatched: isWatched)
      return workspace.appeared(entry, isWatched: isWatched)
    case .thumbnails(let pictures, let range):
      workspace.thumbnails.take(pictures, of: range, count: workspace.subject.count)
      workspace.thumbnails.forget(farFrom: inSight)
    case .refused(let sentence): workspace.say(sentence, problem: true)
    case .said(let sentence, let isProblem): workspace.say(sentence, problem: isProblem)
    case .submitted(let id, let request): workspace.work.submitted(id, request)
    case .notSubmitted(let request, let sentence):
      workspace.work.refused(request, sentence)
      workspace.say("\(request.title): \(sentence)", problem: true)
    case .job(let update):
      _ = workspace.work.receive(update)
      workspace.followNoise()
      if case .failed(let reason) = update.state {
        workspace.say("\(update.title): \(reason)", problem: true)
      }
    case .recalled(let request, let finding): workspace.work.recalled(request, finding)
    case .installation(let set, let news): workspace.installation(of: set, news)
    case .exported(let path): workspace.say("Written: \(path)")
    case .tick(let seconds):
      workspace.work.tick(seconds)
      if seconds.isFinite, appearance.isPresented { lecture.seconds += max(0, seconds) }
      if seconds.isFinite { playback?.delay -= max(0, seconds) }
    case .appearance(let appearance): workspace.viewport.appearance = appearance
    case .link(let phrase, let details):
      (workspace.viewport.link, workspace.viewport.linkDetails) = (phrase, details)
    case .begun: workspace.openings.isStarting = false
    case .tour(let script, let step): begin(script, at: step)
    }
    return []
  }

  private mutating func opened(_ model: OpenedModel) {
    workspace.openings.pending.removeAll()
    workspace.openings.awaitsImages = true
    workspace.openings.count += 1
    workspace.subject.model = model
    workspace.chosenFineness = nil
    workspace.list(workspace.catalogue.models, workspace.catalogue.sets)
    workspace.others.forgetQuietFailures()
    // Vectors have the shape of the model's images: they are read anew.
    workspace.arrays = [:]
    screens[PickScreen.self].opened(model, workspace)
    if workspace.parameters.curvature.product == .exact, model.entry.smoothness == .piecewiseLinear {
      workspace.parameters.curvature.product = .secant(step: Float(workspace.parameters.step))
    }
    subjectChanged()
  }

  private mutating func opened(_ images: OpenedImages) {
    workspace.openings.pending.removeAll()
    workspace.openings.awaitsImages = false
    workspace.openings.count += 1
    let isSame = workspace.subject.images?.digest == images.digest
    workspace.subject.images = images
    workspace.list(workspace.catalogue.models, workspace.catalogue.sets)
    screens[PickScreen.self].opened(images, workspace)
    if !isSame {
      if !images.remarks.isEmpty { workspace.say(images.remarks.joined(separator: " · ")) }
      workspace.thumbnails = Thumbnails()
      workspace.subject.image = images.first
      screens[PickScreen.self].imagesChanged()
    }
    workspace.subject.select(image: workspace.subject.image)
    subjectChanged()
  }

  private mutating func subjectChanged() {
    workspace.guessRadius()
    workspace.followNoise()
    for name in ScreenName.allCases { screens[name].subjectChanged() }
  }

  /// What the screen in front needs, and what the next one will need, in groups, the most urgent first: the label of the
  /// image, its way to the boundary, the norm of noise, then pictures.
  private func wants() -> [[Request]] {
    guard workspace.subject.isReady else { return [] }
    var wanted: [[Request]] = []
    if let question = workspace.classification(of: workspace.subject.image) {
      wanted.append([question.request])
    }
    if let question = workspace.robustness(of: workspace.subject.image) { wanted.append([question.request]) }
    let noise = workspace.parameters.isRadiusChosen ? nil : workspace.noise.map { [$0.request] }
    if !workspace.isDear, let noise { wanted.append(noise) }
    wanted += screens[screen].wants(workspace)
    // Before what other screens will need: somebody waits for it.
    wanted.append(askedHere)
    if screen != .section, workspace.subject.isSmall {
      wanted.append(screens[SectionScreen.self].learns(workspace))
    }
    if workspace.isDear, let noise { wanted.append(noise) }
    if screen != .report { wanted += screens[ReportScreen.self].continued(workspace) }
    if tour != nil { wanted.append(lecture.ahead) }
    if screen != .training { wanted += screens[TrainingScreen.self].continued(workspace) }
    return wanted.filter { !$0.isEmpty }
  }

  /// What the picture of the screen in front is made of: what is wanted of it, and what a person asked for here.
  private func awaited(_ groups: [[Request]]) -> [Request] {
    guard workspace.subject.isReady else { return [] }
    let basis = [
      workspace.classification(of: workspace.subject.image)?.request,
      workspace.robustness(of: workspace.subject.image)?.request,
      workspace.isDear || workspace.parameters.isRadiusChosen ? nil : workspace.noise?.request,
    ]
    return basis.compactMap { $0 } + screens[screen].awaits(workspace) + askedHere
  }

  /// What a person asked for on the screen in front, and still waits for.
  private var askedHere: [Request] {
    workspace.work.jobs.filter { job in
      !job.isOver && job.isAsked && job.request?.study.map { type(of: $0).screen == screen } ?? false
    }.compactMap(\.request)
  }
}

// MARK: - What the screen in front does

extension Explorer {
  func bindings(of name: ScreenName) -> [Binding] { screens[name].bindings(workspace) }

  func definitions(of name: ScreenName) -> [Definition] { screens[name].definitions(workspace) }

  /// Does what a screen says is to follow; returns the commands.
  mutating func follow(_ sequel: Sequel) -> [Command] {
    if let next = sequel.screen { screen = next }
    if let request = sequel.request { screens[screen].look(at: request) }
    if let direction = sequel.direction { screens[SectionScreen.self].show(direction) }
    if let question = sequel.question { overlay = .prompt(question) }
    return sequel.commands
  }

  mutating func pass(_ action: Action) -> [Command] {
    follow(screens[screen].perform(action, &workspace))
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle) -> [Command] {
    follow(screens[screen].point(mouse, in: area, &workspace))
  }

  mutating func passAnswer(_ text: String, to kind: Prompt.Kind) -> [Command] {
    follow(screens[screen].answer(text, to: kind, &workspace))
  }
}

extension Workspace {
  /// Something that was asked for does not come.
  mutating func refused(_ opening: Opening, _ sentence: String) {
    switch opening {
    case .model, .images:
      openings.pending.remove(opening)
      // The open images are another model's.
      if openings.awaitsImages { (subject.images, thumbnails) = (nil, Thumbnails()) }
      openings.awaitsImages = false
      say(sentence, problem: true)
    case .other(let path): fail(other: path, sentence)
    case .array(let path):
      arrays[path] = .failed(sentence)
      say(sentence, problem: true)
    }
  }
}
