public import Drawing

// The picture of the whole.
extension Explorer {
  /// The screen as it stands; any size, 0×0 included.
  public func view(_ size: Size) -> Canvas {
    var canvas = picture(size)
    if appearance.isPresented { canvas.paint() }
    return canvas
  }

  private func picture(_ size: Size) -> Canvas {
    var canvas = Canvas(size, appearance: workspace.viewport.appearance)
    let layout = workspace.layout(size)
    guard layout.isUsable else {
      refuse(on: &canvas)
      return canvas
    }
    if !layout.heading.isEmpty {
      canvas.draw(LectureHeading(title: screen.title, clock: lecture.clock), in: layout.heading)
    }
    canvas.draw(Header(workspace: workspace), in: layout.header)
    canvas.with(layout.body) { screens[screen].draw(on: &$0, workspace) }
    if let target = tour?.target { point(at: target, on: &canvas, in: layout.body) }
    if let narration = workspace.narration { canvas.draw(narration, in: layout.narration) }
    canvas.with(layout.footer) { footer.draw(on: &$0) }
    switch overlay {
    case .none:
      guard let notice = workspace.notice, notice.isProblem else { break }
      let panel = ProblemPanel(text: notice.text)
      canvas.draw(panel, in: layout.body.bottom(panel.rows(layout.body.columns, canvas.appearance.glyphs)))
    case .help(let page): canvas.draw(page, in: layout.body)
    case .palette(let palette): canvas.draw(palette, in: CommandPalette.area(in: size))
    case .prompt(let prompt):
      canvas.draw(prompt, in: layout.footer.split(top: 1).top)
      if !prompt.completions.isEmpty {
        canvas.draw(CompletionList(prompt: prompt), in: layout.body.bottom(CompletionList.rows(prompt)))
      }
    case .offer(let offer):
      canvas.draw(offer, in: layout.body.bottom(offer.rows(layout.body.columns, canvas.appearance.glyphs)))
    case .quitting: ask(on: &canvas, in: layout.footer.split(top: 1).top)
    }
    return canvas
  }

  /// The size of the terminal, as it was said last.
  public var size: Size { workspace.viewport.size }

  /// The areas that a picture of an image is drawn in, as the screen of images stands.
  public var pictureAreas: [Size] { screens[PickScreen.self].pictureAreas(workspace) }

  /// The size of the part that the screens draw on.
  var bodySize: Size { workspace.layout.body.size }

  /// Training has a tab where there are checkpoints.
  private var tabs: [ScreenName] {
    let hasTraining = screen == .training || workspace.trainingCheckpoints.count > 1
    return ScreenName.allCases.filter { $0 != .training || hasTraining }
  }

  var footer: Footer {
    Footer(
      current: screen, screens: tabs, bindings: bindings,
      notice: workspace.notice.flatMap { $0.isProblem ? nil : $0 },
      link: workspace.viewport.link)
  }

  private func refuse(on canvas: inout Canvas) {
    let (rows, columns) = (canvas.size.rows, canvas.size.columns)
    let (wantedColumns, wantedRows) = (Layout.smallest.columns, Layout.smallest.rows)
    let sentences = [
      "Boundaryscope needs \(wantedColumns)×\(wantedRows) cells; this is \(columns)×\(rows).",
      "Needs \(wantedColumns)×\(wantedRows), has \(columns)×\(rows).",
      "Needs \(wantedColumns)×\(wantedRows).",
      "too small", "small", "!",
    ]
    let fitting = sentences.first { Text.columns($0, canvas.appearance.glyphs) <= columns }
    canvas.put(fitting ?? "", row: rows / 2, column: 0, canvas.theme.warning)
  }

  private func ask(on canvas: inout Canvas, in area: Rectangle) {
    let running = workspace.work.jobs.count(where: { !$0.isOver })
    canvas.with(area) { part in
      part.fill(part.bounds)
      let jobs = running == 1 ? "1 job running: stop and quit" : "\(running) jobs running: stop and quit"
      part.put(
        " \(running == 0 ? "No job is running. Quit" : jobs)? q quits, any other key stays.", row: 0,
        column: 0, part.theme.warning.with(.reverse))
    }
  }
}
