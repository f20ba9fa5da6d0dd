internal import Drawing
public import Experiments
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
      let seen = scale + seen
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

  /// Over what the curvatures of that line are meant.
  private var scale: String {
    switch workspace.tellingCurvature.product {
    case .secant(let h): "mean over ±\(Number.short(Double(h))) px: "
    case .exact, .softened: "normal section at z: "
    }
  }

  /// How the boundary bends along the two directions, in one line; empty while none is known.
  private var seen: String {
    SectionScreen.Side.allCases.compactMap { side in
      guard let outcome = screen.outcome(side, workspace), outcome.curvature.isFinite else { return nil }
      return "\(screen.subject(side, workspace)) \(Self.bending(outcome))"
    }.joined(separator: " · ")
  }

  /// By how far the boundary leaves its tangent within the picture: flat within a fortieth of its side.
  static func bending(_ outcome: SectionMap.Outcome) -> String {
    let extent = ((outcome.axes.s.last ?? 0) - (outcome.axes.s.first ?? 0)) / 2
    let reach = abs(outcome.curvature) * extent
    if reach < 0.1 { return "is flat" }
    return (outcome.curvature > 0 ? "bends towards x" : "bends away from x")
      + (reach < 0.5 ? " a little" : "")
  }

  /// Both sections; only the one in sight where the terminal shows one.
  private func table(_ cursor: PlanePoint, isNarrow: Bool) -> Table {
    let sides = SectionLayout.holdsBoth(workspace.layout.body) ? SectionScreen.Side.allCases : [screen.focus]
    var columns = [
      Table.Column(screen.comparedWith == nil ? "along r and" : "model", isFlexible: true),
      Table.Column("margin", alignment: .trailing),
      Table.Column("class"), Table.Column("κ here", alignment: .trailing),
      Table.Column("κ at z", alignment: .trailing), Table.Column("radius", alignment: .trailing),
      Table.Column(isMean ? "mean κ" : "normal κ", alignment: .trailing),
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
      return [name] + [String](repeating: "–", count: 8)
    }
    let sample = field.sample(cursor)
    let guess = sample.map { !$0.isKnown } ?? false ? "~" : ""
    return [
      name, sample.map { guess + Number.signed(Double($0.margin), 2) } ?? "outside",
      sample.map { guess + workspace.subject.className($0.label) } ?? "–",
      curvatureHere(outcome, field, cursor).map { Number.signed($0, 3) } ?? "–",
      outcome.planeCurvature.map { Number.signed($0, 3) } ?? "–", outcome.curveRadius,
      workspace.isExactEmpty ? "–" : Number.signed(outcome.curvature, 3),
      field.nearest(cursor).flatMap { outcome.probability(at: $0) }.map { Number.fixed(Double($0), 2) }
        ?? "–",
      outcome.globalCurvature.map { Number.signed($0, 3) } ?? "–",
    ]
  }

  /// Whether the normal curvature is a mean over ±h.
  private var isMean: Bool {
    if case .secant = workspace.tellingCurvature.product { true } else { false }
  }

  /// On z that of the boundary, elsewhere that of the level line of the margin.
  private func curvatureHere(
    _ outcome: SectionMap.Outcome, _ field: Field, _ cursor: PlanePoint
  ) -> Double? {
    let z = PlanePoint(s: 0, t: Float(outcome.norm))
    if let here = field.nearest(cursor), let there = field.nearest(z), here == there {
      return outcome.planeCurvature
    }
    return field.levelCurvature(cursor)
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
          + (outcome.cosine.map { ", cos(r, ∇G) \(Number.fixed($0, 2))" } ?? "")
      )
    }
    if SectionScreen.Side.allCases.contains(where: { screen.outcome($0, workspace)?.globalCurvature ?? 1 < 0 }
    ),
      screen.showsDisk
    {
      parts.append("disc κ < 0: this boundary bends away; Theorem 2 says nothing")
    }
    return parts.joined(separator: " · ")
  }

  /// Where the two curvatures at z come from.
  private func product(short: Bool) -> String {
    let width = (screen.outcome(.left, workspace) ?? screen.outcome(.right, workspace))?.planeStep
    let curve =
      width.map {
        short
          ? "κ at z over ±\(Number.short($0, digits: 2)) px"
          : "κ at z fitted over ±\(Number.short($0, digits: 2)) px of the curve"
      }
      ?? (short ? "κ at z exact" : "κ at z by an exact product")
    let normal =
      switch workspace.tellingCurvature.product {
      case .exact: short ? "normal κ exact" : "normal κ by exact Hessian products"
      case .softened(let beta):
        "normal κ " + (short ? "softened, β " : "of the softened network, β = ") + "\(beta)"
      case .secant(let h): (short ? "mean over ±" : "mean κ over ±h = ") + Number.short(Double(h)) + " px"
      }
    return curve + ", " + normal + (short ? "" : ", in 1/px")
  }
}

