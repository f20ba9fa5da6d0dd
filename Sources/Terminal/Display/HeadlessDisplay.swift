public import Drawing

/// A display without a terminal: it keeps the last canvas.
public final class HeadlessDisplay: Display {
  public var size: Size
  public let appearance: Appearance
  /// What was shown last.
  public private(set) var canvas: Canvas?
  /// How often something was shown.
  public private(set) var frames = 0

  public init(size: Size, appearance: Appearance = .plain) {
    self.size = size
    self.appearance = appearance
  }

  public func show(_ canvas: Canvas) {
    self.canvas = canvas
    frames += 1
  }
}
