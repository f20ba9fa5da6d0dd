internal import Drawing

// What works on every screen.
extension Explorer {
  /// All bindings that apply now; those of the screen win.
  var bindings: [Binding] {
    let own = bindings(of: screen)
    let general = Explorer.general(workspace).filter { binding in
      binding.action != .cancelAwaited || !own.contains { $0.keys.contains(.character("x")) }
    }
    return keys.applied(to: tourBindings + own + general)
  }

  /// Keys of a tour, which come before all others.
  private var tourBindings: [Binding] {
    guard tour != nil else {
      return [Binding([], .startTour, "Take the tour: the argument of the paper in ten steps")]
    }
    return [
      Binding([.character(" ")], .tourStep(1), "Next step of the tour"),
      Binding([.backspace], .tourStep(-1), "Previous step of the tour"),
      Binding([], .endTour, "Leave the tour"),
    ]
  }

  /// Every binding of every screen, the general ones first.
  var everyBinding: [Binding] {
    Explorer.general(workspace) + ScreenName.allCases.flatMap { bindings(of: $0) } + tourBindings
  }

  static func general(_ workspace: Workspace) -> [Binding] {
    var all = ScreenName.allCases.map { name in
      Binding(
        [.character(Character("\(name.rawValue)"))], .show(name), "Go to \(name.title): \(name.question)")
    }
    all += [
      Binding([.character("?"), .function(1)], .help, "Explain this screen and all its keys"),
      Binding([.character("/")], .search, "Search the help of all screens"),
      Binding([.character(":")], .palette, "Find any command by a few letters"),
      Binding([.escape], .back, "Go back to the choice of model and image"),
      Binding([.character("q"), .control("c")], .quit, "Quit"),
      Binding([.control("z")], .suspend, "Suspend to the shell; fg returns"),
      Binding([.control("l")], .redraw, "Redraw the screen"),
      Binding(
        [.character("m")], .toggleMouse, "Free the mouse for selecting text, or take it back"),
    ]
    if workspace.work.awaited.left != nil {
      all.append(
        Binding(
          [.character("x")], shown: "x", label: "cancel", .cancelAwaited, "Cancel what this screen computes"))
    }
    all += numbers + outputs(workspace)
    guard workspace.subject.count > 0 else { return all }
    return all + [
      Binding([.character("n")], .image(1), "Next image"),
      Binding([.character("p")], .image(-1), "Previous image"),
      Binding([.character("g")], .askImage, "Go to an image by number"),
      Binding(
        [.character("e")], .export,
        "Export this view: PDF, SVG, PNG, text, and the numbers as JSON with arrays"
      ),
      Binding(
        [.character("y")], .copy, "Copy the screen to the clipboard as text, if the terminal allows it"),
    ]
  }

  /// What is open, and the numbers of the header.
  private static var numbers: [Binding] {
    [
      Binding([], .openModel, "Open a model by path"),
      Binding([], .openImages, "Open images by path or set name"),
      Binding([.character(",")], .checkpoint(-1), "Previous checkpoint in the model's folder"),
      Binding([.character(".")], .checkpoint(1), "Next checkpoint in the model's folder"),
      Binding([], .askCompare, "Compare with another model, by name or path"),
      Binding([], .stopComparing, "Stop comparing models"),
      Binding([.character("{")], .radius(-1), "Smaller ξ, the norm of a universal perturbation"),
      Binding([.character("}")], .radius(1), "Larger ξ, the norm of a universal perturbation"),
      Binding([], .askRadius, "Set ξ to a number"),
      Binding([], .followNoise, "Let ξ follow the random-noise norm: ξ = R/5"),
      Binding([.character("[")], .step(-1), "Smaller h, the scale of the secant"),
      Binding([.character("]")], .step(1), "Larger h, the scale of the secant"),
      Binding([], .askStep, "Set h to a number"),
      Binding([], .followRadius, "Let h follow ξ"),
      Binding([], .askSeed, "Set the seed"),
      Binding([.character("u")], .ascent, "Turn gradient ascent for S_c on or off"),
    ]
  }

