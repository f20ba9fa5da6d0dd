internal import Drawing
internal import Experiments
internal import Networks

// What the Section screen asks for.
extension SectionScreen {
  /// How far the plane reaches: beyond the boundary point and the universal norm, then as zoomed.
  func extent(_ workspace: Workspace) -> Double { zoomed(workspace.planeExtent) }

  /// An extent as zoomed.
  func zoomed(_ extent: Double) -> Double {
    var extent = extent
    if !extent.isFinite || extent <= 0 { extent = 1 }
    // Halves and doubles are exact, so that planes have points in common.
    extent = Number.rounded(extent, digits: 3)
    for _ in 0..<abs(zoom) { extent *= zoom > 0 ? 0.5 : 2 }
    return extent
  }

  /// Points a side: about as many as a panel shows; odd, so that every other point stays where the scale doubles.
  func resolution(_ workspace: Workspace) -> Int {
    let columns = workspace.viewport.size.columns
    return min(workspace.fineness, columns >= 180 ? 97 : columns >= 110 ? 65 : 49)
  }

  func question(_ side: Side, _ workspace: Workspace) -> Question<SectionMap>? {
    section(
      side, of: workspace.subject.image, extent: extent(workspace), resolution: resolution(workspace),
      shift: shift.columns == 0 && shift.rows == 0 ? nil : shift, workspace)
  }

  /// The section of an image along a side's direction; nil while that is not known.
  func section(
    _ side: Side, of image: Int, extent: Double, resolution: Int, shift: SectionMap.Shift? = nil,
    _ workspace: Workspace
  ) -> Question<SectionMap>? {
    guard let along = workspace.direction(direction(side)) else { return nil }
    let judge = side == .right ? compared(workspace)?.parameter : nil
    return workspace.ask(
      SectionMap(
        index: 0, along: along, extent: extent, width: resolution, height: resolution,
        product: workspace.tellingCurvature.product, shift: shift, judge: judge),
      workspace.selection(along.directions, image: image))
  }

  /// The request whose finding holds the direction; nil where it need not be learnt.
  func learning(_ side: Side, _ workspace: Workspace) -> Request? { workspace.learning(direction(side)) }

  /// Directions still to be learnt.
  func learns(_ workspace: Workspace) -> [Request] {
    guard workspace.isRadiusSettled else { return [] }
    return Side.allCases.compactMap { learning($0, workspace) }
  }

  /// The coarse pictures first, of both sides in turns; then the directions that are still to be learnt, then what
  /// refines the pictures, in turns again.
  func wants(_ workspace: Workspace) -> [[Request]] {
    guard workspace.isRadiusSettled else { return [] }
    let pictures = workspace.isAnchored(workspace.subject.image) ? pictures(of: workspace) : []
    return [pictures.filter { !isCoarseKnown($0, workspace) }, learns(workspace), pictures]
  }

  func awaits(_ workspace: Workspace) -> [Request] {
    let pictures =
      showsSheet
      ? sheetRequests(workspace).map(\.request)
      : Side.allCases.compactMap { question($0, workspace)?.request }
    return learns(workspace) + pictures
  }

  /// Whether a section has its coarse grid: no cell of it stands far from one that is known.
  private func isCoarseKnown(_ request: Request, _ workspace: Workspace) -> Bool {
    guard workspace.work.findings[request] == nil else { return true }
    let known = workspace.work.findings.known(request)?.of(SectionMap.self)
    return known?.isKnown(side: workspace.subject.coarseSide) ?? false
  }

  private func pictures(of workspace: Workspace) -> [Request] {
    let learnt = Side.allCases.filter { side in
      learning(side, workspace).map { workspace.work.findings[$0] != nil } ?? true
    }
    if showsSheet {
      return sheetRequests(workspace).filter { learnt.contains($0.side) }.map(\.request)
    }
    return learnt.compactMap { question($0, workspace)?.request }
  }

  /// What failed or was cancelled of all that the screen needs.
  func failed(_ workspace: Workspace) -> [Request] {
    let all =
      Side.allCases.flatMap { [learning($0, workspace), question($0, workspace)?.request] }
      + [workspace.robustness(of: workspace.subject.image)?.request]
    return all.compactMap { $0 }.filter { workspace.work.findings.failures[$0] != nil }
  }

  /// What is known of a side's section; until a new picture is whole, with what earlier ones of the same plane tell:
  /// points in common are known, others are guesses and marked so.
  func outcome(_ side: Side, _ workspace: Workspace) -> SectionMap.Outcome? {
    guard let question = question(side, workspace) else { return nil }
    guard let own = workspace.work.findings.known(question) else {
      return workspace.work.findings.section(like: question)
    }
    guard workspace.work.findings.isPartial(question.request) else { return own }
    return workspace.work.findings.section(like: question)?.overlaid(with: own) ?? own
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    if showsSheet {
      return sheetRequests(workspace).map {
        (name: "\($0.image)-\($0.side == .left ? "above" : "below")", request: $0.request)
      }
    }
    return Side.allCases.compactMap { side in
      question(side, workspace).map { (name: side == .left ? "left" : "right", request: $0.request) }
    }
  }
}

extension SectionMap: Study {
  static var screen: ScreenName { .section }
  static var isQuick: Bool { true }

  func title(_ selection: Selection) -> String { "section \(selection.looked), \(along.name)" }

  func numbers(_ selection: Selection) -> String {
    "Image \(selection.looked), \(along.name), extent ±\(Number.short(reach)) px, \(width)×\(height) points."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.subject.select(image: selection.looked)
    workspace.take(along.directions)
    return .go(to: .section, along: workspace.choice(along))
  }
}
