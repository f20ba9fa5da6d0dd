internal import Drawing

// One line a screen: where a new screen is entered.
extension Explorer {
  func draw(on canvas: inout Canvas) {
    switch screen {
    case .pick: pick.draw(on: &canvas, workspace)
    case .section: section.draw(on: &canvas, workspace)
    case .spectrum: spectrum.draw(on: &canvas, workspace)
    case .fooling: fooling.draw(on: &canvas, workspace)
    case .universal: universal.draw(on: &canvas, workspace)
    case .transfer: transfer.draw(on: &canvas, workspace)
    case .theory: theory.draw(on: &canvas, workspace)
    case .jobs: jobs.draw(on: &canvas, workspace)
    }
  }

  func bindings(of name: ScreenName) -> [Binding] {
    switch name {
    case .pick: pick.bindings(workspace)
    case .section: section.bindings(workspace)
    case .spectrum: spectrum.bindings(workspace)
    case .fooling: fooling.bindings(workspace)
    case .universal: universal.bindings(workspace)
    case .transfer: transfer.bindings(workspace)
    case .theory: theory.bindings(workspace)
    case .jobs: jobs.bindings(workspace)
    }
  }

  func definitions(of name: ScreenName) -> [Definition] {
    switch name {
    case .pick: pick.definitions(workspace)
    case .section: section.definitions(workspace)
    case .spectrum: spectrum.definitions(workspace)
    case .fooling: fooling.definitions(workspace)
    case .universal: universal.definitions(workspace)
    case .transfer: transfer.definitions(workspace)
    case .theory: theory.definitions(workspace)
    case .jobs: jobs.definitions(workspace)
    }
  }

  var shown: [(name: String, request: Request)] {
    switch screen {
    case .pick: pick.shown(workspace)
    case .section: section.shown(workspace)
    case .spectrum: spectrum.shown(workspace)
    case .fooling: fooling.shown(workspace)
    case .universal: universal.shown(workspace)
    case .transfer: transfer.shown(workspace)
    case .theory: theory.shown(workspace)
    case .jobs: jobs.shown(workspace)
    }
  }

  mutating func pass(_ action: Action) -> [Command] {
    switch screen {
    case .pick: pick.perform(action, &workspace)
    case .section: section.perform(action, &workspace)
    case .spectrum: spectrum.perform(action, &workspace)
    case .fooling: fooling.perform(action, &workspace)
    case .universal: universal.perform(action, &workspace)
    case .transfer: transfer.perform(action, &workspace)
    case .theory: theory.perform(action, &workspace)
    case .jobs: jobs.perform(action, &workspace)
    }
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle) -> [Command] {
    switch screen {
    case .pick: pick.point(mouse, in: area, &workspace)
    case .section: section.point(mouse, in: area, &workspace)
    case .spectrum: spectrum.point(mouse, in: area, &workspace)
    case .fooling: fooling.point(mouse, in: area, &workspace)
    case .universal: universal.point(mouse, in: area, &workspace)
    case .transfer: transfer.point(mouse, in: area, &workspace)
    case .theory: theory.point(mouse, in: area, &workspace)
    case .jobs: jobs.point(mouse, in: area, &workspace)
    }
  }

  mutating func passAnswer(_ text: String, to kind: Prompt.Kind) -> [Command] {
    switch screen {
    case .pick: pick.answer(text, to: kind, &workspace)
    case .section: section.answer(text, to: kind, &workspace)
    case .spectrum: spectrum.answer(text, to: kind, &workspace)
    case .fooling: fooling.answer(text, to: kind, &workspace)
    case .universal: universal.answer(text, to: kind, &workspace)
    case .transfer: transfer.answer(text, to: kind, &workspace)
    case .theory: theory.answer(text, to: kind, &workspace)
    case .jobs: jobs.answer(text, to: kind, &workspace)
    }
  }
}
