internal import Drawing

/// Something the person can ask for: what keys, the palette and the mouse lead to.
enum Action: Hashable, Sendable {
  // Everywhere
  case show(ScreenName)
  case help, palette, back, quit, suspend, redraw
  case export
  case exportScreen(Export.Format)
  case copy
  case search
  case tourStep(Int)
  case startTour, endTour
  case toggleMouse, cycleColors, cycleGlyphs, cycleBackground, togglePixels
  case cancelAll
  case image(Int)
  case askImage
  case openModel, openImages
  /// Opens the checkpoint that lies so many files after the open one in its folder.
  case checkpoint(Int)
  /// Takes the selected model into the comparison, or out of it.
  case compareSelected
  /// Shows the next compared model in the plane of the open one, then none.
  case compareNext
  case askCompare, stopComparing
  case radius(Int)
  case askRadius, followNoise
  case step(Int)
  case askStep, followRadius
  case askSeed
  // Within a screen
  case focus(Int)
  case move(rows: Int, columns: Int)
  case page(Int)
  case first, last
  case enter
  case filter
  /// The table of the ways to read pixels; the best of them, for now or for good.
  case toggleReadings, takeReading, keepReading
  case start, cancel
  case zoom(Int)
  /// Moves the picture by eighths of it.
  case pan(rows: Int, columns: Int)
  case left(Int)
  case right(Int)
  case askLeft, askRight
  case reseed
  case toggleMode, toggleCircle, toggleDisk, toggleSheet
  case plot(Int)
  case cursorToBoundary, cursorToImage
  /// Everything that the screen in front waits for.
  case cancelAwaited
  case recipe(Int)
  case product(Int)
  case points(Int)
  /// Climbs on from the first vectors of S_c, or not.
  case ascent
  case eigenvector(Int)
}

/// Keys that lead to an action, and how the key line, the palette and the help speak of it.
struct Binding: Sendable {
  var keys: [Key]
  /// As the key line shows the keys; empty where it leaves the action out.
  var shown: String
  /// A word or two for the key line.
  var label: String
  var action: Action
  /// What it does, for the palette and the help.
  var title: String

  init(_ keys: [Key], shown: String, label: String, _ action: Action, _ title: String) {
    self.keys = keys
    self.shown = shown
    self.label = label
    self.action = action
    self.title = title
  }

  /// One that the key line leaves out.
  init(_ keys: [Key], _ action: Action, _ title: String) {
    self.init(keys, shown: "", label: "", action, title)
  }

  /// The keys as help and palette name them.
  var keyNames: String { keys.map(\.name).joined(separator: " ") }
}

extension Key {
  /// A short name, such as `v`, `^C`, `F2`, `Enter`.
  var name: String {
    switch self {
    case .character(" "): "Space"
    case .character(let c): String(c)
    case .control(let c): "^" + String(c).uppercased()
    case .function(let n): "F\(n)"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .insert: "Ins"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .home: "Home"
    case .end: "End"
    }
  }
}
