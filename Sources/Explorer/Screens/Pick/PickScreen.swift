internal import Drawing

/// Screen 1: which model, which images, and what is known about the image that is looked at.
struct PickScreen: Screen {
  static let name = ScreenName.pick

  enum Panel: Int, CaseIterable, Sendable { case models, sets, images }

  var focus = Panel.models
  var selectedModel = 0
  var selectedSet = 0
  /// Only models whose name or data set holds this are listed.
  var filter = ""
  /// Whether the table of readings of pixels is shown; nil shows it where pixels are suspect.
  var chosenReadings: Bool?
  /// The line of images that stands first.
  var topLine = 0

  /// The models listed, with their places in the library.
  func listed(_ workspace: Workspace) -> [ModelEntry] {
    let words = filter.lowercased().split(separator: " ")
    return workspace.catalogue.models.filter { entry in
      let text = "\(entry.name) \(entry.dataSet) \(entry.path)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  func model(_ workspace: Workspace) -> ModelEntry? {
    let listed = listed(workspace)
    return listed.indices.contains(selectedModel) ? listed[selectedModel] : nil
  }

  mutating func libraryChanged(_ workspace: Workspace) {
    if let model = workspace.subject.model, focus != .models { opened(model, workspace) }
    selectedModel = min(selectedModel, max(0, listed(workspace).count - 1))
    selectedSet = min(selectedSet, max(0, workspace.catalogue.sets.count - 1))
  }

  /// Puts the selection on what was opened, where it is listed.
  mutating func opened(_ model: OpenedModel, _ workspace: Workspace) {
    selectedModel = listed(workspace).firstIndex { $0.path == model.entry.path } ?? selectedModel
  }

  mutating func opened(_ images: OpenedImages, _ workspace: Workspace) {
    selectedSet = workspace.catalogue.sets.firstIndex { $0.spec == images.spec } ?? selectedSet
  }

  mutating func imagesChanged() {
    chosenReadings = nil
    topLine = 0
    focus = .images
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    var all: [Binding] = []
    switch focus {
    case .models: all += Binding.rows("choose", "Choose a model") + Binding.pages("Models")
    case .sets: all += Binding.rows("choose", "Choose a set of images") + Binding.pages("Sets")
    case .images: all += Binding.arrows("choose", "Choose an image") + Binding.pages("Images")
    }
    let enter = focus == .images ? "Show the section through this image" : "Open the selected entry"
    if canEnter(workspace) {
      all.append(
        Binding([.enter], shown: "Enter", label: focus == .images ? "section" : "open", .enter, enter))
    }
    if focus == .models, workspace.subject.isReady, let model = model(workspace),
      model.path != workspace.subject.model?.entry.path
    {
      let isCompared = workspace.others.compared.contains(model.path)
      all.append(
        Binding(
          [.character("c")], shown: "c", label: isCompared ? "leave out" : "compare", .compareSelected,
          "Compare the selected model with the open one, or leave it out"))
    }
    all += readingBindings(workspace)
    all += [
      Binding([.tab], shown: "Tab", label: "next panel", .focus(1), "Next panel: models, sets, images"),
      Binding([.backTab], .focus(-1), "Previous panel"),
      Binding(
        [.character("/")], shown: "/", label: "filter", .filter,
        "Filter the models by name or data set"),
      Binding(
        [.character("o")], shown: "o", label: "open model file", .openModel, "Open a model by path"),
      Binding(
        [.character("i")], shown: "i", label: "open images", .openImages,
        "Open images by path or set name"),
    ]
    return all
  }

  private func canEnter(_ workspace: Workspace) -> Bool {
    switch focus {
    case .models: model(workspace) != nil
    case .sets: workspace.catalogue.sets.indices.contains(selectedSet)
    case .images: workspace.subject.isReady
    }
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .move(let rows, let columns): move(rows: rows, columns: columns, &workspace)
    case .page(let pages): page(pages, &workspace)
    case .first: jump(to: 0, &workspace)
    case .last: jump(to: .max, &workspace)
    case .focus(let steps):
      let count = Panel.allCases.count
      focus = Panel(rawValue: ((focus.rawValue + steps) % count + count) % count) ?? .models
    case .filter:
      focus = .models
      return .ask(Prompt(.filter, text: filter))
    case .enter: return enter(&workspace)
    case .compareSelected: return compareSelected(&workspace)
    case .toggleReadings:
      let isShown = showsReadings(workspace)
      chosenReadings = !isShown
      guard !isShown, let question = workspace.judgement else { break }
      return Sequel(workspace.work.run(question.request, isAsked: true))
    case .takeReading: return take(workspace, isKept: false)
    case .keepReading: return take(workspace, isKept: true)
    case .back: if !filter.isEmpty { setFilter("", workspace) }
    default: break
    }
    return []
  }

  mutating func answer(_ text: String, to prompt: Prompt.Kind, _ workspace: inout Workspace) -> Sequel {
    if prompt == .filter { setFilter(text, workspace) }
    return []
  }

  private mutating func setFilter(_ text: String, _ workspace: Workspace) {
    filter = text
    selectedModel = min(selectedModel, max(0, listed(workspace).count - 1))
  }

  private func compareSelected(_ workspace: inout Workspace) -> Sequel {
    guard let model = model(workspace) else { return [] }
    if workspace.others.compared.contains(model.path) {
      workspace.others.leaveOut(model.path)
      return []
    }
    return Sequel(workspace.compare(with: model.path))
  }