  private static func outputs(_ workspace: Workspace) -> [Binding] {
    [
      Binding([], .cycleColors, "Colours: next level (now \(workspace.viewport.appearance.colors.title))"),
      Binding([], .cycleGlyphs, "Glyphs: ASCII or block elements"),
      Binding([], .cycleBackground, "Background: dark or light"),
      Binding([], .togglePixels, "Pictures: pixels or cells"),
      Binding([], .exportScreen(.text), "Export this screen as text"),
      Binding([], .exportScreen(.ansi), "Export this screen as ANSI text"),
      Binding([], .exportScreen(.pdf), "Export this figure as PDF"),
      Binding([], .exportScreen(.svg), "Export this figure as SVG"),
      Binding([], .exportScreen(.png), "Export this figure as PNG"),
      Binding([], .exportScreen(.gif), "Export the film of the Training screen as GIF"),
      Binding([], .exportScreen(.numbers), "Export only this screen's numbers: JSON and .npy"),
      Binding([], .cancelAll, "Cancel all jobs"),
    ]
  }

  mutating func perform(_ action: Action) -> [Command] { performGeneral(action) ?? pass(action) }

  /// Nil for what a screen has to do itself.
  private mutating func performGeneral(_ action: Action) -> [Command]? {
    switch action {
    case .show(let name): screen = name
    case .help: openHelp()
    case .search: openSearch()
    case .palette: overlay = .palette(palette)
    case .back: return back()
    case .quit: return quit()
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .toggleMouse: return toggleMouse()
    case .cancelAll: return [.cancelAll]
    case .cancelAwaited: return workspace.work.awaited.requests.flatMap { workspace.work.cancel($0) }
    case .export: return [export(Set(Export.Format.allCases))]
    case .exportScreen(let format): return [export([format])]
    case .copy: return copy()
    case .cycleColors, .cycleGlyphs, .cycleBackground, .togglePixels: changeAppearance(action)
    case .tourStep(let steps): return moveTour(by: steps)
    case .startTour: return [.openTour]
    case .endTour: return endTour(isDone: false)
    case .image(let steps): workspace.subject.select(image: workspace.subject.image + steps)
    case .checkpoint(let steps): return workspace.open(checkpoint: steps)
    case .askImage, .openModel, .openImages, .askCompare, .askRadius, .askStep, .askSeed: ask(action)
    case .stopComparing: workspace.others.compared = []
    case .radius, .step, .followNoise, .followRadius, .ascent: changeParameters(action)
    default: return nil
    }
    return []
  }

  private mutating func openHelp() {
    overlay = .help(
      HelpPage(
        title: "\(screen.title): \(screen.question)", bindings: bindings.filter { !$0.keys.isEmpty },
        definitions: definitions(of: screen) + Glossary.general(workspace)))
  }

  /// The help of all screens at once, to be searched.
  private mutating func openSearch() {
    var seen: Set<Definition> = []
    let all = ([screen] + ScreenName.allCases.filter { $0 != screen }).flatMap { definitions(of: $0) }
    var page = HelpPage(
      title: "search", bindings: keys.applied(to: everyBinding).filter { !$0.keys.isEmpty },
      definitions: (all + Glossary.general(workspace)).filter { seen.insert($0).inserted })
    page.search = Prompt(.search)
    overlay = .help(page)
  }

  private mutating func back() -> [Command] {
    if screen != .pick { screen = .pick } else { return pass(.back) }
    return []
  }

  private mutating func quit() -> [Command] {
    guard isWorking else { return [.quit] }
    overlay = .quitting
    return []
  }

  private mutating func copy() -> [Command] {
    var bare = self
    bare.overlay = .none
    return [.copy(bare.view(workspace.viewport.size).text)]
  }

