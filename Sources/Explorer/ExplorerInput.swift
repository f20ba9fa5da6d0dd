internal import Drawing

// Keys, mouse and text.
extension Explorer {
  mutating func take(_ input: Input) -> [Command] {
    switch input {
    case .key(let key):
      workspace.notice = nil
      return press(key)
    case .mouse(let mouse): return point(mouse)
    case .resized(let size):
      workspace.viewport.size = size
      return []
    case .paste(let text): return paste(text)
    case .background(let background):
      workspace.viewport.appearance.background = background
      return []
    case .pixels(let pixels):
      (workspace.viewport.pixels, workspace.viewport.appearance.pixels) = (pixels, pixels)
      return []
    case .woken: return []
    }
  }

  private mutating func press(_ key: Key) -> [Command] {
    switch (key, overlay) {
    case (.control("z"), _): return perform(.suspend)
    case (.control("l"), _): return perform(.redraw)
    case (.control("c"), .none), (.control("c"), .quitting): return perform(.quit)
    case (.control("c"), _): return close()
    case (_, .none): break
    case (_, .help(var page)): return read(&page, key)
    case (_, .palette(var palette)): return choose(&palette, key)
    case (_, .prompt(var prompt)): return type(&prompt, key)
    case (_, .quitting): return answerQuit(key)
    case (_, .offer(let offer)): return answer(offer, key)
    }
    guard let binding = bindings.first(where: { $0.keys.contains(key) }) else { return [] }
    return perform(binding.action)
  }

  private mutating func close() -> [Command] {
    overlay = .none
    return []
  }

  private mutating func answerQuit(_ key: Key) -> [Command] {
    overlay = .none
    switch key {
    case .character("q"), .character("y"), .character("Y"), .enter: return [.cancelAll, .quit]
    default: return []
    }
  }

  private mutating func read(_ page: inout HelpPage, _ key: Key) -> [Command] {
    if page.search != nil, page.search?.edit(key) == true {
      page.scroll = 0
      overlay = .help(page)
      return []
    }
    switch key {
    case .character("/"): page.search = Prompt(.search)
    case .up, .character("k"): page.scroll(by: -1)
    case .down, .character("j"), .enter: page.scroll(by: 1)
    case .pageUp: page.scroll(by: 3 - workspace.viewport.size.rows)
    case .pageDown, .character(" "): page.scroll(by: workspace.viewport.size.rows - 3)
    case .home: page.scroll = 0
    case .end: page.scroll(by: 10_000)
    default: return close()
    }
    page.clamp(to: bodySize, workspace.viewport.appearance)
    overlay = .help(page)
    return []
  }

  private mutating func choose(_ palette: inout CommandPalette, _ key: Key) -> [Command] {
    switch key {
    case .escape: return close()
    case .enter:
      overlay = .none
      return palette.selected.map { perform($0, palette.argument) } ?? []
    default:
      palette.edit(key)
      overlay = .palette(palette)
      return []
    }
  }

  /// Does what the palette was asked for; a value typed behind the command answers its question at once.
  private mutating func perform(_ item: CommandPalette.Item, _ argument: String?) -> [Command] {
    if let name = item.screen { screen = name }
    let commands = perform(item.action)
    guard let argument, case .prompt(let prompt) = overlay else { return commands }
    overlay = .none
    return commands + answer(argument, to: prompt.kind)
  }

  private mutating func type(_ prompt: inout Prompt, _ key: Key) -> [Command] {
    switch key {
    case .escape:
      overlay = .none
      return prompt.kind == .filter ? answer("", to: .filter) : []
    case .enter:
      overlay = .none
      remember(prompt)
      return answer(prompt.string, to: prompt.kind)
    case .tab, .backTab:
      guard prompt.asksPath else { return [] }
      if prompt.completions.isEmpty {
        return [.complete(path: prompt.string, models: prompt.kind == .modelPath)]
      }
      prompt.choose(key == .tab ? 1 : -1)
      overlay = .prompt(prompt)
      return []
    case .up, .down:
      if prompt.completions.isEmpty {
        recall(&prompt, key == .up ? 1 : -1)
      } else {
        prompt.choose(key == .up ? -1 : 1)
      }
      overlay = .prompt(prompt)
      return []
    default:
      _ = prompt.edit(key)
      overlay = .prompt(prompt)
      return prompt.kind == .filter ? answer(prompt.string, to: .filter) : []
    }
  }

  private mutating func paste(_ text: String) -> [Command] {
    switch overlay {
    case .prompt(var prompt):
      prompt.insert(text)
      overlay = .prompt(prompt)
      return prompt.kind == .filter ? answer(prompt.string, to: .filter) : []
    case .palette(var palette):
      palette.prompt.insert(text)
      palette.select(0)
      overlay = .palette(palette)
    case .help(var page):
      guard page.search != nil else { return [] }
      page.search?.insert(text)
      overlay = .help(page)
    case .none, .offer: return open(dropped: text)
    case .quitting: break
    }
    return []
  }

  private mutating func point(_ mouse: Mouse) -> [Command] {
    if mouse.action == .press { workspace.notice = nil }
    let layout = workspace.layout
    switch overlay {
    case .help(var page):
      switch mouse.action {
      case .wheelUp, .wheelDown: return read(&page, mouse.action == .wheelUp ? .up : .down)
      case .press: return close()
      default: return []
      }
    case .palette(var palette): return point(mouse, &palette)
    case .prompt, .quitting: return []
    case .offer: return close()
    case .none: break
    }
    if layout.footer.contains(row: mouse.row, column: mouse.column) {
      guard mouse.action == .press, mouse.button == .left else { return [] }
      let action = footer.action(
        row: mouse.row - layout.footer.row, column: mouse.column, size: layout.footer.size,
        appearance: workspace.viewport.appearance)
      return action.map { perform($0) } ?? []
    }
    guard layout.body.contains(row: mouse.row, column: mouse.column) else { return [] }
    let area = Rectangle(row: 0, column: 0, rows: layout.body.rows, columns: layout.body.columns)
    var mouse = mouse
    mouse.row -= layout.body.row
    return point(mouse, in: area)
  }

  private mutating func point(_ mouse: Mouse, _ palette: inout CommandPalette) -> [Command] {
    let area = CommandPalette.area(in: workspace.viewport.size)
    switch mouse.action {
    case .wheelUp: palette.edit(.up)
    case .wheelDown: palette.edit(.down)
    case .press:
      guard area.contains(row: mouse.row, column: mouse.column) else { return close() }
      guard let match = palette.match(row: mouse.row - area.row, in: area.size) else { return [] }
      palette.select(match)
      overlay = .none
      return palette.selected.map { perform($0, palette.argument) } ?? []
    case .release, .drag: return []
    }
    overlay = .palette(palette)
    return []
  }
}
