extension Int {
  /// The number without its fraction; what no integer holds becomes the nearest one, and what is no number 0.
  ///
  /// Numbers out of files become integers in this way alone: `Int(x)` traps where they do not fit.
  public init(saturating x: Double) {
    self = x.isNaN ? 0 : Int(exactly: x.rounded(.towardZero)) ?? (x < 0 ? .min : .max)
  }

  /// The same of a number in single precision.
  public init(saturating x: Float) { self.init(saturating: Double(x)) }
}
