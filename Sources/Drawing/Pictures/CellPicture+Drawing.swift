extension CellPicture {
  /// Finds the cells that it takes in an area of this size, so that drawing it there later costs next to nothing.
  ///
  /// Callable from any thread.
  public func prepare(in size: Size, _ appearance: Appearance) {
    let cells = cells(in: size)
    guard !cells.isEmpty, appearance.colors >= .ansi8, appearance.glyphs == .blocks else { return }
    _ = PictureMemory.cells(of: self, cells, appearance.colors)
    if let pixels = appearance.pixels { _ = PictureMemory.pixels(of: self, cells, pixels) }
  }

  public func draw(on canvas: inout Canvas) {
    let cells = cells(in: canvas.size)
    guard !cells.isEmpty else { return }
    let row = isCentered ? (canvas.size.rows - cells.rows) / 2 : 0
    let column = isCentered ? (canvas.size.columns - cells.columns) / 2 : 0
    if canvas.appearance.colors >= .ansi8, canvas.hasBlocks {
      let coded = PictureMemory.cells(of: self, cells, canvas.appearance.colors)
      for (i, cell) in coded.enumerated() {
        canvas[row + i / cells.columns, column + i % cells.columns] = cell
      }
      if let pixels = canvas.appearance.pixels {
        canvas.lay(PictureMemory.pixels(of: self, cells, pixels), row: row, column: column)
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
    result.bytes.withUnsafeMutableBufferPointer { out in
      image.bytes.withUnsafeBufferPointer { source in
        var at = 0
        for rows in down {
          for columns in across {
            let mean = mean(rows, columns, source)
            for c in 0..<3 { out[at + c] = UInt8(mean[c]) }
            at += 3
          }
        }
      }
    }
    return result
  }

  /// Red, green and blue, 0…255, rounded.
  private func mean(
    _ down: [(Int, Double)], _ across: [(Int, Double)], _ bytes: UnsafeBufferPointer<UInt8>
  ) -> SIMD4<Double> {
    var (sum, total) = (SIMD4<Double>.zero, 0.0)
    for (y, a) in down {
      for (x, b) in across {
        let i = 3 * (y * image.width + x)
        sum += (a * b) * SIMD4(Double(bytes[i]), Double(bytes[i + 1]), Double(bytes[i + 2]), 0)
        total += a * b
      }
    }
    return (sum / total).rounded(.toNearestOrAwayFromZero)
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
