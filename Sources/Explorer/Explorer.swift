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
  var pick = PickScreen()
  var section = SectionScreen()
  var spectrum = SpectrumScreen()
  var fooling = FoolingScreen()
  var universal = UniversalScreen()
  var transfer = TransferScreen()
  var theory = TheoryScreen()
  var jobs = JobsScreen()
  var overlay = Overlay.none
  var playback: Playback?
  var tour: Tour?

  /// What lies over the screen and takes the keys first.
  enum Overlay: Sendable {
    case none
    case help(HelpPage)
    case palette(CommandPalette)
    case prompt(Prompt)
    /// Asks whether to quit although jobs run.
    case quitting
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
  public var appearance: Appearance { workspace.appearance }

  /// Whether something changes by itself: the session sends ``Message/tick(seconds:)`` only then.
  public var isBusy: Bool { isWorking || isPlaying }

  /// Whether jobs run or wait.
  var isWorking: Bool { workspace.jobs.contains { !$0.isOver } }

  /// Takes what happened and says what is to be done; any message may come at any time.
  public mutating func update(_ message: Message) -> [Command] {
    let commands = handle(message) + settle()
    return commands + advancePlayback()
  }

  /// Asks for what the screens need now.
  mutating func settle() -> [Command] {
    var commands: [Command] = []
    let wanted = wants()
    commands += workspace.cancelUnwanted(Set(wanted))
    for request in wanted { commands += workspace.run(request, isAsked: false) }
    commands += workspace.refreshCompared()
    section.settle(workspace)
    if screen == .section { commands += section.look(workspace) }
    pick.settle(workspace)
    commands += pick.missingThumbnails(workspace)
    if screen == .universal, workspace.isReady {
      commands += pick.missingThumbnails(of: universal.visible(workspace), workspace)
    }
    return commands
  }

  private mutating func handle(_ message: Message) -> [Command] {
    switch message {
    case .input(let input): return take(input)
    case .library(let models, let sets):
      workspace.models = models
      workspace.sets = sets
      pick.libraryChanged(workspace)
    case .modelOpened(let model): opened(model)
    case .imagesOpened(let images): opened(images)
    case .comparedOpened(let model, let digest, let spec):
      if workspace.compared(ComparedModel(model: model, images: digest, spec: spec)) {
        section.compares(with: model.digest)
      }
    case .modelAppeared(let entry, let isWatched):
      return workspace.appeared(entry, isWatched: isWatched)
    case .thumbnails(let pictures): workspace.keep(pictures)
    case .refused(let sentence):
      workspace.refused(sentence)
    case .said(let sentence, let isProblem): workspace.say(sentence, problem: isProblem)
    case .submitted(let id, let request): workspace.submitted(id, request)
    case .job(let update):
      _ = workspace.receive(update)
      workspace.followNoise()
      if case .failed(let reason) = update.state {
        workspace.say("\(update.title): \(reason)", problem: true)
      }
    case .installation(let set, let news): workspace.installation(of: set, news)
    case .exported(let path): workspace.say("Written: \(path)")
    case .tick(let seconds):
      workspace.tick(seconds)
      if seconds.isFinite { playback?.delay -= max(0, seconds) }
    case .appearance(let appearance): workspace.appearance = appearance
    case .link(let phrase, let details): (workspace.link, workspace.linkDetails) = (phrase, details)
    case .begun: workspace.isStarting = false
    case .tour(let script, let step): begin(script, at: step)
    }
    return []
  }

  private mutating func opened(_ model: OpenedModel) {
    workspace.opening.removeAll()
    workspace.awaitsImages = true
    workspace.model = model
    pick.opened(model, workspace)
    if workspace.curvature.product == .exact, model.entry.smoothness == .piecewiseLinear {
      workspace.curvature.product = .secant(step: Float(workspace.parameters.step))
    }
    subjectChanged()
  }

  private mutating func opened(_ images: OpenedImages) {
    workspace.opening.removeAll()
    workspace.awaitsImages = false
    let isSame = workspace.images?.digest == images.digest
    workspace.images = images
    pick.opened(images, workspace)
    if !isSame {
      workspace.thumbnails = [:]
      workspace.image = 0
      pick.imagesChanged()
    }
    workspace.select(image: workspace.image)
    subjectChanged()
  }

  private mutating func subjectChanged() {
    workspace.guessRadius()
    workspace.followNoise()
    section.subjectChanged()
    spectrum.subjectChanged()
  }

  /// What the screen in front needs, and what the next one will need, most urgent first.
  private func wants() -> [Request] {
    guard workspace.isReady else { return [] }
    var wanted: [Request] = []
    if !workspace.parameters.isRadiusChosen, let noise = workspace.noise { wanted.append(noise) }
    if let request = workspace.perturbationRequest(of: workspace.image) { wanted.append(request) }
    if let request = workspace.classification(of: workspace.image) { wanted.append(request) }
    if screen == .pick { wanted += pick.wants(workspace) }
    if screen == .section || workspace.isSmall { wanted += section.learns(workspace) }
    if screen == .section { wanted += section.wants(workspace) }
    if screen == .spectrum { wanted += spectrum.wants(workspace) }
    if screen == .fooling { wanted += fooling.wants(workspace) }
    if screen == .universal { wanted += universal.wants(workspace) }
    return wanted
  }
}
