internal import Drawing
internal import Experiments
internal import Jobs

/// The contact sheet of the Section screen: sections through many images on one scale, the left direction above and
/// the right one below, as figures 5 and 6 of the ICLR 2018 paper show them.
extension SectionScreen {
  /// The page of images that holds the selected one.
  func sheetImages(_ workspace: Workspace) -> Range<Int> {
    let perPage = SheetLayout(workspace.layout.body.size).perPage
    let start = workspace.subject.image / perPage * perPage
    return start..<min(workspace.subject.count, start + perPage)
  }

  /// One plane for all, so that pictures compare: beyond the universal norm, then as zoomed.
  func sheetExtent(_ workspace: Workspace) -> Double {
    zoomed(1.25 * workspace.parameters.radius)
  }

  func sheetQuestion(_ side: Side, _ image: Int, _ workspace: Workspace) -> Question<SectionMap>? {
    section(
      side, of: image, extent: sheetExtent(workspace), resolution: min(32, workspace.fineness), workspace)
  }

  /// Both sides of an image before the next image, the one that is looked at first.
  func sheetRequests(_ workspace: Workspace) -> [(image: Int, side: Side, request: Request)] {
    let images = sheetImages(workspace)
    let order =
      [workspace.subject.image].filter(images.contains) + images.filter { $0 != workspace.subject.image }
    return order.flatMap { image in
      Side.allCases.compactMap { side in
        sheetQuestion(side, image, workspace).map { (image: image, side: side, request: $0.request) }
      }
    }
  }

  func sheetOutcome(_ side: Side, _ image: Int, _ workspace: Workspace) -> SectionMap.Outcome? {
    workspace.work.findings.known(sheetQuestion(side, image, workspace))
  }

  func drawSheet(on canvas: inout Canvas, _ workspace: Workspace) {
    let images = sheetImages(workspace)
    let layout = SheetLayout(canvas.size)
    var maps: [Side: [Int: Heatmap]] = [:]
    for side in Side.allCases {
      for image in images { maps[side, default: [:]][image] = sheetMap(side, image, workspace) }
    }
    let limit = maps.values.flatMap(\.values).map(\.field.typicalMagnitude).max() ?? 0
    for side in Side.allCases {
      canvas.frame(
        title(side, workspace), note: "images \(images.lowerBound)–\(images.upperBound - 1)",
        isActive: side == .left, in: layout.panel(side))
      for image in images {
        let cell = layout.cell(image - images.lowerBound, side)
        drawCell(side, of: image, maps[side]?[image], limit: limit, on: &canvas, in: cell, workspace)
      }
    }
    canvas.put(sheetRemark(workspace, limit), row: layout.remark.row, column: 1, canvas.theme.muted)
  }

  private func sheetRemark(_ workspace: Workspace, _ limit: Float) -> String {
    let extent = Number.short(sheetExtent(workspace))
    let scale = Number.short(Double(limit), digits: 2)
    return "every plane ±\(extent) px, s to the right, t upwards"
      + (mode == .margin ? " · one scale ±\(scale) logits" : "") + " · κ at z in 1/px"
  }

  private func sheetMap(_ side: Side, _ image: Int, _ workspace: Workspace) -> Heatmap? {
    guard let outcome = sheetOutcome(side, image, workspace) else { return nil }
    let names = (0..<max(1, workspace.subject.model?.classCount ?? 0)).map(workspace.subject.className)
    var map = Heatmap(outcome, classNames: names, mode: mode, showsCircle: showsCircle, showsDisk: showsDisk)
    map?.showsAxes = false
    map?.showsLegend = false
    return map
  }

  private func drawCell(
    _ side: Side, of image: Int, _ map: Heatmap?, limit: Float, on canvas: inout Canvas, in area: Rectangle,
    _ workspace: Workspace
  ) {
    let (plot, caption) = area.split(top: area.rows - 1)
    if var map {
      map.limit = limit > 0 ? limit : nil
      canvas.draw(map, in: plot)
    } else {
      let request = sheetQuestion(side, image, workspace)?.request
      let text = workspace.work.findings[failure: request] ?? sheetWaiting(side, workspace)
      canvas.paragraph(text, in: plot, canvas.theme.muted)
    }
    let label = workspace.label(of: image)?.name ?? ""
    let kappa =
      sheetOutcome(side, image, workspace).flatMap(\.planeCurvature).map { "κ " + Number.signed($0, 2) } ?? ""
    let isSelected = image == workspace.subject.image
    let look = isSelected ? canvas.theme.selection : .plain
    if isSelected { canvas.fill(caption, with: Cell(" ", style: .reverse)) }
    let room = caption.columns - Text.columns(kappa, canvas.appearance.glyphs)
    canvas.put("\(image) \(label)", row: caption.row, column: caption.column, look, width: max(0, room - 1))
    canvas.put(kappa, row: caption.row, column: caption.column + max(0, room), look)
  }

  private func sheetWaiting(_ side: Side, _ workspace: Workspace) -> String {
    guard let learning = learning(side, workspace), workspace.work.findings[learning] == nil else {
      return "…"
    }
    if let reason = workspace.work.findings[failure: learning] { return reason }
    let fraction = workspace.work.job(of: learning)?.progress?.fraction
    return "learning v " + (fraction.map { Number.percent($0) } ?? "…")
  }

  /// The image at a cell of the screen.
  func sheetImage(row: Int, column: Int, in area: Rectangle, _ workspace: Workspace) -> Int? {
    let (layout, images) = (SheetLayout(area.size), sheetImages(workspace))
    return images.first { image in
      Side.allCases.contains {
        layout.cell(image - images.lowerBound, $0).contains(row: row, column: column)
      }
    }
  }
}
