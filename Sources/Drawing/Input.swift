/// What the person at the terminal did, or what else woke the interface; the explorer's only source of events
/// besides the work it started.
public enum Input: Hashable, Sendable {
  case key(Key)
  case mouse(Mouse)
  /// The screen has this size from now on.
  case resized(Size)
  /// Text pasted as a whole; control characters are left out, line breaks are "\n".
  case paste(String)
  /// The terminal has said what colour lies behind its text.
  case background(Appearance.Background)
  /// The terminal shows pictures with so many pixels a cell; nil where it shows none.
  case pixels(CellPixels?)
  /// A worker left something in the mailbox.
  case woken
}

/// A key, named by what it means and not by the bytes that a terminal sends for it.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Control and a letter or one of `@ [ \ ] ^ _`, in lower case: `control("c")`.
  case control(Character)
  case function(Int)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, pageUp, pageDown, home, end
}

/// A mouse event at a cell counted from 0.
public struct Mouse: Hashable, Sendable {
  /// What was done with the mouse.
  public enum Action: Hashable, Sendable {
    case press, release
    /// The mouse moved while the button was held.
    case drag
    case wheelUp, wheelDown
  }
  /// A button; `none` for the wheel, and for a release where no button is known.
  public enum Button: Hashable, Sendable { case left, middle, right, none }

  /// A press, a release, a drag or a turn of the wheel.
  public var action: Action
  /// The button that is pressed, held or let go; `none` for the wheel.
  public var button: Button
  /// Row of the cell, 0 at the top of the screen.
  public var row: Int
  /// Column of the cell, 0 at the left of the screen.
  public var column: Int

  public init(_ action: Action, button: Button = .left, row: Int, column: Int) {
    self.action = action
    self.button = button
    self.row = row
    self.column = column
  }
}