  private mutating func toggleMouse() -> [Command] {
    workspace.viewport.isMouseOn.toggle()
    workspace.say(
      workspace.viewport.isMouseOn
        ? "The mouse works here again." : "The mouse now selects text; m takes it back.")
    return [.setMouse(workspace.viewport.isMouseOn)]
  }

  private mutating func ask(_ action: Action) {
    let parameters = workspace.parameters
    let prompt: Prompt? =
      switch action {
      case .askImage: Prompt(.image)
      case .openModel: Prompt(.modelPath)
      case .openImages: Prompt(.imagesSpec)
      case .askCompare: Prompt(.compared)
      case .askRadius: Prompt(.radius, text: Number.short(parameters.radius))
      case .askStep: Prompt(.step, text: Number.short(parameters.step))
      case .askSeed: Prompt(.seed, text: "\(parameters.seed)")
      default: nil
      }
    if let prompt { overlay = .prompt(prompt) }
  }

  private mutating func changeParameters(_ action: Action) {
    switch action {
    case .radius(let steps):
      workspace.parameters.radius = Parameters.rung(workspace.parameters.radius, by: steps)
      workspace.parameters.isRadiusChosen = true
    case .step(let steps):
      workspace.parameters.chosenStep = Parameters.rung(workspace.parameters.step, by: steps)
    case .followNoise:
      workspace.parameters.isRadiusChosen = false
      workspace.followNoise()
    case .followRadius: workspace.parameters.chosenStep = nil
    case .ascent: workspace.toggleAscent()
    default: break
    }
  }

  private mutating func changeAppearance(_ action: Action) {
    switch action {
    case .cycleColors:
      let levels = Appearance.ColorLevel.allCases
      let next = (workspace.viewport.appearance.colors.rawValue + levels.count - 1) % levels.count
      workspace.viewport.appearance.colors = levels[next]
      workspace.say("Colours: \(workspace.viewport.appearance.colors.title).")
    case .cycleGlyphs:
      workspace.viewport.appearance.glyphs = workspace.viewport.appearance.glyphs == .ascii ? .blocks : .ascii
    case .cycleBackground:
      workspace.viewport.appearance.background =
        workspace.viewport.appearance.background == .dark ? .light : .dark
    case .togglePixels:
      guard let pixels = workspace.viewport.pixels else {
        return workspace.say("This terminal shows no pixel pictures; boundaryscope doctor says why.")
      }
      workspace.viewport.appearance.pixels = workspace.viewport.appearance.pixels == nil ? pixels : nil
      workspace.say("Pictures: \(workspace.viewport.appearance.pixels == nil ? "cells" : "pixels").")
    default: break
    }
  }

  /// Everything that can be done, for the palette: what belongs here first, then the other screens' commands.
  private var palette: CommandPalette {
    func items(_ bindings: [Binding], _ name: ScreenName?) -> [CommandPalette.Item] {
      bindings.filter { $0.action != .palette }.map {
        CommandPalette.Item(screen: name, title: $0.title, keys: $0.keyNames, action: $0.action)
      }
    }
    let others = ScreenName.allCases.filter { $0 != screen }
    let all =
      items(bindings, nil)
      + others.flatMap { items(keys.applied(to: bindings(of: $0)).filter { $0.action.isCommand }, $0) }
    var seen: Set<Action> = []
    return CommandPalette(all.filter { item in item.screen != nil || seen.insert(item.action).inserted })
  }
}

extension Action {
  /// Whether it means something without looking at the screen, so that the palette offers it from elsewhere.
  var isCommand: Bool {
    switch self {
    case .move, .page, .first, .last, .focus, .enter, .back, .filter, .compareSelected: false
    case .image, .radius, .step, .ascent, .export, .openModel, .openImages, .cancelAll, .askCompare,
      .stopComparing:
      false
    default: true
    }
  }
}

extension Appearance.ColorLevel {
  var title: String {
    switch self {
    case .none: "none"
    case .ansi8: "8"
    case .ansi16: "16"
    case .indexed: "256"
    case .direct: "24 bit"
    }
  }
}
