internal import Drawing

/// Mouse reports of terminals; remembers the button that is held, since old reports name none on release.
struct MouseDecoder: Sendable {
  private var held = Mouse.Button.none

  /// The numbers of a report with mode 1006: button and flags, column and row counted from 1.
  mutating func decode(_ numbers: [Int], released: Bool) -> Mouse? {
    guard numbers.count == 3, numbers[0] >= 0, numbers[1] > 0, numbers[2] > 0 else { return nil }
    return event(numbers[0], released: released, row: numbers[2] - 1, column: numbers[1] - 1)
  }

  /// The three bytes of a report without mode 1006.
  mutating func decodeOld(_ bytes: [UInt8]) -> Mouse? {
    let flags = Int(bytes[0]) - 32
    let (column, row) = (Int(bytes[1]) - 33, Int(bytes[2]) - 33)
    guard flags >= 0, column >= 0, row >= 0 else { return nil }
    return event(flags, released: flags & 0x63 == 3, row: row, column: column)
  }

  private mutating func event(_ flags: Int, released: Bool, row: Int, column: Int) -> Mouse? {
    if flags & 0x40 != 0 {
      guard !released, flags & 3 < 2 else { return nil }
      return Mouse(flags & 1 == 0 ? .wheelUp : .wheelDown, button: .none, row: row, column: column)
    }
    let button: Mouse.Button = [.left, .middle, .right, .none][flags & 3]
    if released {
      let button = button == .none ? held : button
      held = .none
      return Mouse(.release, button: button, row: row, column: column)
    }
    guard button != .none else { return nil }
    held = button
    return Mouse(flags & 0x20 != 0 ? .drag : .press, button: button, row: row, column: column)
  }
}
