internal import Drawing
internal import Experiments
internal import Networks

// What the Section screen asks for.
extension SectionScreen {
  /// How far the plane reaches: beyond the boundary point and the universal norm, then as zoomed.
  func extent(_ workspace: Workspace) -> Double {
    let norm = workspace.perturbation(of: workspace.image).flatMap { $0.isFooled ? $0.norm : nil } ?? 0
    return zoomed(max(3 * norm, 1.25 * workspace.parameters.radius))
  }

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
    let columns = workspace.size.columns
    return columns >= 180 ? 97 : columns >= 110 ? 65 : 49
  }

  func request(_ side: Side, _ workspace: Workspace) -> Request? {
    workspace.request(
      .section(
        SectionRequest(
          image: workspace.image, direction: direction(side), extent: extent(workspace),
          resolution: resolution(workspace), product: workspace.tellingCurvature.product,
          learning: workspace.learning(direction(side)),
          shift: shift.columns == 0 && shift.rows == 0 ? nil : shift, judge: judge(side))))
  }

  /// Whose margin a side shows; nil for the open model's.
  func judge(_ side: Side) -> String? { side == .right ? comparedWith : nil }

  /// The request whose finding holds the direction; nil where it need not be learnt.
  func learning(_ side: Side, _ workspace: Workspace) -> Request? {
    workspace.learning(direction(side)).flatMap { workspace.request($0.analysis) }
  }

  /// Directions still to be learnt.
  func learns(_ workspace: Workspace) -> [Request] {
    guard workspace.isRadiusSettled else { return [] }
    return Side.allCases.compactMap { learning($0, workspace) }
  }

  /// Whether the way to the boundary is known, or known not to be.
  func isAnchored(_ workspace: Workspace) -> Bool {
    guard let request = workspace.perturbationRequest(of: workspace.image) else { return false }
    return workspace.findings[request] != nil || workspace.findings.failures[request] != nil
  }

  func wants(_ workspace: Workspace) -> [Request] {
    guard workspace.isRadiusSettled, isAnchored(workspace) else { return [] }
    let learnt = Side.allCases.filter { side in
      learning(side, workspace).map { workspace.findings[$0] != nil } ?? true
    }
    if showsSheet {
      return sheetRequests(workspace).filter { learnt.contains($0.side) }.map(\.request)
    }
    return learnt.compactMap { request($0, workspace) }
  }

  /// What failed or was cancelled of all that the screen needs.
  func failed(_ workspace: Workspace) -> [Request] {
    let all =
      Side.allCases.flatMap { [learning($0, workspace), request($0, workspace)] }
      + [workspace.perturbationRequest(of: workspace.image)]
    return all.compactMap { $0 }.filter { workspace.findings.failures[$0] != nil }
  }

  /// What is known of a side's section; until a new picture is whole, with what earlier ones of the same plane tell:
  /// points in common are known, others are guesses and marked so.
  func outcome(_ side: Side, _ workspace: Workspace) -> SectionMap.Outcome? {
    guard let request = request(side, workspace), case .section(let wanted) = request.analysis else {
      return nil
    }
    guard case .section(let own)? = workspace.findings.known(request) else {
      return workspace.findings.section(like: request, wanted)
    }
    guard workspace.findings.isPartial(request) else { return own }
    return workspace.findings.section(like: request, wanted)?.overlaid(with: own) ?? own
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    if showsSheet {
      return sheetRequests(workspace).map {
        (name: "\($0.image)-\($0.side == .left ? "above" : "below")", request: $0.request)
      }
    }
    return Side.allCases.compactMap { side in
      request(side, workspace).map { (name: side == .left ? "left" : "right", request: $0) }
    }
  }
}
