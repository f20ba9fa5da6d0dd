/// Eigenvalues as bars from a zero line, largest first, with the residual of each as an error bar.
public struct SpectrumPlot: Hashable, Sendable, Drawable {
  /// In the unit that ``title`` says; one that is not finite has no bar.
  public var values: [Double]
  /// The residual norms, which bound the error of each value; empty for none.
  public var residuals: [Double]
  /// The index of the value whose bar is set off; nil for none.
  public var selection: Int?
  /// Values of other spectra, as marks at the same places; their names stand above.
  public var others: [Other] = []

  /// Another spectrum to compare with.
  public struct Other: Hashable, Sendable {
    public var name: String
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }
  /// What the values are, with their unit.
  public var title: String
  /// What the bars are counted as, such as `eigenvector`.
  public var indexTitle: String

  public init(
    _ values: [Double], residuals: [Double] = [], selection: Int? = nil, title: String = "",
    indexTitle: String = ""
  ) {
    precondition(
      residuals.isEmpty || residuals.count == values.count,
      "\(values.count) values have as many residuals, not \(residuals.count)")
    self.values = values
    self.residuals = residuals
    self.selection = selection
    self.title = title
    self.indexTitle = indexTitle
  }
}
