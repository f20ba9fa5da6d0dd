/// A section of the decision regions as a picture: regions or signed margin, the boundary as a line, curves,
/// markers, a cursor, axes with ticks, and a legend.
///
/// s runs to the right, t upwards. It reads at every colour level: with 256 colours and more each cell shows two
/// pixels; with 8 or 16 a colour for the sign and a shade for the size; without colours glyphs, letters and
/// reverse video.
public struct Heatmap: Sendable, Drawable {
  /// What the cells show: the class at each point, or how far the margin is from zero.
  public enum Mode: Sendable, CaseIterable { case labels, margin }

  /// A point with a glyph and a name, such as x or z.
  public struct Marker: Hashable, Sendable {
    /// Where it stands; outside the window it is not drawn.
    public var point: PlanePoint
    /// The sign at the point, one column wide.
    public var glyph: Unicode.Scalar
    /// Written at the glyph's right, or left where the right has no room; empty for none.
    public var label: String

    public init(_ point: PlanePoint, glyph: Unicode.Scalar, label: String = "") {
      self.point = point
      self.glyph = glyph
      self.label = label
    }
  }

  /// A polyline of the plane, such as the osculating circle; NaN breaks it.
  public struct Curve: Hashable, Sendable {
    /// Joined in their order by straight lines.
    public var points: [PlanePoint]
    /// Stands in the caption beside a sample of the colour; empty for none.
    public var name: String
    /// nil takes one that stands out from regions and contour.
    public var color: Color?

    public init(_ points: [PlanePoint], name: String = "", color: Color? = nil) {
      self.points = points
      self.name = name
      self.color = color
    }
  }

  /// The signed margins and the labels of the samples, read in between by bilinear interpolation.
  public var field: Field
  /// Names of the classes by label; a label without a name is shown by its number.
  public var classNames: [String]
  /// What the cells show; the contour is the same in both.
  public var mode: Mode
  /// The margin at both ends of the colour scale; nil takes the field's own largest magnitude.
  ///
  /// Two pictures can be compared only when they share it.
  public var limit: Float?
  /// The point that the user moves, marked on the axes as well; nil for none.
  public var cursor: PlanePoint?
  /// Drawn over everything but the cursor.
  public var markers: [Marker]
  /// Drawn over the regions, under the contour.
  public var curves: [Curve]
  /// What s and t are, with their unit.
  public var horizontal: String
  /// What t is, with its unit.
  public var vertical: String
  /// Whether the line where the margin is zero is drawn.
  public var showsContour = true
  /// Whether axes with ticks are drawn, where there are 7 rows and 20 columns.
  public var showsAxes = true
  /// Whether the last row explains colours or classes, where there are 11 rows (4 without axes).
  public var showsLegend = true
  /// The part of the plane that is shown; nil is all of the field.
  public var window: (s: ClosedRange<Float>, t: ClosedRange<Float>)?

  /// A picture of the whole field, with contour, axes and legend.
  public init(
    _ field: Field, classNames: [String] = [], mode: Mode = .margin, limit: Float? = nil,
    cursor: PlanePoint? = nil,
    markers: [Marker] = [], curves: [Curve] = [], horizontal: String = "along v, px",
    vertical: String = "along r, px"
  ) {
    self.field = field
    self.classNames = classNames
    self.mode = mode
    self.limit = limit
    self.cursor = cursor
    self.markers = markers
    self.curves = curves
    self.horizontal = horizontal
    self.vertical = vertical
  }

  /// Which cells of `area` show which points, for the mouse and the cursor.
  public func plotArea(in area: Rectangle, appearance: Appearance) -> PlotArea {
    var plot = layout(area.size, appearance).plot
    plot.cells.row += area.row
    plot.cells.column += area.column
    return plot
  }
}
