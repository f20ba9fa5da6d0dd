/// Eigenvalues as bars from a zero line, largest first, and marks of other values at the same places.
public struct SpectrumPlot: Hashable, Sendable, Drawable {
  /// In the unit that ``title`` says; one that is not finite has no bar.
  public var values: [Double]
  /// The index of the value whose bar is set off; nil for none.
  public var selection: Int?
  /// Values of other spectra, as marks at the same places; their names stand above.
  public var others: [Other] = []

  /// Another spectrum to compare with.
  public struct Other: Hashable, Sendable {
    public var name: String
    public var values: [Double]
    /// nil takes a look by the place among those that have none.
    public var style: CurveStyle?

    public init(_ name: String, _ values: [Double], style: CurveStyle? = nil) {
      self.name = name
      self.values = values
      self.style = style
    }
  }

  /// What an iteration has for the values: a mark apart from those of other networks.
  public static let estimate = CurveStyle(.white, light: .black, mark: .lozenge)
  /// What the values are, with their unit.
  public var title: String
  /// What the bars are counted as, such as `eigenvector`.
  public var indexTitle: String

  public init(
    _ values: [Double], others: [Other] = [], selection: Int? = nil, title: String = "",
    indexTitle: String = ""
  ) {
    self.values = values
    self.others = others
    self.selection = selection
    self.title = title
    self.indexTitle = indexTitle
  }
}
