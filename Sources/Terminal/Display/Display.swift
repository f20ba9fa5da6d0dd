public import Drawing

/// Something that shows canvases: a terminal, or a value that tests and scripts read.
///
/// Used on one thread, the one that made it.
public protocol Display: AnyObject {
  /// Rows and columns that fit now.
  var size: Size { get }
  /// What canvases for this display may use.
  var appearance: Appearance { get }
  /// Shows a canvas from the upper left corner: what does not fit is cut off, what it leaves is blank.
  func show(_ canvas: Canvas)
}
