internal import Drawing
internal import Experiments
internal import Networks

/// The numbers below the two sections: under the cursor, and at the boundary point z.
struct SectionReadout: Drawable {
  let screen: SectionScreen
  let workspace: Workspace
  let fields: [SectionScreen.Side: Field]

  func draw(on canvas: inout Canvas) {
    let isFramed = canvas.size.rows >= 6
    let cursor = screen.cursor(workspace)
    let place =
      "cursor at s \(Number.signed(Double(cursor.s), 2)), t \(Number.signed(Double(cursor.t), 2)) px"
    var area = canvas.bounds
    if isFramed {
      let seen = "seen: " + seen
      let isFitting =
        Text.columns(seen, canvas.appearance.glyphs) + Text.columns(place, canvas.appearance.glyphs) + 10
        <= area.columns
      area = canvas.frame(isFitting && !self.seen.isEmpty ? seen : "numbers", note: place, in: area)
    } else {
      area = area.inset(left: 1)
    }
    let table = table(cursor, isNarrow: area.columns < 76)
    let (top, rest) = area.split(top: 1 + table.rows.count)
    canvas.draw(table, in: top)
    let remarks = [
      remark(short: false, scale: "one colour scale for both: "), remark(short: true, scale: "margin "),
      remark(short: true, scale: ""),
    ]
    let fitting = remarks.first { Text.columns($0, canvas.appearance.glyphs) <= rest.columns }
    canvas.paragraph(fitting ?? remarks[2], in: rest, canvas.theme.muted)
  }

  /// What the two pictures show, in one line; empty while none is known.
  private var seen: String {
    SectionScreen.Side.allCases.compactMap { side in
      guard let outcome = screen.outcome(side, workspace), outcome.curvature.isFinite else { return nil }
      return "\(screen.subject(side, workspace)) \(Self.bending(outcome))"
    }.joined(separator: " · ")
  }

  /// How the boundary bends at z, by how far it leaves its tangent within the picture: flat within a fortieth of its side.
  static func bending(_ outcome: SectionMap.Outcome) -> String {
    let extent = ((outcome.axes.s.last ?? 0) - (outcome.axes.s.first ?? 0)) / 2
    let reach = abs(outcome.curvature) * extent
    let radius = Number.short(1 / max(1e-12, abs(outcome.curvature))) + " px"
    if reach < 0.1 { return "is flat" }
    return (outcome.curvature > 0 ? "bends towards x" : "bends away from x")
      + (reach < 0.5 ? " a little" : ", radius \(radius)")
  }

  /// Both sections; only the one in sight where the terminal shows one.
  private func table(_ cursor: PlanePoint, isNarrow: Bool) -> Table {
    let sides = SectionLayout.holdsBoth(workspace.layout.body) ? SectionScreen.Side.allCases : [screen.focus]
    var columns = [
      Table.Column(screen.comparedWith == nil ? "along r and" : "model", isFlexible: true),
      Table.Column("margin", alignment: .trailing),
      Table.Column("class"), Table.Column("κ here", alignment: .trailing),
      Table.Column("κ at z", alignment: .trailing), Table.Column("radius", alignment: .trailing),
      Table.Column("prob.", alignment: .trailing), Table.Column("disc κ", alignment: .trailing),
    ]
    var rows = sides.map { row($0, cursor) }
    if isNarrow {
      columns.removeLast(2)
      rows = rows.map { $0.dropLast(2) }
    }
    return Table(columns, rows: rows)
  }

  private func row(_ side: SectionScreen.Side, _ cursor: PlanePoint) -> [String] {
    let name = screen.subject(side, workspace)
    guard let outcome = screen.outcome(side, workspace), let field = fields[side] else {
      return [name] + [String](repeating: "–", count: 7)
    }
    let sample = field.sample(cursor)
    let guess = sample.map { !$0.isKnown } ?? false ? "~" : ""
    return [
      name, sample.map { guess + Number.signed(Double($0.margin), 2) } ?? "outside",
      sample.map { guess + workspace.subject.className($0.label) } ?? "–",
      field.levelCurvature(cursor).map { Number.signed($0, 3) } ?? "–",
      Number.signed(outcome.curvature, 3), radius(outcome.curvature),
      field.nearest(cursor).flatMap { outcome.probability(at: $0) }.map { Number.fixed(Double($0), 2) }
        ?? "–",
      outcome.globalCurvature.map { Number.signed($0, 3) } ?? "–",
    ]
  }

