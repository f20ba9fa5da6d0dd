internal import Drawing
internal import Experiments

extension PickScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    let layout = PickLayout(canvas.bounds, focus: focus)
    if let area = layout.panels[.models] { drawModels(on: &canvas, in: area, workspace) }
    if let area = layout.panels[.sets] { drawSets(on: &canvas, in: area, workspace) }
    if let area = layout.panels[.images] { drawImages(on: &canvas, in: area, workspace) }
    guard let area = layout.details else { return }
    if showsReadings(workspace), let outcome = judgement(workspace) {
      canvas.draw(ReadingsPanel(outcome: outcome), in: area)
    } else {
      canvas.draw(ImageDetails(workspace: workspace), in: area)
    }
  }

  /// The part of the models' panel that the table fills; the rest describes the selected model.
  func modelsArea(_ inside: Rectangle) -> Rectangle {
    inside.split(top: inside.rows - (inside.rows >= 12 ? 3 : inside.rows >= 5 ? 2 : 0)).top
  }

  func modelTable(_ workspace: Workspace) -> Table {
    let listed = listed(workspace)
    var looks: [Int: Look] = [:]
    for (i, entry) in listed.enumerated() where entry.problem != nil {
      looks[i] = Theme(workspace.viewport.appearance).muted
    }
    return Table(
      [
        Table.Column(""), Table.Column("model", isFlexible: true, cut: .middle), Table.Column("data set"),
        Table.Column("accuracy", alignment: .trailing), Table.Column("size", alignment: .trailing),
        Table.Column("kind"),
      ],
      rows: listed.map { row($0, workspace) }, selection: listed.isEmpty ? nil : selectedModel,
      looks: looks)
  }

  private func row(_ entry: ModelEntry, _ workspace: Workspace) -> [String] {
    let isOpen = workspace.subject.model?.entry.path == entry.path
    let isOpening =
      workspace.openings.pending.contains(.model(entry.path)) || workspace.others[entry.path]?.isAsked == true
    let isCompared = workspace.others.compared.contains(entry.path)
    let mark = entry.problem != nil ? "!" : isOpen ? "●" : isOpening ? "…" : isCompared ? "≡" : " "
    return [
      mark, entry.name,
      entry.dataSet.isEmpty && workspace.catalogue.openedModels.contains { $0.path == entry.path }
        ? "yours" : entry.dataSet,
      entry.accuracy.map { Number.percent($0, 1) } ?? "–", entry.bytes.map(Self.size) ?? "–",
      entry.smoothness.map { $0 == .smooth ? "smooth" : "pw linear" } ?? "–",
    ]
  }

  private static func size(_ bytes: Int) -> String {
    let value = Double(bytes)
    if value < 1e3 { return "\(bytes) B" }
    if value < 1e6 { return Number.short(value / 1e3, digits: 2) + " kB" }
    return Number.short(value / 1e6, digits: 2) + " MB"
  }

  private func drawModels(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let listed = listed(workspace)
    let count =
      filter.isEmpty
      ? "\(listed.count)" : "\(listed.count) of \(workspace.catalogue.models.count), “\(filter)”"
    let inside = canvas.frame("models", note: count, isActive: focus == .models, in: area)
    if listed.isEmpty {
      let hint =
        filter.isEmpty
        ? "No models listed. Press o and give the path of an .onnx file."
        : "No model matches “\(filter)”. Esc shows all."
      canvas.paragraph(hint, in: inside, canvas.theme.muted)
      return
    }
    let table = modelsArea(inside)
    canvas.draw(modelTable(workspace), in: table)
    var (_, below) = inside.split(top: table.rows)
    guard below.rows > 0, let entry = model(workspace) else { return }
    if entry.path == workspace.subject.model?.entry.path, let offer = workspace.reportOffer {
      let (line, rest) = below.split(top: 1)
      canvas.put(
        [("\(ScreenName.report.rawValue)", canvas.theme.key), (" " + offer, .plain)], row: line.row,
        column: line.column, width: line.columns)
      below = rest
    }
    if let problem = entry.problem {
      canvas.paragraph("Cannot be used: " + problem, in: below, canvas.theme.bad)
    } else {
      canvas.paragraph(describe(entry, workspace), in: below, canvas.theme.muted)
    }
  }

  private func describe(_ entry: ModelEntry, _ workspace: Workspace) -> String {
    let missing = workspace.missingSet(of: entry)?.installation.map {
      "Its images are not installed: \($0.command) fetches them (\($0.size)), or Enter on \($0.name) among the sets. "
    }
    let kind = entry.smoothness.map {
      $0 == .smooth ? "Smooth. " : "Piecewise linear (pw): exact Hessians vanish, secants do not. "
    }
    let operators =
      entry.operators.isEmpty ? "" : "Operators: " + entry.operators.joined(separator: " ") + ". "
    let pixels = entry.pixels.map { "Pixels \($0). " }
    return (missing ?? "") + (pixels ?? "") + (entry.remark.map { $0 + " " } ?? "") + (kind ?? "") + operators
  }

  func setTable(_ workspace: Workspace) -> Table {
    var looks: [Int: Look] = [:]
    for (i, set) in workspace.catalogue.sets.enumerated() where set.installation != nil || set.problem != nil
    {
      looks[i] = Theme(workspace.viewport.appearance).muted
    }
    return Table(
      [
        Table.Column(""), Table.Column("images", isFlexible: true), Table.Column("state"),
        Table.Column("count", alignment: .trailing),
      ],
      rows: workspace.catalogue.sets.map {
        row($0, workspace, isShort: workspace.viewport.size.columns < 110)
      },
      selection: workspace.catalogue.sets.isEmpty ? nil : selectedSet,
      looks: looks)
  }

  /// Short, the arrow alone says that a set is to be fetched.
  private func row(_ set: SetEntry, _ workspace: Workspace, isShort: Bool) -> [String] {
    let isOpen = workspace.subject.images?.spec == set.spec
    let count = isOpen ? workspace.subject.count : set.count
    let state: String
    if let missing = set.installation {
      state =
        if case .running(missing.name, let phase, let share) = workspace.catalogue.installing {
          "\(phase) \(Number.percent(share, 0))"
        } else {
          isShort ? missing.size : "to fetch, \(missing.size)"
        }
    } else {
      state = set.remark ?? ""
    }
    let mark = set.problem != nil ? "!" : isOpen ? "●" : set.installation != nil ? "↓" : " "
    return [mark, set.name, state, count.map { "\($0)" } ?? "–"]
  }

  private func drawSets(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      "sets of images", note: "\(workspace.catalogue.sets.count)", isActive: focus == .sets, in: area)
    if workspace.catalogue.sets.isEmpty {
      canvas.paragraph(
        "None listed. Press i and give a file, a folder or a data set.", in: inside, canvas.theme.muted)
      return
    }
    canvas.draw(setTable(workspace), in: inside)
  }

  private func drawImages(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let note =
      workspace.subject.count > 0 ? "\(workspace.subject.image) of 0–\(workspace.subject.count - 1)" : ""
    let title = workspace.subject.images.map { "images: \($0.name)" } ?? "images"
    let inside = canvas.frame(title, note: note, isActive: focus == .images, in: area)
    guard workspace.subject.count > 0 else {
      let hint =
        workspace.openings.pending.isEmpty
        ? "No images yet. Choose a set (Tab, Enter) or press i for a file or folder."
        : "Opening \(workspace.openings.pending.map(\.name).sorted().joined(separator: ", ")) …"
      return canvas.paragraph(hint, in: inside, canvas.theme.muted)
    }
    let grid = ThumbnailGrid(
      inside, count: workspace.subject.count, selected: workspace.subject.image, top: topLine)
    for image in grid.visible { drawThumbnail(image, on: &canvas, in: grid.cell(of: image), workspace) }
  }

  private func drawThumbnail(
    _ image: Int, on canvas: inout Canvas, in cell: Rectangle, _ workspace: Workspace
  ) {
    let (picture, caption) = cell.split(top: cell.rows - 1)
    let frame = Rectangle(
      row: picture.row, column: picture.column, rows: picture.rows, columns: cell.columns - 1)
    if let thumbnail = workspace.thumbnails[image] {
      canvas.draw(CellPicture(thumbnail), in: frame)
    } else {
      canvas.put(
        workspace.thumbnails.isBroken(image) ? "✗" : "…", row: frame.row + frame.rows / 2,
        column: frame.column + frame.columns / 2, canvas.theme.muted)
    }
    let isSelected = image == workspace.subject.image
    let label = workspace.label(of: image)
    let isWrong = label?.truth.map { $0 != label?.label } ?? false
    let mark = isWrong ? "✗" : ""
    let name = label.map { "\(image) \(mark)\($0.name)" } ?? "\(image)"
    // Cut short, the probability is no number.
    let full = label.map { "\(name) \(Self.probability($0.probability))" } ?? name
    let text = Text.columns(full, canvas.appearance.glyphs) <= caption.columns ? full : name
    let look = isSelected ? canvas.theme.selection : isWrong ? canvas.theme.warning : .plain
    if isSelected { canvas.fill(caption, with: Cell(" ", style: .reverse)) }
    canvas.put(text, row: caption.row, column: caption.column, look, width: caption.columns)
  }

  /// Two digits after the point, without the nought before it.
  private static func probability(_ p: Double) -> String {
    let text = Number.fixed(p, 2)
    return text.hasPrefix("0") ? String(text.dropFirst()) : text
  }
}

extension Canvas {
  /// Text broken into the lines of an area; what does not fit is cut.
  mutating func paragraph(_ text: String, in area: Rectangle, _ look: Look = .plain) {
    let lines = Text.wrapped(text, to: area.columns, appearance.glyphs)
    for (i, line) in lines.prefix(area.rows).enumerated() {
      let isCut = i == area.rows - 1 && lines.count > area.rows
      put(isCut ? line + " …" : line, row: area.row + i, column: area.column, look, width: area.columns)
    }
  }
}
