extension Heatmap {
  /// What the pixels of a plot follow from: not the cursor, nor the names, which stay in cells.
  private struct PixelKey: Hashable {
    let field: Field
    let classNames: [String]
    let mode: Mode
    let limit: Float?
    let curves: [Curve]
    let showsContour: Bool
    let plot: PlotArea
    let appearance: Appearance

    func hash(into hasher: inout Hasher) {
      hasher.combine(plot)
      hasher.combine(mode)
      for i in stride(from: 0, to: field.values.count, by: max(1, field.values.count / 61)) {
        hasher.combine(field.values[i])
      }
    }
  }

  private static let memory = RecentMemory<PixelKey, PixelPicture>(capacity: 16)

  /// Margins have edges all over the plot, so that they take more bytes: a frame stays short at two thirds of the pixels.
  private func resolution(_ size: CellPixels) -> CellPixels {
    guard mode == .margin, size.enlargement > 1 else { return size }
    return CellPixels(width: size.width, height: size.height, enlargement: size.enlargement + 1)
  }

  /// The plot in pixels, with its contour and curves, where the terminal shows pictures and has colours for it.
  func pixels(_ plot: PlotArea, _ appearance: Appearance) -> PixelPicture? {
    guard let size = appearance.pixels.map(resolution), appearance.colors >= .indexed,
      appearance.glyphs == .blocks, !plot.cells.isEmpty
    else { return nil }
    let key = PixelKey(
      field: field, classNames: classNames, mode: mode, limit: limit, curves: curves,
      showsContour: showsContour, plot: plot, appearance: appearance)
    return Self.memory.value(of: key) {
      PixelPicture(SectionPixels(self, plot, appearance, size).image, cells: plot.cells.size)
    }
  }
}

/// The pixels of a section: regions or margin from the field between its samples, the boundary and curves with
/// smooth edges over them.
struct SectionPixels {
  private(set) var image: RGBImage
  private let samples: Field.Samples
  private let painter: RegionPainter
  private let ground: Color
  /// Half the width of the boundary, in pixels.
  private let halfWidth: Float
  /// Edges have so many steps: more colours make a frame longer and look the same.
  private static let steps: Float = 3

  init(_ heatmap: Heatmap, _ plot: PlotArea, _ appearance: Appearance, _ size: CellPixels) {
    let (width, height) = size.picture(over: plot.cells.size)
    let (across, down) = (
      Float(width) / Float(plot.cells.columns), Float(height) / Float(plot.cells.rows)
    )
    let s = (0..<width).map { plot.point(across: (Float($0) + 0.5) / across, down: 0).s }
    let t = (0..<height).map { plot.point(across: 0, down: (Float($0) + 0.5) / down).t }
    samples = heatmap.field.samples(s: s, t: t)
    painter = RegionPainter(heatmap, samples, appearance)
    ground = painter.theme.ground
    halfWidth = appearance.isPresented ? 1.8 : 0.8
    image = RGBImage(width: width, height: height, fill: ground)
    fill()
    for curve in heatmap.curves {
      let points = curve.points.map { point -> (x: Float, y: Float) in
        let place = plot.place(of: point)
        return (place.across * across, place.down * down)
      }
      draw(points, in: curve.color ?? painter.theme.curve)
    }
    if heatmap.showsContour { drawContour() }
  }

  private mutating func fill() {
    for row in 0..<image.height {
      for column in 0..<image.width {
        let index = samples.index(row, column)
        guard samples.values[index].isFinite else {
          if row % 8 == 4, column % 8 == 4 { image[row, column] = Self.blend(ground, painter.contour, 0.3) }
          continue
        }
        let color = painter.color(index)
        image[row, column] = samples.known[index] ? color : hatched(color, row + column)
      }
    }
  }

  /// A guess is dimmed, under lines that lean to the right.
  private func hatched(_ color: Color, _ diagonal: Int) -> Color {
    Self.blend(color, ground, diagonal % 8 < 2 ? 0.25 : 0.5)
  }

  /// The line where the margin changes its sign, by the distance value / |gradient| from it.
  private mutating func drawContour() {
    let (width, height) = (image.width, image.height)
    func value(_ row: Int, _ column: Int) -> Float { samples.values[row * width + column] }
    for row in 0..<height {
      for column in 0..<width {
        let (up, down) = (value(max(0, row - 1), column), value(min(height - 1, row + 1), column))
        let (left, right) = (value(row, max(0, column - 1)), value(row, min(width - 1, column + 1)))
        let here = value(row, column)
        guard here.isFinite, changesSign(here, up, down, left, right) || isNear(here, up, down, left, right)
        else { continue }
        let slope = (right - left, down - up)
        let length = ((slope.0 * slope.0 + slope.1 * slope.1).squareRoot()) / 2
        guard length.isFinite, length > 0 else { continue }
        mix(painter.contour, halfWidth + 0.5 - abs(here) / length, row, column)
      }
    }
  }

  private func changesSign(_ here: Float, _ others: Float...) -> Bool {
    others.contains { $0.isFinite && ($0 < 0) != (here < 0) }
  }

  /// Whether the line may pass near enough to be seen here.
  private func isNear(_ here: Float, _ others: Float...) -> Bool {
    others.contains { $0.isFinite && abs(here) < (halfWidth + 1.2) * abs($0 - here) }
  }

  private mutating func draw(_ points: [(x: Float, y: Float)], in color: Color) {
    var covered: [Int: Float] = [:]
    for (a, b) in zip(points, points.dropFirst())
    where a.x.isFinite && b.x.isFinite && a.y.isFinite && b.y.isFinite {
      cover(a, b, &covered)
    }
    for (index, share) in covered { mix(color, share, index / image.width, index % image.width) }
  }

  private func cover(_ a: (x: Float, y: Float), _ b: (x: Float, y: Float), _ covered: inout [Int: Float]) {
    func range(_ from: Float, _ to: Float, _ count: Int) -> Range<Int> {
      let low = max(0, (min(from, to) - 3).rounded(.down))
      let high = min(Float(count), max(from, to) + 3)
      return low < high ? Int(low)..<Int(high) : 0..<0
    }
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = max(dx * dx + dy * dy, .leastNormalMagnitude)
    for row in range(a.y, b.y, image.height) {
      for column in range(a.x, b.x, image.width) {
        let (x, y) = (Float(column) + 0.5 - a.x, Float(row) + 0.5 - a.y)
        let along = min(1, max(0, (x * dx + y * dy) / square))
        let (px, py) = (x - along * dx, y - along * dy)
        let share = halfWidth + 0.5 - (px * px + py * py).squareRoot()
        guard share > 0 else { continue }
        let index = row * image.width + column
        covered[index] = max(covered[index] ?? 0, share)
      }
    }
  }

  private mutating func mix(_ color: Color, _ share: Float, _ row: Int, _ column: Int) {
    let share = (min(1, max(0, share)) * Self.steps).rounded() / Self.steps
    guard share > 0 else { return }
    image[row, column] = Self.blend(image[row, column], color, share)
  }

  /// Without the places in small palettes, which cost a search and which pixels have no use for.
  private static func blend(_ a: Color, _ b: Color, _ share: Float) -> Color {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Float(a) * (1 - share) + Float(b) * share).rounded()) }
    return Color(
      red: mix(a.red, b.red), green: mix(a.green, b.green), blue: mix(a.blue, b.blue), indexed: a.indexed,
      ansi: a.ansi)
  }
}
