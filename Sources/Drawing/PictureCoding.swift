/// Cells for a picture that a slow link can carry: of all ways to show it, nearly the one with the least sum of colour
/// errors and λ times the bytes that a terminal has to be sent.
///
/// A cell has four quarters and two colours, each quarter taking the nearer one. A colour costs bytes where it differs
/// from the cell's on the left (an SGR sequence), a glyph always does. Errors are squared distances of 8-bit
/// components, weighed 0.9, 1.5, 0.6 for red, green, blue, and summed over the quarters. The search goes along each row
/// and keeps the best few pairs of colours (a beam search of the trellis of pairs). Noise that nobody can see costs no
/// bytes, edges lie at quarters of cells, and smooth colours are shown by few changes.
///
/// Cost: some 70 comparisons of four quarters a cell; some microseconds.
struct PictureCoding {
  /// What a terminal is sent for a change, and how many squared units of error a byte is worth.
  struct Price: Hashable {
    /// One colour of the two, and both in one sequence.
    let one: Float
    let both: Float
    let byte: Float

    /// λ of each level is the largest at which no difference is seen beside every colour in its place.
    init(_ level: Appearance.ColorLevel) {
      self = level == .direct ? Price(one: 18, both: 34, byte: 50) : Price(one: 11, both: 20, byte: 230)
    }

    private init(one: Float, both: Float, byte: Float) {
      (self.one, self.both, self.byte) = (one, both, byte)
    }
  }

  /// Pairs of colours that are followed at a time.
  private static let width = 6

  /// The four quarters of a cell, component by component: upper left, upper right, lower left, lower right.
  private struct Quarters {
    var red = SIMD4<Float>.zero
    var green = SIMD4<Float>.zero
    var blue = SIMD4<Float>.zero

    /// The squared distance of each quarter from a colour.
    func errors(_ shown: SIMD4<Float>) -> SIMD4<Float> {
      let (r, g, b) = (red - shown.x, green - shown.y, blue - shown.z)
      return 0.9 * r * r + 1.5 * g * g + 0.6 * b * b
    }

    subscript(i: Int) -> SIMD4<Float> { SIMD4(red[i], green[i], blue[i], 0) }

    /// The mean of the quarters that weigh 1; `weights` are 0 and 1, not all 0.
    func mean(_ weights: SIMD4<Float>) -> SIMD4<Float> {
      SIMD4((red * weights).sum(), (green * weights).sum(), (blue * weights).sum(), 0) / weights.sum()
    }
  }

  private let level: Appearance.ColorLevel
  private let price: Price
  private let size: Size
  /// Row after row.
  private let quarters: [Quarters]

  /// `pixels` has two columns and two rows for each cell.
  init(_ pixels: RGBImage, _ level: Appearance.ColorLevel) {
    self.level = level
    price = Price(level)
    let size = Size(rows: pixels.height / 2, columns: pixels.width / 2)
    self.size = size
    quarters = (0..<size.rows * size.columns).map { cell in
      let (row, column) = (2 * (cell / size.columns), 2 * (cell % size.columns))
      var quarters = Quarters()
      for i in 0..<4 {
        let at = 3 * ((row + i / 2) * pixels.width + column + i % 2)
        quarters.red[i] = Float(pixels.bytes[at])
        quarters.green[i] = Float(pixels.bytes[at + 1])
        quarters.blue[i] = Float(pixels.bytes[at + 2])
      }
      return quarters
    }
  }

  /// The cells, row after row.
  func cells() -> [Cell] { (0..<size.rows).flatMap(row) }

  /// A colour as it is shown, with its components.
  private struct Swatch {
    let color: Color
    let shown: SIMD4<Float>
  }

  /// A way to show a row up to some cell.
  private struct Path {
    var cost: Float
    var fore: Swatch?
    var back: Swatch?
    /// The step that led here, in the row's list; −1 at its beginning.
    var step: Int
    /// Which quarters of the last cell take the foreground.
    var mask = 0
  }

  private struct Step {
    let before: Int
    let cell: Cell
  }

  private func row(_ row: Int) -> [Cell] {
    var beam = [Path(cost: 0, fore: nil, back: nil, step: -1)]
    var steps: [Step] = []
    steps.reserveCapacity(Self.width * size.columns)
    for column in 0..<size.columns {
      let here = quarters[row * size.columns + column]
      beam = extended(beam, here, candidates(here, row, column))
      for i in beam.indices {
        let path = beam[i]
        steps.append(
          Step(
            before: path.step,
            cell: Cell(
              Quadrants.glyph(path.mask), foreground: path.fore?.color, background: path.back?.color)))
        beam[i].step = steps.count - 1
      }
    }
    var cells: [Cell] = []
    var at = beam.first?.step ?? -1
    while at >= 0 {
      cells.append(steps[at].cell)
      at = steps[at].before
    }
    return cells.reversed()
  }