extension SectionMap.Outcome {
  /// 1/|κ| of the drawn curve; flat where it is twenty times as long as what is shown, or within the error of the fit.
  public var curveRadius: String {
    guard let planeCurvature, planeCurvature.isFinite else { return "–" }
    let reach = (axes.s.last ?? 0) - (axes.s.first ?? 0)
    return isFlat || abs(planeCurvature) * 20 * reach < 1
      ? "flat" : Number.short(1 / abs(planeCurvature)) + " px"
  }
}

extension SectionScreen {
  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "s, t",
        "The plane x + s·v + t·r: t upwards along the unit vector of r, the shortest step to the boundary; s "
          + "to the right along the unit vector of the part of v orthogonal to r. Axes in pixel units; both "
          + "panels share extent, colour scale and cursor. (Figures 5 and 6 of the ICLR 2018 paper.)"),
      Definition("x, z", "x is the image; z = x + r is the point where r meets the boundary."),
      Definition(
        "+",
        "The cursor, at the same point in both panels and marked on the axes; it starts on z."),
      Definition(
        "///",
        "Hatched: a guess from the nearest computed point. The note counts the points computed so far."),
      Definition(
        "C",
        "Compare: the open model on the left, another one in the same plane on the right: x, r and v are the "
          + "open model's, margin and classes each model's own. The other's z is where its own boundary first "
          + "crosses the line along r; its κ and circle are taken there."),
      Definition(
        "colours",
        "c shows the classes, each with a colour and a letter, fainter the nearer the margin is to zero, or "
          + "the signed margin G: blue where the label of x wins, red beyond the boundary."),
      Definition("boundary", "The line around the region of x's own label: margin zero, between the points."),
      Glossary.margin,
      Definition(
        "~", "A guess from the nearest computed point; the picture marks such cells."),
      Definition(
        "κ here",
        "Curvature of the level line of the margin under the cursor, from differences over a twentieth of the "
          + "plane, in 1/px; with the cursor on z it is κ at z."),
      Definition(
        "κ at z",
        "Curvature at z of the curve drawn, in 1/px, positive where it bends towards x: fitted to the curve "
          + "over the width named below the table or, for a network without kinks, wᵀHw/‖ΠG‖ by exact "
          + "products, with ΠG the gradient in the plane and w ⟂ ΠG in it. By Meusnier's theorem it is about "
          + "1/cos(r, ∇G) times the normal κ."
      ),
      Definition(
        "mean κ",
        "uᵀA(u)/‖∇G‖ of the normal section along v, with u the part of v tangent to the boundary and A a "
          + "secant over ±h: the mean of the second derivative over ±h, which S_c is made of. It looks as far "
          + "as h, often beyond the picture, so its sign need not be that of κ at z, and no circle at z "
          + "belongs to it."),
      Definition(
        "normal κ",
        "The same by exact or softened products: the curvature at z of the normal section along v."),
      Definition(
        "radius",
        "1/|κ at z| in px: the radius of the circle (o) that touches the curve at z, its centre at z − n/κ. "
          + "Flat: over twenty times the extent shown, or κ within two standard errors of its fit; then no "
          + "circle is drawn."
      ),
      Definition(
        "disc κ",
        "Largest curvature of a disc (d) through z that holds the boundary traced over the whole section, with "
          + "κ at z within the width of its fit: the κ of Theorem 2, which bounds the norm of universal "
          + "perturbations. In 1/px. Negative: somewhere the boundary bends so far away from x that only a "
          + "disc beyond z, on its far side, holds it; Theorem 2 then says nothing about this plane."),
      Definition(
        "a",
        "The contact sheet: sections of many images with one extent, scale and colouring, the left direction "
          + "above and the right one below. (Figures 5 and 6.)"),
      Definition("prob.", "Softmax probability of the class under the cursor."),
      Glossary.curvature, Glossary.perturbation, Glossary.universal, Glossary.shared, Glossary.normals,
    ]
  }
}
