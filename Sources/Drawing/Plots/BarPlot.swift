/// Horizontal bars with a name before and a value behind each, such as class probabilities.
public struct BarPlot: Hashable, Sendable, Drawable {
  /// One bar, on a row of its own.
  public struct Entry: Hashable, Sendable {
    /// What is written before the bar.
    public var name: String
    /// Shown by the bar's length, from 0 to ``BarPlot/upper``; no bar where it is negative or not finite.
    public var value: Double
    /// What is written behind the bar.
    public var text: String
    /// A confidence interval, drawn over the bar's end.
    public var interval: ClosedRange<Double>?
    /// The bar's colour; nil takes the theme's accent.
    public var color: Color?

    public init(
      _ name: String, _ value: Double, text: String = "", interval: ClosedRange<Double>? = nil,
      color: Color? = nil
    ) {
      self.name = name
      self.value = value
      self.text = text
      self.interval = interval
      self.color = color
    }
  }

  /// From the top, a row each; those that have no room are left out.
  public var entries: [Entry]
  /// The value of a full bar; nil takes the largest.
  public var upper: Double?
  /// The index of the entry whose name and text are set off; nil for none.
  public var selection: Int?

  public init(_ entries: [Entry], upper: Double? = nil, selection: Int? = nil) {
    self.entries = entries
    self.upper = upper
    self.selection = selection
  }
}
