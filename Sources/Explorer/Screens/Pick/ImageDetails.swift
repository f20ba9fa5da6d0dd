internal import Drawing
internal import Experiments

/// The image that is looked at: large, with its best classes and how far the boundary is.
struct ImageDetails: Drawable {
  let workspace: Workspace

  func draw(on canvas: inout Canvas) {
    guard workspace.subject.count > 0 else {
      let inside = canvas.frame("image", in: canvas.bounds)
      return canvas.paragraph("Nothing to show yet.", in: inside, canvas.theme.muted)
    }
    let image = workspace.subject.image
    let truth = workspace.subject.truth(of: image).map { "truth: \($0)" } ?? ""
    let inside = canvas.frame("image \(image)", note: truth, in: canvas.bounds)
    let (top, numbers) = inside.split(top: max(0, inside.rows - 4))
    let (picture, bars) = top.split(left: Self.side(top.size))
    if let thumbnail = workspace.thumbnails[image] {
      canvas.draw(CellPicture(thumbnail, isCentered: false), in: picture)
    }
    canvas.with(Rectangle(row: bars.row, column: bars.column + 1, rows: bars.rows, columns: bars.columns - 1))
    {
      drawProbabilities(on: &$0)
    }
    canvas.with(numbers) { drawNumbers(on: &$0) }
  }

  /// Columns of the picture.
  private static func side(_ size: Size) -> Int { min(size.rows * 2, max(8, size.columns * 9 / 20)) }

  /// The area that the picture has where the panel has this size.
  static func pictureArea(_ panel: Rectangle) -> Size {
    let inside = Frame.interior(of: panel)
    let top = Size(rows: inside.rows - 4, columns: inside.columns)
    return Size(rows: top.rows, columns: min(top.columns, side(top)))
  }

  private func drawProbabilities(on canvas: inout Canvas) {
    guard let label = workspace.label(of: workspace.subject.image) else {
      let text = workspace.subject.model == nil ? "Open a model to see its labels." : "Computing labels …"
      return canvas.paragraph(text, in: canvas.bounds, canvas.theme.muted)
    }
    canvas.put("probability", row: 0, column: 0, canvas.theme.muted)
    let palette = ClassPalette(names: workspace.subject.classNames)
    let entries = label.best.prefix(5).map { candidate in
      BarPlot.Entry(
        candidate.name, candidate.probability, text: Number.fixed(candidate.probability, 2),
        color: palette.color(candidate.label))
    }
    canvas.draw(BarPlot(entries, upper: 1), in: canvas.bounds.split(top: 1).rest)
  }

  private func drawNumbers(on canvas: inout Canvas) {
    let theme = canvas.theme
    if let reason = workspace.work.findings[
      failure: workspace.robustness(of: workspace.subject.image)?.request]
    {
      return canvas.paragraph("r: \(reason)", in: canvas.bounds, theme.bad)
    }
    guard let r = workspace.perturbation(of: workspace.subject.image) else {
      let text = workspace.subject.model == nil ? "" : "Looking for the nearest boundary …"
      return canvas.put(text, row: 1, column: 0, theme.muted, width: canvas.size.columns).ignore()
    }
    if let obstacle = r.obstacle {
      return canvas.paragraph("no boundary: \(obstacle.clause)", in: canvas.bounds, theme.warning)
    }
    canvas.put("nearest boundary", row: 0, column: 0, theme.muted)
    canvas.put(
      [
        ("‖r‖ ", theme.muted), (Number.short(r.norm), theme.title), (" px   cos(r, ∇G) ", theme.muted),
        (Number.fixed(r.cosine, 2), theme.title),
      ], row: 1, column: 0)
    canvas.put(
      [
        (workspace.subject.className(r.from), .plain), (" → ", theme.muted),
        (workspace.subject.className(r.to), theme.title),
        ("  \(way(r))", theme.muted),
      ], row: 2, column: 0)
    if let model = workspace.subject.model, r.norm > Double(model.inputShape.reduce(1, *)).squareRoot() {
      // √(C·H·W) is the distance of a black and a white picture.
      return canvas.put(
        "alarm: no two pictures differ this much; check the pixel reading", row: 3, column: 0, theme.bad,
        width: canvas.size.columns
      ).ignore()
    }
    if r.isAskew {
      return canvas.put(
        "r is askew to the boundary, so ‖r‖ may be too long", row: 3, column: 0, theme.warning,
        width: canvas.size.columns
      ).ignore()
    }
    canvas.put(
      "‖r‖ is \(Number.percent(r.norm / max(1e-12, workspace.parameters.radius), 0)) of ξ", row: 3, column: 0,
      theme.muted)
  }
}

extension ImageDetails {
  /// How r was found: DeepFool's own norm where the search from there shortened it visibly, else its steps.
  private func way(_ r: Robustness.Each) -> String {
    if r.deepfool > 1.01 * r.norm { return "DeepFool \(Number.short(r.deepfool)) px" }
    return "in \(r.iterations) step\(r.iterations == 1 ? "" : "s")"
  }
}

extension Int {
  fileprivate func ignore() {}
}

extension PickScreen {
  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition("●", "The open model or set."),
      Definition(
        "≡", "A model compared with the open one; c adds the selected model or leaves it out."),
      Definition(
        "↓",
        "Images not installed yet: Enter fetches, checks and unpacks them; the size is that of the download."),
      Definition("drawn", "Images the program draws itself from a seed; it fetches nothing."),
      Definition("!", "Cannot be used; select it to see why."),
      Definition("accuracy", "Share of the test images of its own data set that the model labels correctly."),
      Definition(
        "pw linear",
        "Piecewise linear: only rectifiers and maxima bend it, so exact Hessians are zero almost everywhere; "
          + "curvature needs secants over a scale h, or a softened copy. Smooth networks have exact Hessians."
      ),
      Definition(
        "cat .83", "Below a picture: number of the image, label and its probability (softmax of the logits)."),
      Definition("✗", "The label differs from the true class."),
      Definition(
        "steps, DeepFool",
        "Linearisations DeepFool took until the label changed; or the norm it ended with, where the search "
          + "from there found a boundary more than 1 % nearer."),
      Glossary.label, Glossary.perturbation, Glossary.cosine,
    ]
  }
}
