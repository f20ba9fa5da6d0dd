/// Cells for a picture in 16 colours, or 8: half blocks where the halves of a cell differ, shades of two colours where their
/// mixture comes nearer.
///
/// So few colours alone turn most pictures grey. What is shown is the nearest of all mixtures of two colours by the
/// measured ink of the shades (0.18, 0.49, 0.79), by squared distance over both halves of a cell. Cost: some 400
/// comparisons a cell, 100 with 8 colours.
struct PictureShading {
  private struct Mixture {
    let glyph: Unicode.Scalar
    let fore: Int
    let back: Int
    let shown: SIMD4<Float>
  }

  private static let sixteen = PictureShading(16)
  private static let eight = PictureShading(8)

  private let palette: [SIMD4<Float>]
  /// Plain colours, and each pair in three shades.
  private let mixtures: [Mixture]

  private init(_ count: Int) {
    palette = (0..<count).map {
      let (red, green, blue) = Palette.components(UInt8($0))
      return SIMD4(Float(red), Float(green), Float(blue), 0)
    }
    mixtures = Self.mixtures(of: palette)
  }

  private static func mixtures(of palette: [SIMD4<Float>]) -> [Mixture] {
    var all = palette.indices.map { Mixture(glyph: " ", fore: $0, back: $0, shown: palette[$0]) }
    for (glyph, ink) in [("░", 0.18), ("▒", 0.49), ("▓", 0.79)] as [(Unicode.Scalar, Float)] {
      for fore in palette.indices {
        for back in palette.indices where back < fore {
          let shown = palette[back] + ink * (palette[fore] - palette[back])
          all.append(Mixture(glyph: glyph, fore: fore, back: back, shown: shown))
        }
      }
    }
    return all
  }

  /// `pixels` has one column and two rows for each cell.
  static func cells(_ pixels: RGBImage, _ level: Appearance.ColorLevel) -> [Cell] {
    let shading = level == .ansi8 ? eight : sixteen
    let pixels = level == .ansi8 ? stretched(pixels) : pixels
    func color(_ row: Int, _ column: Int) -> SIMD4<Float> {
      let at = 3 * (row * pixels.width + column)
      return SIMD4(Float(pixels.bytes[at]), Float(pixels.bytes[at + 1]), Float(pixels.bytes[at + 2]), 0)
    }
    return (0..<pixels.height / 2).flatMap { row in
      (0..<pixels.width).map { shading.cell(color(2 * row, $0), color(2 * row + 1, $0)) }
    }
  }

  /// The picture with more contrast about its mean: weak colours would all be one grey of the few mixtures.
  private static func stretched(_ pixels: RGBImage) -> RGBImage {
    guard !pixels.bytes.isEmpty else { return pixels }
    let mean = pixels.bytes.reduce(0.0) { $0 + Double($1) } / Double(pixels.bytes.count)
    let sizes = pixels.bytes.map { abs(Double($0) - mean) }.sorted()
    let gain = min(4, max(1, 120 / max(1, sizes[sizes.count * 49 / 50])))
    var result = pixels
    for i in result.bytes.indices {
      result.bytes[i] = UInt8(min(255, max(0, (mean + gain * (Double(result.bytes[i]) - mean)).rounded())))
    }
    return result
  }

  private func cell(_ upper: SIMD4<Float>, _ lower: SIMD4<Float>) -> Cell {
    let (top, bottom) = (nearest(upper), nearest(lower))
    let halves = Self.error(palette[top], upper) + Self.error(palette[bottom], lower)
    var best = (error: halves, cell: Cell(upper: Self.color(top), lower: Self.color(bottom)))
    for mixture in mixtures {
      let sum = Self.error(mixture.shown, upper) + Self.error(mixture.shown, lower)
      if sum < best.error {
        best = (
          sum,
          Cell(
            mixture.glyph, foreground: Self.color(mixture.fore), background: Self.color(mixture.back))
        )
      }
    }
    return best.cell
  }

  private func nearest(_ wanted: SIMD4<Float>) -> Int {
    palette.indices.min { Self.error(palette[$0], wanted) < Self.error(palette[$1], wanted) } ?? 0
  }

  private static func error(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Float {
    let d = a - b
    return (SIMD4(0.9, 1.5, 0.6, 0) * d * d).sum()
  }

  private static func color(_ index: Int) -> Color {
    let (red, green, blue) = Palette.components(UInt8(index))
    return Color(
      red: red, green: green, blue: blue, indexed: Palette.indexed(red: red, green: green, blue: blue),
      ansi: UInt8(index))
  }
}
