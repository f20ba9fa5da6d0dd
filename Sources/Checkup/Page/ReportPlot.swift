/// A plot in data units: lines with marks, or bars.
package struct ReportPlot: Sendable {
  package struct Series: Sendable {
    package var name: String
    package var points: [(x: Double, y: Double)]
    /// Lower and upper ends; empty where there are none.
    package var bands: [(Double, Double)] = []
    package var isBars = false

    package init(
      _ name: String, _ points: [(x: Double, y: Double)], bands: [(Double, Double)] = [], isBars: Bool = false
    ) {
      (self.name, self.points, self.bands, self.isBars) = (name, points, bands, isBars)
    }
  }

  package var title: String
  package var horizontal: String
  package var vertical: String
  package var series: [Series]
  package var x: ClosedRange<Double>
  package var y: ClosedRange<Double>
  /// The line y = x, which a calibrated model follows.
  package var showsDiagonal = false

  package init(
    _ title: String, horizontal: String, vertical: String, x: ClosedRange<Double>, y: ClosedRange<Double>,
    series: [Series], showsDiagonal: Bool = false
  ) {
    (self.title, self.horizontal, self.vertical) = (title, horizontal, vertical)
    (self.x, self.y, self.series, self.showsDiagonal) = (x, y, series, showsDiagonal)
  }
}
