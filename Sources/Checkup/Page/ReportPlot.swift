/// A plot in data units: lines with marks, or bars.
package struct ReportPlot: Sendable {
  package struct Series: Sendable {
    package var name: String
    package var points: [(x: Double, y: Double)]
    /// Lower and upper ends; empty where there are none.
    package var bands: [(Double, Double)] = []
    package var isBars = false
    /// A line alone: its corners are no measurements.
    package var isSteps = false

    package init(
      _ name: String, _ points: [(x: Double, y: Double)], bands: [(Double, Double)] = [],
      isBars: Bool = false,
      isSteps: Bool = false
    ) {
      (self.name, self.points, self.bands, self.isBars) = (name, points, bands, isBars)
      self.isSteps = isSteps
    }
  }

  /// Coloured cells that fill the plot, row after row from the lowest, and what the colours stand for.
  package struct Grid: Sendable {
    package var columns: Int
    package var rows: Int
    /// As 0xRRGGBB.
    package var colors: [UInt32]
    package var names: [(name: String, color: UInt32)]
  }

  package var title: String
  package var horizontal: String
  package var vertical: String
  package var series: [Series]
  package var x: ClosedRange<Double>
  package var y: ClosedRange<Double>
  /// The line y = x, which a calibrated model follows.
  package var showsDiagonal = false
  /// What lies below the lines; such a plot is as high as wide.
  package var grid: Grid?
  /// Points with a name.
  package var marks: [(x: Double, y: Double, name: String)] = []

  package init(
    _ title: String, horizontal: String, vertical: String, x: ClosedRange<Double>, y: ClosedRange<Double>,
    series: [Series], showsDiagonal: Bool = false
  ) {
    (self.title, self.horizontal, self.vertical) = (title, horizontal, vertical)
    (self.x, self.y, self.series, self.showsDiagonal) = (x, y, series, showsDiagonal)
  }
}
