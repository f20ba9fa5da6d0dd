internal import CNcurses
internal import Drawing

/// Pairs of foreground and background under our own numbers: ncurses's allocator crashes on terminals without
/// colours and gives pairs in use to others when its table is full.
struct ColorPairs {
  /// What the terminal has.
  let fullLevel: Appearance.ColorLevel
  /// What the canvas that is put wants, at most what the terminal has.
  var level: Appearance.ColorLevel
  private let limit: Int32
  private var numbers: [UInt64: Int32] = [:]

  /// To be made after ncurses has started its colours.
  init(_ level: Appearance.ColorLevel) {
    let colors = curses_colors()
    let enough = colors >= level.count
    fullLevel = enough ? level : colors >= 8 ? .ansi8 : .none
    self.level = fullLevel
    limit = curses_pairs()
  }

  /// The number of a pair; 0, the terminal's own colours, without colours; nil when the table is full.
  mutating func number(_ foreground: Color?, _ background: Color?) -> Int32? {
    if level == .none || (foreground == nil && background == nil) { return 0 }
    return number(exactly: code(foreground), on: code(background))
  }

  /// The number of a pair of colours as ncurses numbers them.
  mutating func number(exactly f: Int32, on b: Int32) -> Int32? {
    let key = UInt64(UInt32(bitPattern: f)) << 32 | UInt64(UInt32(bitPattern: b))
    if let known = numbers[key] { return known }
    let next = Int32(numbers.count) + 1
    if next >= limit { return nil }
    // A pair that ncurses refuses stays 0 for good.
    let number = init_extended_pair(next, f, b) == ERR ? 0 : next
    numbers[key] = number
    return number
  }

  /// Starts over with an empty table; whatever is on the screen has to be put again.
  mutating func forget() {
    numbers = [:]
    curses_forget_pairs()
  }

  /// Whether two colours are one on this terminal.
  func looksAlike(_ a: Color, _ b: Color) -> Bool { level != .none && code(a) == code(b) }

  /// A colour as ncurses numbers it; −1 is the terminal's own.
  private func code(_ color: Color?) -> Int32 {
    guard let color else { return -1 }
    switch level {
    case .none: return -1
    case .ansi8: return Int32(color.ansi % 8)
    case .ansi16: return Int32(color.ansi % 16)
    case .indexed: return Int32(color.indexed)
    case .direct:
      let rgb = Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue)
      // Below 256 the terminal's palette would be meant; the difference cannot be seen.
      return rgb < 256 ? rgb | 256 : rgb
    }
  }
}
