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
    var byte: Float
    /// Bytes a cell beyond which a picture is so busy that no single colour of it is seen.
    let busy: Float

    /// λ of each level is the largest at which no difference is seen beside every colour in its place.
    init(_ level: Appearance.ColorLevel) {
      self =
        level == .direct
        ? Price(one: 18, both: 34, byte: 50, busy: 24) : Price(one: 11, both: 20, byte: 300, busy: 11)
    }

    private init(one: Float, both: Float, byte: Float, busy: Float) {
      (self.one, self.both, self.byte, self.busy) = (one, both, byte, busy)
    }

    /// What it costs to show these cells one after the other.
    func bytes(of cells: [Cell]) -> Float {
      var last: Cell?
      return cells.reduce(0) { sum, cell in
        let changes = [cell.foreground != last?.foreground, cell.background != last?.background].count { $0 }
        last = cell
        return sum + [0, one, both][changes] + Float(cell.glyph.utf8.count)
      }
    }
  }

  /// Pairs of colours that are followed at a time.
  private static let width = 6

  private let level: Appearance.ColorLevel
  private var price: Price
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

  /// A colour as it is shown: red, green and blue in a byte each, and above them its index in the palette of 256.
  private struct Swatch: Equatable {
    var code: UInt32

    /// No colour yet: far from every other one.
    static let none = Swatch(code: .max)

    var shown: SIMD4<Float> {
      SIMD4(Float(code >> 16 & 255), Float(code >> 8 & 255), Float(code & 255), 0)
    }

    var color: Color? {
      if self == .none { return nil }
      func byte(_ shift: UInt32) -> UInt8 { UInt8(code >> shift & 255) }
      return Color(red: byte(16), green: byte(8), blue: byte(0), indexed: byte(24), ansi: 0)
    }
  }

  /// The colour of the level that is nearest; 24-bit ones to two bits less, which the eye does not tell.
  private func swatch(_ mean: SIMD4<Float>) -> Swatch {
    func byte(_ v: Float) -> UInt8 { UInt8(min(255, max(0, v.rounded()))) }
    func coarse(_ v: Float) -> UInt8 { UInt8(min(252, (max(0, v) / 4).rounded() * 4)) }
    func code(_ index: UInt8, _ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Swatch {
      Swatch(code: UInt32(index) << 24 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
    }
    if level == .direct { return code(16, coarse(mean.x), coarse(mean.y), coarse(mean.z)) }
    let index = Palette.indexed(red: byte(mean.x), green: byte(mean.y), blue: byte(mean.z))
    let shown = Palette.components(index)
    return code(index, shown.red, shown.green, shown.blue)
  }
}

// MARK: - The search

extension PictureCoding {
  /// A way to show a row up to some cell.
  private struct Path {
    var cost: Float
    var fore: Swatch
    var back: Swatch
    /// The step that led here, in the row's list; −1 at its beginning.
    var step: Int32
    /// Which quarters of the last cell take the foreground.
    var mask: UInt8 = 0
  }

  /// A colour of a pair, with what it would cost each quarter of the cell.
  private struct Choice {
    var swatch: Swatch
    var errors: SIMD4<Float>

    init(_ swatch: Swatch, _ here: Quarters) {
      self.swatch = swatch
      errors = swatch == .none ? SIMD4(repeating: 1e12) : here.errors(swatch.shown)
    }
  }

  /// What the search of a row writes on, kept for the next one.
  private struct Scratch {
    var beam: [Path] = []
    var found: [Path] = []
    var choices: [Choice] = []
    /// All paths kept, each with the step before it.
    var steps: [Path] = []
  }

  /// The cells, row after row; those of a busy picture at twice or four times λ.
  func cells() -> [Cell] {
    var (coding, cells) = (self, search())
    for _ in 0..<2 where price.bytes(of: cells) > price.busy * Float(cells.count) {
      coding.price.byte *= 2
      cells = coding.search()
    }
    return cells
  }

  private func search() -> [Cell] {
    var scratch = Scratch()
    var cells: [Cell] = []
    cells.reserveCapacity(size.rows * size.columns)
    for row in 0..<size.rows { append(row, to: &cells, &scratch) }
    return cells
  }

  private func append(_ row: Int, to cells: inout [Cell], _ scratch: inout Scratch) {
    scratch.steps.removeAll(keepingCapacity: true)
    scratch.beam = [Path(cost: 0, fore: .none, back: .none, step: -1)]
    for column in 0..<size.columns {
      let here = quarters[row * size.columns + column]
      choose(here, row, column, &scratch.choices)
      extend(here, &scratch)
      swap(&scratch.beam, &scratch.found)
      for i in scratch.beam.indices {
        scratch.steps.append(scratch.beam[i])
        scratch.beam[i].step = Int32(scratch.steps.count - 1)
      }
    }
    let start = cells.count
    var at = scratch.beam.first?.step ?? -1
    while at >= 0 {
      let step = scratch.steps[Int(at)]
      cells.append(
        Cell(Quadrants.glyph(Int(step.mask)), foreground: step.fore.color, background: step.back.color))
      at = step.step
    }
    cells[start...].reverse()
  }

  /// Colours worth changing to: the cell's mean, the means of its two most different parts, and the mean of it and the
  /// next three.
  private func choose(_ here: Quarters, _ row: Int, _ column: Int, _ found: inout [Choice]) {
    let all = SIMD4<Float>(repeating: 1)
    var ahead = SIMD4<Float>.zero
    let end = min(size.columns, column + 4)
    for next in column..<end { ahead += quarters[row * size.columns + next].mean(all) }
    found.removeAll(keepingCapacity: true)
    func add(_ mean: SIMD4<Float>) {
      let swatch = swatch(mean)
      if !found.contains(where: { $0.swatch == swatch }) { found.append(Choice(swatch, here)) }
    }
    add(here.mean(all))
    add(ahead / Float(end - column))
    let isFirst = here.nearerToFirst
    let ones = SIMD4<Float>.zero.replacing(with: all, where: isFirst)
    add(here.mean(ones))
    if ones.sum() < 4 { add(here.mean(all - ones)) }
  }

  /// The best ways to show a row up to its next cell.
  private func extend(_ here: Quarters, _ scratch: inout Scratch) {
    scratch.found.removeAll(keepingCapacity: true)
    for path in scratch.beam where isWorth(path, 0, scratch.found) {
      let (fore, back) = (Choice(path.fore, here), Choice(path.back, here))
      if path.step >= 0 { consider(path, fore, back, bytes: 0, in: &scratch.found) }
      guard isWorth(path, price.one, scratch.found) else { continue }
      for one in scratch.choices {
        consider(path, one, back, bytes: price.one, in: &scratch.found)
        consider(path, fore, one, bytes: price.one, in: &scratch.found)
      }
    }
    // Two new colours come best after the cheapest path, whatever its own are.
    guard let first = scratch.beam.first, isWorth(first, price.both, scratch.found) else { return }
    for (i, one) in scratch.choices.enumerated() {
      for (j, other) in scratch.choices.enumerated() where j != i {
        consider(first, one, other, bytes: price.both, in: &scratch.found)
      }
    }
  }

  /// Whether a path can still be among the best with as many bytes more, were there no error at all.
  private func isWorth(_ path: Path, _ bytes: Float, _ found: [Path]) -> Bool {
    found.count < Self.width || path.cost + price.byte * bytes < found[Self.width - 1].cost
  }

  /// Keeps a path with two colours for its next cell where it is among the best.
  private func consider(
    _ path: Path, _ fore: Choice, _ back: Choice, bytes: Float, in found: inout [Path]
  ) {
    let error = pointwiseMin(fore.errors, back.errors).sum()
    let takesFore = fore.errors .< back.errors
    let cost = path.cost + error + price.byte * (bytes + (any(takesFore) ? 3 : 1))
    if found.count == Self.width, found[Self.width - 1].cost <= cost { return }
    var mask: UInt8 = 0
    for i in 0..<4 where takesFore[i] { mask |= 1 << UInt8(i) }
    Self.keep(Path(cost: cost, fore: fore.swatch, back: back.swatch, step: path.step, mask: mask), in: &found)
  }

  /// Keeps a path among the best, one for each pair of colours, the cheapest first.
  private static func keep(_ path: Path, in found: inout [Path]) {
    if let same = found.firstIndex(where: { $0.fore == path.fore && $0.back == path.back }) {
      if found[same].cost <= path.cost { return }
      found.remove(at: same)
    } else if found.count == width {
      found.removeLast()
    }
    found.insert(path, at: found.firstIndex { $0.cost > path.cost } ?? found.count)
  }
}