  /// Colours worth changing to: the cell's mean, the means of its two most different parts, and the mean of it and the
  /// next three.
  private func candidates(_ here: Quarters, _ row: Int, _ column: Int) -> [Swatch] {
    let all = SIMD4<Float>(repeating: 1)
    var ahead = SIMD4<Float>.zero
    let end = min(size.columns, column + 4)
    for next in column..<end { ahead += quarters[row * size.columns + next].mean(all) }
    var found: [Swatch] = []
    found.reserveCapacity(4)
    func add(_ mean: SIMD4<Float>) {
      let swatch = swatch(mean)
      if !found.contains(where: { $0.shown == swatch.shown }) { found.append(swatch) }
    }
    add(here.mean(all))
    add(ahead / Float(end - column))
    let distances = (0..<4).map { here.errors(here[$0]) }
    let first = distances.indices.max { distances[$0].max() < distances[$1].max() } ?? 0
    let second = (0..<4).max { distances[first][$0] < distances[first][$1] } ?? 0
    let isFirst = distances[first] .<= distances[second]
    let ones = SIMD4<Float>.zero.replacing(with: all, where: isFirst)
    add(here.mean(ones))
    if ones.sum() < 4 { add(here.mean(all - ones)) }
    return found
  }

  /// The colour of the level that is nearest; 24-bit ones to two bits less, which the eye does not tell.
  private func swatch(_ mean: SIMD4<Float>) -> Swatch {
    func byte(_ v: Float) -> UInt8 { UInt8(min(255, max(0, v.rounded()))) }
    func coarse(_ v: Float) -> UInt8 { UInt8(min(252, (max(0, v) / 4).rounded() * 4)) }
    guard level != .direct else {
      let color = Color(
        red: coarse(mean.x), green: coarse(mean.y), blue: coarse(mean.z), indexed: 16, ansi: 0)
      return Swatch(color: color, shown: SIMD4(Float(color.red), Float(color.green), Float(color.blue), 0))
    }
    let index = Palette.indexed(red: byte(mean.x), green: byte(mean.y), blue: byte(mean.z))
    let shown = Palette.components(index)
    return Swatch(
      color: Color(red: shown.red, green: shown.green, blue: shown.blue, indexed: index, ansi: 0),
      shown: SIMD4(Float(shown.red), Float(shown.green), Float(shown.blue), 0))
  }
}

// MARK: - The search

extension PictureCoding {
  /// A colour of a pair, with what it would cost each quarter of the cell.
  private struct Choice {
    let swatch: Swatch?
    let errors: SIMD4<Float>
  }

  /// The best ways to show a row up to its next cell.
  private func extended(_ beam: [Path], _ here: Quarters, _ candidates: [Swatch]) -> [Path] {
    let choices = candidates.map { Choice(swatch: $0, errors: here.errors($0.shown)) }
    var found: [Path] = []
    found.reserveCapacity(Self.width + 1)
    for path in beam {
      let (fore, back) = (choice(path.fore, here), choice(path.back, here))
      if path.fore != nil || path.back != nil { consider(path, fore, back, bytes: 0, in: &found) }
      for one in choices {
        consider(path, one, back, bytes: price.one, in: &found)
        consider(path, fore, one, bytes: price.one, in: &found)
      }
    }
    // Two new colours come best after the cheapest path, whatever its own are.
    guard let first = beam.first else { return found }
    for (i, one) in choices.enumerated() {
      for (j, other) in choices.enumerated() where j != i {
        consider(first, one, other, bytes: price.both, in: &found)
      }
    }
    return found
  }

  private func choice(_ swatch: Swatch?, _ here: Quarters) -> Choice {
    Choice(swatch: swatch, errors: swatch.map { here.errors($0.shown) } ?? SIMD4(repeating: 1e12))
  }

  /// Keeps a path with two colours for its next cell where it is among the best.
  private func consider(
    _ path: Path, _ fore: Choice, _ back: Choice, bytes: Float, in found: inout [Path]
  ) {
    let error = pointwiseMin(fore.errors, back.errors).sum()
    let takesFore = fore.errors .< back.errors
    let cost = path.cost + error + price.byte * (bytes + (any(takesFore) ? 3 : 1))
    if found.count == Self.width, found[Self.width - 1].cost <= cost { return }
    var mask = 0
    for i in 0..<4 where takesFore[i] { mask |= 1 << i }
    Self.keep(
      Path(cost: cost, fore: fore.swatch, back: back.swatch, step: path.step, mask: mask), in: &found)
  }

  /// Keeps a path among the best, one for each pair of colours, the cheapest first.
  private static func keep(_ path: Path, in found: inout [Path]) {
    if let same = found.firstIndex(where: {
      $0.fore?.shown == path.fore?.shown && $0.back?.shown == path.back?.shown
    }) {
      if found[same].cost <= path.cost { return }
      found.remove(at: same)
    } else if found.count == width {
      found.removeLast()
    }
    found.insert(path, at: found.firstIndex { $0.cost > path.cost } ?? found.count)
  }
}