  private func radius(_ curvature: Double) -> String {
    guard curvature.isFinite else { return "–" }
    return abs(curvature) < 1e-3 ? "> 1000 px" : Number.short(1 / curvature) + " px"
  }

  /// With what the curvature was taken, and the common scale.
  private func remark(short: Bool, scale: String) -> String {
    let outcome = screen.outcome(.left, workspace) ?? screen.outcome(.right, workspace)
    let limit = SectionScreen.limit(fields).map {
      "±\(Number.short(Double($0), digits: 2)) logits"
    }
    var parts = [product(short: short)]
    if let limit { parts.append(scale + limit) }
    if let outcome, outcome.norm > 0 {
      parts.append(
        "‖r‖ \(Number.short(outcome.norm)) px, \(workspace.subject.className(outcome.from)) → \(workspace.subject.className(outcome.to))"
      )
    }
    if SectionScreen.Side.allCases.contains(where: { screen.outcome($0, workspace)?.globalCurvature ?? 1 < 0 }
    ),
      screen.showsDisk
    {
      parts.append("disc κ < 0: this boundary bends away, Theorem 2 says nothing")
    }
    return parts.joined(separator: " · ")
  }

  private func product(short: Bool) -> String {
    switch workspace.tellingCurvature.product {
    case .exact: short ? "κ in 1/px, exact" : "κ in 1/px by exact Hessian products"
    case .softened(let beta):
      short
        ? "κ in 1/px, softened, β \(beta)" : "κ in 1/px by exact products of the softened network, β \(beta)"
    case .secant(let h):
      (short ? "κ in 1/px, secant, h " : "κ in 1/px by secant Hessian products, h = ")
        + Number.short(Double(h))
        + " px"
    }
  }
}

extension SectionScreen {
  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "s, t",
        "The plane x + s·v + t·r: t upwards along the unit vector of r, the shortest way to the boundary; s to the "
          + "right along the unit vector of the part of v that is orthogonal to r. Axes in pixel units; both panels share "
          + "extent, colour scale and cursor. (Figures 5 and 6 of the ICLR 2018 paper.)"),
      Definition("x, z", "x is the image, z = x + r the point where its shortest way meets the boundary."),
      Definition(
        "+",
        "The cursor, the same point of both panels, its place on the axes marked too; it begins on z."),
      Definition(
        "///",
        "Hatched: not computed yet, a guess from the nearest computed point. Points: how many are computed."),
      Definition(
        "C",
        "Compare: on the left the open model, on the right another one in the very same plane: x, r and v are the "
          + "open model's, margin and classes each model's own. Its z is where its own boundary first crosses the way "
          + "along r, and κ and the circle are taken there."),
      Definition(
        "colours",
        "c shows the classes, each with a colour and a letter, fainter the nearer the margin is to zero, or the "
          + "signed margin G: blue where the label of x wins, red beyond the boundary."),
      Definition("boundary", "The line around the region of x's own label: margin zero, between the points."),
      Glossary.margin,
      Definition(
        "~", "A guess from the nearest computed point; the picture marks such cells until they are computed."),
      Definition(
        "κ here",
        "Curvature of the level line of the margin under the cursor, from differences over a twentieth of the "
          + "plane, in 1/px."),
      Definition(
        "κ at z",
        "Curvature of the boundary at z along v, by the Hessian product named below the table, in 1/px."),
      Definition(
        "radius",
        "1/κ in px: the radius of the osculating circle (o), which touches the boundary at z. Negative: its centre "
          + "lies beyond the boundary."),
      Definition(
        "disc κ",
        "Largest curvature of a disc (d) through z that holds the boundary traced over the whole section: the "
          + "κ of Theorem 2, which bounds the norm of universal perturbations. 1/px. Negative: somewhere the boundary "
          + "bends away from x so far that only a disc beyond z, on its far side, holds it; Theorem 2 then says "
          + "nothing about this plane."),
      Definition(
        "a",
        "The contact sheet: sections of many images on one plane, scale and colours, the left direction above "
          + "and the right one below. (Figures 5 and 6.)"),
      Definition("prob.", "Softmax probability of the class under the cursor."),
      Glossary.curvature, Glossary.perturbation, Glossary.universal, Glossary.shared, Glossary.normals,
    ]
  }
}