  private mutating func enter(_ workspace: inout Workspace) -> Sequel {
    switch focus {
    case .models:
      guard let model = model(workspace) else { return [] }
      if let problem = model.problem {
        workspace.say(problem, problem: true)
        return []
      }
      return Sequel(workspace.open(model: model.path))
    case .sets:
      guard workspace.catalogue.sets.indices.contains(selectedSet) else { return [] }
      let set = workspace.catalogue.sets[selectedSet]
      if let problem = set.problem {
        workspace.say(problem, problem: true)
        return []
      }
      return Sequel(set.installation != nil ? workspace.install(set) : workspace.open(images: set.spec))
    case .images:
      return workspace.subject.isReady ? .go(to: .section) : []
    }
  }
}

// MARK: Moving about

extension PickScreen {
  mutating func move(rows: Int, columns: Int, _ workspace: inout Workspace) {
    switch focus {
    case .models: selectedModel = min(max(0, selectedModel + rows), max(0, listed(workspace).count - 1))
    case .sets: selectedSet = min(max(0, selectedSet + rows), max(0, workspace.catalogue.sets.count - 1))
    case .images:
      let grid = grid(workspace)
      workspace.subject.select(image: workspace.subject.image + columns + rows * max(1, grid.perLine))
    }
  }

  private mutating func page(_ pages: Int, _ workspace: inout Workspace) {
    if focus == .images {
      workspace.subject.select(image: workspace.subject.image + pages * max(1, grid(workspace).capacity))
    } else {
      move(rows: pages * 10, columns: 0, &workspace)
    }
  }

  private mutating func jump(to place: Int, _ workspace: inout Workspace) {
    switch focus {
    case .models: selectedModel = min(place, max(0, listed(workspace).count - 1))
    case .sets: selectedSet = min(place, max(0, workspace.catalogue.sets.count - 1))
    case .images: workspace.subject.select(image: place)
    }
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    let layout = PickLayout(area, focus: focus)
    let (row, column) = (mouse.row, mouse.column)
    guard let (panel, place) = layout.panels.first(where: { $0.value.contains(row: row, column: column) })
    else { return [] }
    switch mouse.action {
    case .wheelUp, .wheelDown:
      focus = panel
      move(rows: mouse.action == .wheelUp ? -1 : 1, columns: 0, &workspace)
    case .press where mouse.button == .left:
      focus = panel
      return click(row: row, column: column, in: place, &workspace)
    default: break
    }
    return []
  }

  /// Selects what is clicked; a click on what is selected opens it.
  private mutating func click(
    row: Int, column: Int, in place: Rectangle, _ workspace: inout Workspace
  ) -> Sequel {
    let inside = Frame.interior(of: place)
    switch focus {
    case .models:
      let area = modelsArea(inside)
      guard let index = modelTable(workspace).row(at: row - area.row, lines: area.rows) else { return [] }
      if index == selectedModel { return enter(&workspace) }
      selectedModel = index
    case .sets:
      guard let index = setTable(workspace).row(at: row - inside.row, lines: inside.rows) else { return [] }
      if index == selectedSet { return enter(&workspace) }
      selectedSet = index
    case .images:
      guard let index = grid(workspace).image(row: row, column: column), index < workspace.subject.count
      else { return [] }
      if index == workspace.subject.image { return enter(&workspace) }
      workspace.subject.select(image: index)
    }
    return []
  }
}

// MARK: What it needs

extension PickScreen {
  func grid(_ workspace: Workspace) -> ThumbnailGrid {
    let layout = workspace.layout
    let area = Rectangle(row: 0, column: 0, rows: layout.body.rows, columns: layout.body.columns)
    let panel =
      PickLayout(area, focus: focus).panels[.images] ?? Rectangle(row: 0, column: 0, rows: 0, columns: 0)
    return ThumbnailGrid(
      Frame.interior(of: panel), count: workspace.subject.count, selected: workspace.subject.image,
      top: topLine)
  }

  /// The areas that the pictures of an image are drawn in.
  func pictureAreas(_ workspace: Workspace) -> [Size] {
    let body = workspace.layout.body
    let area = Rectangle(row: 0, column: 0, rows: body.rows, columns: body.columns)
    let cell = grid(workspace).cell(of: 0)
    let details = PickLayout(area, focus: focus).details.map { [ImageDetails.pictureArea($0)] } ?? []
    return [Size(rows: cell.rows - 1, columns: cell.columns - 1)] + details
  }

  func wants(_ workspace: Workspace) -> [[Request]] {
    let visible = grid(workspace).visible
    guard !visible.isEmpty else { return [] }
    let portions = visible.lowerBound / Workspace.portion...(visible.upperBound - 1) / Workspace.portion
    let labels = portions.compactMap {
      workspace.classification(of: $0 * Workspace.portion).map { [$0.request] }
    }
    guard !workspace.isDear, let question = workspace.judgement else { return labels }
    return labels + [[question.request]]
  }

  /// Scrolls as little as keeps the selected image in sight.
  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command] {
    topLine = grid(workspace).firstLine
    return []
  }

  /// Pictures in sight; the selected image's where no other is.
  func pictures(_ workspace: Workspace) -> Range<Int> {
    guard workspace.subject.count > 0 else { return 0..<0 }
    let visible = grid(workspace).visible
    return visible.contains(workspace.subject.image)
      ? visible : workspace.subject.image..<workspace.subject.image + 1
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    [
      workspace.classification(of: workspace.subject.image).map { (name: "labels", request: $0.request) },
      workspace.robustness(of: workspace.subject.image).map { (name: "perturbation", request: $0.request) },
    ].compactMap { $0 }
  }
}
