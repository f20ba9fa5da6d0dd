/// Horizontal bars with a name before and a value behind each, such as class probabilities.
public struct BarPlot: Hashable, Sendable, Drawable {
  public struct Entry: Hashable, Sendable {
    public var name: String
    public var value: Double
    /// What is written behind the bar.
    public var text: String
    /// A confidence interval, drawn over the bar's end.
    public var interval: ClosedRange<Double>?
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

  public var entries: [Entry]
  /// The value of a full bar; nil takes the largest.
  public var upper: Double?
  public var selection: Int?

  public init(_ entries: [Entry], upper: Double? = nil, selection: Int? = nil) {
    self.entries = entries
    self.upper = upper
    self.selection = selection
  }
}
