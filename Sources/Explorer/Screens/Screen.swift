internal import Drawing

/// One screen of the explorer: its own state, its picture, its keys and its words.
protocol Screen: Sendable {
  static var name: ScreenName { get }

  /// What its keys do now; nothing that would do nothing.
  func bindings(_ workspace: Workspace) -> [Binding]

  /// Does what a key, the palette or the mouse asked for.
  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> [Command]

  /// A click or a turn of the wheel in `area`, the part of the screen that ``draw(on:_:)`` fills.
  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> [Command]

  /// A line of text that it asked for.
  mutating func answer(_ text: String, to prompt: Prompt.Kind, _ workspace: inout Workspace) -> [Command]

  /// Findings that it needs by itself, most urgent first.
  func wants(_ workspace: Workspace) -> [Request]

  /// What its present picture is made of, for the export.
  func shown(_ workspace: Workspace) -> [(name: String, request: Request)]

  func draw(on canvas: inout Canvas, _ workspace: Workspace)

  /// What every symbol and number of it means.
  func definitions(_ workspace: Workspace) -> [Definition]
}

extension Screen {
  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> [Command] { [] }
  mutating func answer(_ text: String, to prompt: Prompt.Kind, _ workspace: inout Workspace) -> [Command] {
    []
  }
  func wants(_ workspace: Workspace) -> [Request] { [] }
  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] { [] }
}

/// A symbol of the screen and what it means: formula, unit, source.
struct Definition: Hashable, Sendable {
  var symbol: String
  var meaning: String

  init(_ symbol: String, _ meaning: String) {
    self.symbol = symbol
    self.meaning = meaning
  }
}
