internal import Drawing
internal import Experiments

/// Where the parts of the Section screen stand.
struct SectionLayout {
  var panels: [SectionScreen.Side: Rectangle] = [:]
  let readout: Rectangle

  init(_ area: Rectangle, focus: SectionScreen.Side) {
    let isComfortable = Self.holdsBoth(area)
    let (top, bottom) = area.split(top: area.rows - (area.isComfortable ? 6 : 4))
    readout = bottom
    if isComfortable {
      let (left, right) = top.split(left: top.columns / 2)
      panels = [.left: left, .right: right]
    } else {
      panels = [focus: top]
    }
  }
}

extension SectionLayout {
  /// Whether both panels have room beside each other.
  static func holdsBoth(_ area: Rectangle) -> Bool { area.rows >= 12 && area.columns >= 80 }
}

extension SectionScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard workspace.subject.isReady else {
      let inside = canvas.frame("section", in: canvas.bounds)
      return canvas.paragraph(
        "A section needs a model and an image. Press 1 to open them.", in: inside, canvas.theme.muted)
    }
    if showsSheet { return drawSheet(on: &canvas, workspace) }
    let layout = SectionLayout(canvas.bounds, focus: focus)
    let maps = heatmaps(workspace)
    for (side, area) in layout.panels { drawPanel(side, maps[side], on: &canvas, in: area, workspace) }
    let fields = maps.mapValues(\.field)
    canvas.draw(SectionReadout(screen: self, workspace: workspace, fields: fields), in: layout.readout)
  }

  func figure(_ workspace: Workspace) -> FigureScene? {
    let maps = heatmaps(workspace)
    let scenes = Side.allCases.compactMap { side -> FigureScene? in
      guard var map = maps[side] else { return nil }
      map.cursor = nil
      return .titled(title(side, workspace), note: "", .one(map))
    }
    return scenes.isEmpty ? nil : .columns(scenes)
  }

  /// The two pictures, on one scale.
  func heatmaps(_ workspace: Workspace) -> [Side: Heatmap] {
    var maps: [Side: Heatmap] = [:]
    for side in Side.allCases {
      maps[side] = outcome(side, workspace).flatMap { heatmap($0, direction(side), workspace) }
    }
    let limit = Self.limit(maps.mapValues(\.field))
    return maps.mapValues { map in
      var map = map
      map.limit = limit
      return map
    }
  }

  /// The margin at the ends of the common colour scale; nil takes each picture's own.
  static func limit(_ fields: [Side: Field]) -> Float? {
    let limit = fields.values.map(\.typicalMagnitude).max() ?? 0
    return limit > 0 ? Float(Number.rounded(Double(limit), digits: 2)) : nil
  }

  private func heatmap(_ outcome: SectionMap.Outcome, _ direction: DirectionChoice, _ workspace: Workspace)
    -> Heatmap?
  {
    let names = (0..<max(1, workspace.subject.model?.classCount ?? 0)).map(workspace.subject.className)
    var map = Heatmap(outcome, classNames: names, mode: mode, showsCircle: showsCircle, showsDisk: showsDisk)
    map?.horizontal = "s along \(direction.shortName), px"
    map?.cursor = cursor(workspace)
    return map
  }

  private func drawPanel(
    _ side: Side, _ map: Heatmap?, on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace
  ) {
    let isActive = focus == side
    let note = outcome(side, workspace).map { outcome in
      let (known, total) = outcome.progress
      if known == 0 { return "the previous picture" }
      return known < total ? "computed \(known) of \(total)" : "\(total) points"
    }
    let inside = canvas.frame(
      title(side, workspace), note: note ?? "", isActive: isActive, in: area)
    if let map {
      canvas.draw(map, in: inside)
    } else {
      canvas.with(inside) { drawWaiting(side, on: &$0, workspace) }
    }
  }
}

// MARK: The cursor

extension SectionScreen {
  /// Where the cursor stands: where it was put, else on z.
  func cursor(_ workspace: Workspace) -> PlanePoint {
    if let chosenCursor { return chosenCursor }
    let norm = workspace.perturbation(of: workspace.subject.image).flatMap { $0.isFooled ? $0.norm : nil }
    return PlanePoint(s: 0, t: Float(norm ?? 0))
  }

  /// The cells that show the plane in a panel of this screen.
  private func plot(_ side: Side, _ workspace: Workspace) -> PlotArea? {
    let body = workspace.layout.body
    let area = Rectangle(row: 0, column: 0, rows: body.rows, columns: body.columns)
    guard let panel = SectionLayout(area, focus: focus).panels[side],
      let map = heatmaps(workspace)[side]
    else { return nil }
    return map.plotArea(in: Frame.interior(of: panel), appearance: workspace.viewport.appearance)
  }

  mutating func move(rows: Int, columns: Int, _ workspace: Workspace) {
    let reach = Float(extent(workspace))
    let plot = plot(focus, workspace) ?? plot(focus == .left ? .right : .left, workspace)
    move(
      rows: rows, columns: columns, step: plot?.step ?? PlanePoint(s: reach / 20, t: reach / 10), workspace)
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    switch mouse.action {
    case .wheelUp: zoom(by: 1)
    case .wheelDown: zoom(by: -1)
    case .press where showsSheet:
      if let image = sheetImage(row: mouse.row, column: mouse.column, in: area, workspace) {
        workspace.subject.select(image: image)
      }
    case .press, .drag:
      guard mouse.button == .left else { return [] }
      for side in Side.allCases {
        guard let point = plot(side, workspace)?.point(row: mouse.row, column: mouse.column) else { continue }
        focus = side
        chosenCursor = point
        return []
      }
      let layout = SectionLayout(area, focus: focus)
      if let hit = layout.panels.first(where: { $0.value.contains(row: mouse.row, column: mouse.column) }) {
        focus = hit.key
      }
    case .release: break
    }
    return []
  }
}
