/// A drawing of lines, areas, text and pictures for paper and slides: lengths in points of 1/72 inch, from the upper left
/// corner.
///
/// It says what is drawn and where; how a file of some kind holds it is the concern of whoever writes that file.
public struct Sheet: Hashable, Sendable {
  /// Across and down.
  public struct Point: Hashable, Sendable {
    /// From the left edge.
    public var x: Double
    /// From the upper edge.
    public var y: Double

    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A part of the sheet.
  public struct Box: Hashable, Sendable {
    /// Of the left edge.
    public var x: Double
    /// Of the upper edge.
    public var y: Double
    /// Of the box, not negative; ``height`` likewise.
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
      (self.x, self.y, self.width, self.height) = (x, y, max(0, width), max(0, height))
    }

    var right: Double { x + width }
    var bottom: Double { y + height }
  }

  /// Where a text's end, middle or beginning stands.
  public enum Anchor: Sendable { case start, middle, end }

  /// How a text looks and stands.
  public struct Lettering: Hashable, Sendable {
    /// Of the font, in points.
    public var size: Double
    /// Of its glyphs.
    public var color: Color
    /// Which part of it stands at its point.
    public var anchor: Anchor
    /// Whether it is bold.
    public var isBold: Bool
    /// Whether it runs upwards.
    public var isTurned: Bool
  }

  /// One thing that is drawn.
  public enum Shape: Hashable, Sendable {
    /// Through points; `dashes` are the lengths of strokes and gaps in turn, none for a solid line.
    case line([Point], Color, width: Double, dashes: [Double])
    /// Within a closed line.
    case area([Point], Color, opacity: Double)
    case disc(Point, radius: Double, Color)
    /// On a baseline through the point.
    case text(String, Point, Lettering)
    /// A picture that fills the box; smooth ones are interpolated.
    case picture(RGBImage, Box, isSmooth: Bool)
    /// What follows is cut off outside the box, up to ``unclip``.
    case clip(Box)
    case unclip
  }

  /// Of the sheet, in points; ``height`` likewise.
  public let width: Double
  /// From the upper edge to the lower one.
  public let height: Double
  /// Sizes and colours of what is drawn on it.
  public let style: SheetStyle
  /// Later ones lie on top.
  public private(set) var shapes: [Shape] = []

  public init(width: Double, height: Double, style: SheetStyle) {
    (self.width, self.height, self.style) = (width, height, style)
  }

  /// The whole sheet.
  public var bounds: Box { Box(x: 0, y: 0, width: width, height: height) }

  mutating func add(_ shape: Shape) { shapes.append(shape) }

  mutating func line(_ points: [Point], _ color: Color, width: Double? = nil, dashes: [Double] = []) {
    guard points.count > 1 else { return }
    add(.line(points, color, width: width ?? style.lineWidth, dashes: dashes))
  }

  mutating func text(
    _ text: String, at point: Point, _ color: Color? = nil, anchor: Anchor = .start, size: Double? = nil,
    isBold: Bool = false, isTurned: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let lettering = Lettering(
      size: size ?? style.fontSize, color: color ?? style.ink, anchor: anchor, isBold: isBold,
      isTurned: isTurned)
    add(.text(text, point, lettering))
  }

  mutating func rectangle(_ box: Box, _ color: Color, opacity: Double = 1) {
    add(
      .area(
        [
          Point(box.x, box.y), Point(box.right, box.y), Point(box.right, box.bottom),
          Point(box.x, box.bottom),
        ], color, opacity: opacity))
  }

  /// What `body` draws, cut off at the edges of a box.
  mutating func within(_ box: Box, _ body: (inout Sheet) -> Void) {
    add(.clip(box))
    body(&self)
    add(.unclip)
  }

  /// The sign of a curve's point.
  mutating func mark(_ style: CurveStyle, at point: Point, size: Double? = nil) {
    let (color, r) = (style.color(on: self.style.background), size ?? self.style.markSize)
    func corners(_ unit: [(Double, Double)]) -> [Point] {
      unit.map { Point(point.x + r * $0.0, point.y + r * $0.1) }
    }
    let square = [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
    let triangle = [(0.0, -1.1), (1.0, 0.75), (-1.0, 0.75)]
    let diamond = [(0.0, -1.25), (1.0, 0.0), (0.0, 1.25), (-1.0, 0.0)]
    switch style.mark {
    case .disc: add(.disc(point, radius: r, color))
    case .square: add(.area(corners(square), color, opacity: 1))
    case .triangle: add(.area(corners(triangle), color, opacity: 1))
    case .diamond: add(.area(corners(diamond), color, opacity: 1))
    case .circle:
      add(.disc(point, radius: r, color))
      add(.disc(point, radius: r - 0.9 * self.style.lineWidth, self.style.ground))
    case .box: hollow(corners(square), color)
    case .delta: hollow(corners(triangle), color)
    case .lozenge: hollow(corners(diamond), color)
    }
  }

  private mutating func hollow(_ corners: [Point], _ color: Color) {
    add(.area(corners, style.ground, opacity: 1))
    line(corners + corners.prefix(2), color, width: 0.9 * style.lineWidth)
  }
}

/// What is drawn on a sheet as well as in cells: described once, in the units of its data.
public protocol SheetDrawable: Drawable, Sendable {
  /// How high it wants to be at a width.
  func height(at width: Double, _ style: SheetStyle) -> Double
  /// Whether it takes the whole width of a page of two columns.
  var isWide: Bool { get }
  /// Draws it in a part of the sheet.
  func draw(on sheet: inout Sheet, in box: Sheet.Box)
}

extension SheetDrawable {
  /// One column is enough, unless said.
  public var isWide: Bool { false }
}
