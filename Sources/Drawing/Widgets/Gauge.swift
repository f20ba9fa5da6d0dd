/// A progress bar on one row: a label, a bar in eighths of a cell, and a remark such as the time left.
public struct Gauge: Hashable, Sendable, Drawable {
  /// The share done, 0…1; nil when the length of the work is unknown.
  public var fraction: Double?
  /// Written left of the bar; empty for none.
  public var label: String
  /// Written right of the bar, where that leaves the bar room; empty for none.
  public var remark: String

  public init(_ fraction: Double?, label: String = "", remark: String = "") {
    self.fraction = fraction
    self.label = label
    self.remark = remark
  }

  /// A bar with the time the work still needs; nil while that is unknown.
  public init(_ fraction: Double?, label: String = "", secondsLeft: Double?) {
    let remark = secondsLeft.map { "\(Number.duration($0)) left" }
    self.init(fraction, label: label, remark: remark ?? "")
  }

  public func draw(on canvas: inout Canvas) {
    let glyphs = canvas.appearance.glyphs
    var left = 0
    if !label.isEmpty { left = canvas.put(label, row: 0, column: 0) + 1 }
    var right = canvas.size.columns
    let width = Text.columns(remark, glyphs)
    if width > 0, right - left - width > 6 {
      right -= width + 1
      canvas.put(remark, row: 0, column: right + 1, canvas.theme.muted)
    }
    guard right - left >= 3 else { return }
    canvas[0, left] = Cell(canvas.hasBlocks ? "▕" : "[", foreground: canvas.theme.border.foreground)
    canvas[0, right - 1] = Cell(canvas.hasBlocks ? "▏" : "]", foreground: canvas.theme.border.foreground)
    bar(from: left + 1, width: right - left - 2, on: &canvas)
  }

  private func bar(from column: Int, width: Int, on canvas: inout Canvas) {
    let color = canvas.theme.accent.foreground
    guard let fraction, fraction.isFinite else {
      for i in 0..<width { canvas[0, column + i] = Cell(canvas.hasBlocks ? "░" : ".", foreground: color) }
      return
    }
    for (i, glyph) in Bar.glyphs(fraction * Double(width), width: width, canvas.appearance.glyphs)
      .enumerated()
    {
      canvas[0, column + i] = Cell(glyph, foreground: color)
    }
  }
}
