/// Curves with bands, markers and reference lines between two axes.
public struct LinePlot: Hashable, Sendable, Drawable {
  /// One curve with its band and markers.
  public struct Series: Hashable, Sendable {
    /// Stands in the legend; a series without one is left out there.
    public var name: String
    /// Values along the horizontal axis; points are joined in this order.
    public var x: [Double]
    /// Values along the vertical axis, one for each x; one that is not finite breaks the line.
    public var y: [Double]
    /// The band about each point, such as a confidence interval; empty for none.
    public var band: [Band]
    /// Whether every point gets the series' marker.
    public var showsMarkers: Bool
    /// Whether the area between the curve and zero is tinted; it goes before a band.
    public var isFilled: Bool
    /// nil takes a look by the series' place.
    public var style: CurveStyle?

    public init(
      _ name: String, x: [Double], y: [Double], band: [Band] = [], showsMarkers: Bool = true,
      isFilled: Bool = false, style: CurveStyle? = nil
    ) {
      precondition(
        x.count == y.count && (band.isEmpty || band.count == y.count),
        "a series has as many x (\(x.count)) as y (\(y.count)) and ends of its band (\(band.count))")
      self.name = name
      self.x = x
      self.y = y
      self.band = band
      self.showsMarkers = showsMarkers
      self.isFilled = isFilled
      self.style = style
    }

    /// With a band of y ± a deviation about each point.
    public init(
      _ name: String, x: [Double], y: [Double], deviation: [Double], showsMarkers: Bool = true,
      style: CurveStyle? = nil
    ) {
      self.init(
        name, x: x, y: y, band: zip(y, deviation).map { Band($0 - $1, $0 + $1) }, showsMarkers: showsMarkers,
        style: style)
    }
  }

  /// The ends of a band at one point, in the units of the vertical axis; ends that are not finite are not drawn.
  public struct Band: Hashable, Sendable {
    /// The lower end.
    public var lower: Double
    /// The upper end.
    public var upper: Double

    public init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }
  }

  /// A horizontal line, such as the fooling rate of a published perturbation.
  public struct Reference: Hashable, Sendable {
    /// Written beside the line where there is room; empty for none.
    public var name: String
    /// The height of the line in the units of the vertical axis.
    public var y: Double
    /// Whose look the line has; nil is muted.
    public var style: CurveStyle?

    public init(_ name: String, y: Double, style: CurveStyle? = nil) {
      self.name = name
      self.y = y
      self.style = style
    }
  }

  /// The first lies on top.
  public var series: [Series]
  /// Broken lines from side to side, under the curves.
  public var references: [Reference]
  /// nil chooses the axis by the data.
  public var horizontal: Axis?
  /// The axis at the left; nil holds all points, bands and reference lines, and zero where it is linear.
  public var vertical: Axis?
  /// The scale where ``horizontal`` is nil.
  public var horizontalScale: Axis.Scale
  /// The scale where ``vertical`` is nil.
  public var verticalScale: Axis.Scale
  /// What x and y are, with their units.
  public var horizontalTitle: String
  /// What y is, with its unit; it stands above the axis.
  public var verticalTitle: String
  /// The x of a vertical line the user moves; the legend shows the values there.
  public var cursor: Double?

  public init(
    _ series: [Series], references: [Reference] = [], horizontal: Axis? = nil, vertical: Axis? = nil,
    horizontalScale: Axis.Scale = .linear, verticalScale: Axis.Scale = .linear, horizontalTitle: String = "",
    verticalTitle: String = "", cursor: Double? = nil
  ) {
    self.series = series
    self.references = references
    self.horizontal = horizontal
    self.vertical = vertical
    self.horizontalScale = horizontalScale
    self.verticalScale = verticalScale
    self.horizontalTitle = horizontalTitle
    self.verticalTitle = verticalTitle
    self.cursor = cursor
  }

  /// The same for a page, on which nobody moves a line.
  public var withoutCursor: LinePlot {
    var plot = self
    plot.cursor = nil
    return plot
  }
}
