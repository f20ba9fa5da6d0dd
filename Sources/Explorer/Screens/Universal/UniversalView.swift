internal import Drawing
internal import Experiments

extension UniversalScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else {
      let inside = canvas.frame("universal", in: canvas.bounds)
      return canvas.paragraph(
        "Universal perturbations need a model, images to learn from and others to judge on. Press 1.",
        in: inside, canvas.theme.muted)
    }
    let layout = UniversalLayout(canvas.bounds)
    drawGallery(on: &canvas, in: layout.gallery, layout, workspace)
    drawImages(on: &canvas, in: layout.images, workspace)
    if showsMatrix {
      drawMatrix(on: &canvas, in: layout.numbers, workspace)
    } else {
      drawFlow(on: &canvas, in: layout.numbers, workspace)
    }
  }

  private func drawGallery(
    on canvas: inout Canvas, in area: Rectangle, _ layout: UniversalLayout, _ workspace: Workspace
  ) {
    let xi = Number.short(workspace.parameters.radius)
    let inside = canvas.frame(
      "perturbations of norm ξ = \(xi) px, signed, each at full contrast", isActive: true, in: area)
    for (i, direction) in Self.gallery.enumerated() {
      let cell = layout.cell(i, in: inside)
      let (picture, caption) = cell.split(top: cell.rows - 2)
      drawVector(direction, on: &canvas, in: picture, workspace)
      drawCaption(i, direction, on: &canvas, in: caption, workspace)
    }
  }

  private func drawVector(
    _ direction: DirectionChoice, on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace
  ) {
    guard let picture = picture(direction, workspace)
    else {
      let learning = workspace.learning(direction)
      let text = learning.map { workspace.work.state($0) } ?? "–"
      canvas.put(
        text == "–" ? (area.columns < 15 ? "Enter" : "Enter learns it") : text, row: area.row + area.rows / 2,
        column: area.column,
        canvas.theme.muted, width: area.columns, alignment: .center)
      return
    }
    canvas.draw(picture, in: area)
  }

  private func picture(_ direction: DirectionChoice, _ workspace: Workspace) -> CellPicture? {
    guard let shape = workspace.subject.model?.inputShape, shape.count == 3,
      let vector = vector(direction, workspace), vector.count == shape.reduce(1, *)
    else { return nil }
    return CellPicture.signed(
      vector, channels: shape[0], height: shape[1], width: shape[2], limit: CellPicture.limit(of: vector),
      background: workspace.viewport.appearance.background)
  }

  /// The perturbations that are known, each under its name and its rate.
  func figure(_ workspace: Workspace) -> FigureScene? {
    let scenes = Self.gallery.compactMap { direction in
      picture(direction, workspace).map { picture -> FigureScene in
        let rate = flow(direction, workspace).map { Number.percent($0.rate) } ?? ""
        return .titled(direction.shortName, note: rate, .one(picture))
      }
    }
    return scenes.isEmpty ? nil : .columns(scenes)
  }

  /// The name with its amplification, and the rate on unseen images with its interval.
  private func drawCaption(
    _ i: Int, _ direction: DirectionChoice, on canvas: inout Canvas, in area: Rectangle,
    _ workspace: Workspace
  ) {
    guard area.rows >= 2 else { return }
    let look = i == selected ? canvas.theme.selection : .plain
    if i == selected { canvas.fill(area.split(top: 1).top, with: Cell(" ", style: .reverse)) }
    var name = direction.shortName
    if let gain = gain(direction, workspace), area.columns >= 16 {
      name += " ×\(Number.short(gain, digits: 2))"
    }
    canvas.put(name, row: area.row, column: area.column, look, width: area.columns, alignment: .center)
    let rate: String
    if let outcome = flow(direction, workspace) {
      let half = outcome.interval.count == 2 ? (outcome.interval[1] - outcome.interval[0]) / 2 : 0
      let text = "\(Number.fixed(100 * outcome.rate, 0)) ± \(Number.percent(half))"
      rate = area.columns >= 18 ? "fools \(text)" : text
    } else {
      rate = workspace.work.state(workspace.flow(direction)?.request)
    }
    canvas.put(
      rate, row: area.row + 1, column: area.column, canvas.theme.muted, width: area.columns,
      alignment: .center)
  }

  /// How many times the vector of norm ξ is amplified in its picture.
  private func gain(_ direction: DirectionChoice, _ workspace: Workspace) -> Double? {
    guard let vector = vector(direction, workspace) else { return nil }
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    let limit = Double(CellPicture.limit(of: vector))
    guard limit > 0, square > 0 else { return nil }
    return 0.5 * square.squareRoot() / (limit * workspace.parameters.radius)
  }

  private func drawImages(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let outcome = flow(direction, workspace)
    let inside = canvas.frame(
      "unseen images + \(direction.shortName)", note: outcome.map { "\($0.count) judged" } ?? "", in: area)
    guard let outcome, let vector = vector(direction, workspace) else {
      return canvas.waiting(
        for: requests(workspace),
        offering: "learn the perturbations and judge them on unseen images.",
        in: inside, workspace)
    }
    let grid = grid(workspace)
    for place in grid.visible where place < outcome.before.count {
      drawImage(place, outcome, vector, on: &canvas, in: grid.cell(of: place), workspace)
    }
  }

  private func drawImage(
    _ place: Int, _ outcome: Fooling.Outcome, _ vector: [Float], on canvas: inout Canvas, in cell: Rectangle,
    _ workspace: Workspace
  ) {
    let (picture, caption) = cell.split(top: cell.rows - 1)
    let image = workspace.subject.validation.lowerBound + place
    if let thumbnail = workspace.thumbnails[image] {
      let sum = Self.sum(thumbnail, vector, norm: workspace.parameters.radius)
      canvas.draw(CellPicture(sum ?? thumbnail), in: picture)
    }
    let (before, after) = (outcome.before[place], outcome.after[place])
    let isFooled = before != after
    let text =
      isFooled
      ? "\(workspace.subject.className(before))→\(workspace.subject.className(after))"
      : workspace.subject.className(before)
    canvas.put(
      text, row: caption.row, column: caption.column, isFooled ? canvas.theme.warning : canvas.theme.muted,
      width: caption.columns)
  }

  /// x + v as pixels, clipped to what a screen shows; nil where the picture is not as large as v.
  static func sum(_ image: Thumbnail, _ vector: [Float], norm: Double) -> Thumbnail? {
    let plane = image.width * image.height
    guard plane > 0, vector.count == 3 * plane || vector.count == plane else { return nil }
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard square > 0 else { return nil }
    let scale = Float(255 * norm / square.squareRoot())
    var sum = image
    for pixel in 0..<plane {
      for color in 0..<3 {
        let v = vector[(vector.count == plane ? 0 : color) * plane + pixel]
        let value = Float(image.bytes[3 * pixel + color]) + scale * v
        sum.bytes[3 * pixel + color] = UInt8(min(255, max(0, value.rounded())))
      }
    }
    return sum
  }

  private func drawFlow(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let outcome = flow(direction, workspace)
    let inside = canvas.frame("label flow", note: "Tab: inner products", in: area)
    guard let outcome, !outcome.flow.isEmpty else {
      guard outcome != nil else { return }
      return canvas.paragraph("No label changes.", in: inside, canvas.theme.muted)
    }
    let (top, bars) = inside.split(top: 2)
    let dominant = outcome.dominant.map {
      "\(Number.percent($0.share)) \(top.columns < 36 ? "become" : "of the fooled become") \($0.name)"
    }
    let end = canvas.put(
      dominant ?? "", row: top.row, column: top.column, canvas.theme.title, width: top.columns)
    let unit = "images"
    let isHigh = top.column + top.columns - end < unit.count + 2
    canvas.put(
      unit, row: top.row + (isHigh ? 1 : 0), column: top.column, canvas.theme.muted, width: top.columns,
      alignment: .trailing)
    let entries = outcome.flow.prefix(max(0, bars.rows)).map { flow in
      BarPlot.Entry(
        "\(workspace.subject.className(flow.from)) → \(workspace.subject.className(flow.to))",
        Double(flow.count),
        text: "\(flow.count)", color: ClassPalette.colors[flow.to % ClassPalette.colors.count])
    }
    canvas.draw(BarPlot(Array(entries)), in: bars)
  }

  private func drawMatrix(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      area.columns < 44 ? "inner products in S_c" : "inner products of draws of S_c, m = 10",
      note: "Tab: labels", in: area)
    guard let outcome = workspace.work.findings.known(workspace.diversity), !outcome.products.isEmpty else {
      return canvas.waiting(
        for: [workspace.diversity?.request].compactMap { $0 },
        offering: "draw perturbations and judge them.", in: inside,
        workspace
      )
    }
    let (matrix, foot) = inside.split(top: inside.rows - 1)
    let names = outcome.products.indices.map { "v\($0 + 1)" }
    canvas.draw(
      MatrixPlot(outcome.products, rowNames: names, columnNames: names, isSigned: true), in: matrix)
    let rates = outcome.rates.map { Number.fixed(100 * $0, 0) }
    let all = "each fools, %: " + rates.joined(separator: " ")
    let ends = [outcome.rates.min(), outcome.rates.max()].compactMap { $0 }.map { Number.fixed(100 * $0, 0) }
    let text =
      Text.columns(all, canvas.appearance.glyphs) <= foot.columns
      ? all : "each fools \(ends.joined(separator: "–")) %"
    canvas.put(text, row: foot.row, column: foot.column, canvas.theme.muted, width: foot.columns)
  }

  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "picture",
        "The perturbation with each colour channel mapped by its sign: grey is zero, and all but a fiftieth of "
          + "the values stay within the colours. × is the factor that amplifies the vector of norm ξ. (Figure "
          + "8 of the ICLR 2018 paper.)"),
      Definition(
        "fools",
        "Share of unseen images with k(x + v) ≠ k(x), not clipped, and half the width of Wilson's 95 % interval."
      ),
      Definition(
        "unseen",
        "Images that nothing was learnt from; below each is k(x), and k(x + v) where it differs. The pictures "
          + "are clipped to what a screen shows."),
      Definition(
        "flow",
        "How many images change from which label to which. Universal perturbations mostly lead to a few "
          + "dominant labels; the first line names the one that most fooled images get. (Moosavi-Dezfooli et "
          + "al., CVPR 2017, section 3.)"),
      Definition(
        "products",
        "⟨vᵢ, vⱼ⟩/‖vᵢ‖‖vⱼ‖ of random draws from the first 10 directions of S_c: small values mean that very "
          + "different vectors fool alike. Each fools: the rates of the draws on unseen images. (Figure 9.)"),
      Glossary.universal, Glossary.shared, Glossary.ascent, Glossary.normals, Glossary.label,
    ]
  }
}
