extension Picture {
  public func draw(on canvas: inout Canvas) {
    let cells = cells(in: canvas.size)
    guard !cells.isEmpty else { return }
    let row = isCentered ? (canvas.size.rows - cells.rows) / 2 : 0
    let column = isCentered ? (canvas.size.columns - cells.columns) / 2 : 0
    if canvas.appearance.colors >= .ansi16, canvas.hasBlocks {
      let coded = PictureMemory.cells(of: self, cells, canvas.appearance.colors)
      for (i, cell) in coded.enumerated() {
        canvas[row + i / cells.columns, column + i % cells.columns] = cell
      }
      return
    }
    let small = resampled(width: cells.columns, height: cells.rows)
    let range = small.lightness
    for r in 0..<cells.rows {
      for c in 0..<cells.columns { canvas[row + r, column + c] = glyph(small[r, c], range, canvas) }
    }
  }

  /// Brightness by ink, from the darkest to the lightest part of the picture; the other way round on light backgrounds.
  private func glyph(_ color: Color, _ range: ClosedRange<Double>, _ canvas: Canvas) -> Cell {
    let width = range.upperBound - range.lowerBound
    let light = width > 0.02 ? (color.lightness - range.lowerBound) / width : color.lightness
    let ink = canvas.appearance.background == .dark ? light : 1 - light
    let colored = canvas.appearance.colors >= .ansi16
    return Cell(Ramp.glyph(ink, canvas.appearance.glyphs), foreground: colored ? color : nil)
  }

  /// The image at another size, each pixel the mean of the area it covers.
  public func resampled(width: Int, height: Int) -> RGBImage {
    var result = RGBImage(width: max(0, width), height: max(0, height), fill: .black)
    guard image.width > 0, image.height > 0 else { return result }
    let across = (0..<result.width).map { Self.weights($0, of: result.width, source: image.width) }
    let down = (0..<result.height).map { Self.weights($0, of: result.height, source: image.height) }
    for y in 0..<result.height {
      for x in 0..<result.width { result[y, x] = mean(down[y], across[x]) }
    }
    return result
  }

  private func mean(_ down: [(Int, Double)], _ across: [(Int, Double)]) -> Color {
    var (red, green, blue, total) = (0.0, 0.0, 0.0, 0.0)
    for (y, a) in down {
      for (x, b) in across {
        let i = 3 * (y * image.width + x)
        red += a * b * Double(image.bytes[i])
        green += a * b * Double(image.bytes[i + 1])
        blue += a * b * Double(image.bytes[i + 2])
        total += a * b
      }
    }
    func byte(_ sum: Double) -> UInt8 { UInt8((sum / total).rounded()) }
    return Color(red: byte(red), green: byte(green), blue: byte(blue))
  }

  /// The source pixels that pixel `i` of `count` covers, each with the length covered.
  private static func weights(_ i: Int, of count: Int, source: Int) -> [(Int, Double)] {
    let ratio = Double(source) / Double(count)
    let (from, to) = (Double(i) * ratio, Double(i + 1) * ratio)
    return (Int(from)...max(Int(from), min(source - 1, Int(to)))).compactMap { pixel in
      let overlap = min(to, Double(pixel + 1)) - max(from, Double(pixel))
      return pixel < source && overlap > 1e-9 ? (pixel, overlap) : nil
    }
  }
}

extension Color {
  /// The square root of the luminance: close to even steps for the eye, 0…1.
  fileprivate var lightness: Double { luminance.squareRoot() }
}

extension RGBImage {
  /// The lightness that a fiftieth of the pixels does not reach, and that which another one passes.
  fileprivate var lightness: ClosedRange<Double> {
    let sorted = (0..<width * height).map { self[$0 / width, $0 % width].lightness }.sorted()
    guard let last = sorted.indices.last else { return 0...1 }
    return sorted[last / 50]...sorted[last - last / 50]
  }
}

extension Cell {
  /// Two pixels, one above the other: the upper in the foreground of ▀; equal ones as a blank on their colour.
  init(upper: Color, lower: Color) {
    self =
      upper == lower ? Cell(" ", background: upper) : Cell("▀", foreground: upper, background: lower)
  }
}
