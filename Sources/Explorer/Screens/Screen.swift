internal import Drawing

/// One screen of the explorer: its own state, its picture, its keys and its words.
protocol Screen: Sendable {
  static var name: ScreenName { get }

  /// What its keys do now; nothing that would do nothing.
  func bindings(_ workspace: Workspace) -> [Binding]

  /// Does what a key, the palette or the mouse asked for.
  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel

  /// A click or a turn of the wheel in `area`, the part of the screen that ``draw(on:_:)`` fills.
  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel

  /// A line of text that it asked for.
  mutating func answer(_ text: String, to prompt: Prompt.Kind, _ workspace: inout Workspace) -> Sequel

  /// Findings that it needs by itself and that can be asked for now: the most urgent group first, those of a group in
  /// turns.
  func wants(_ workspace: Workspace) -> [[Request]]

  /// All findings that its picture is made of unasked, also those that cannot be asked for yet.
  func awaits(_ workspace: Workspace) -> [Request]

  /// Models beside the open one that it needs, by their paths.
  func needs(_ workspace: Workspace) -> [String]

  /// Images whose pictures it shows.
  func pictures(_ workspace: Workspace) -> Range<Int>

  /// Follows what has changed around it.
  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command]

  /// Begins anew with another model or other images.
  mutating func subjectChanged()

  /// What its present picture is made of, for the export.
  func shown(_ workspace: Workspace) -> [(name: String, request: Request)]

  func draw(on canvas: inout Canvas, _ workspace: Workspace)

  /// What its present picture shows, without keys and cursors, for a page; nil where nothing is found yet.
  func figure(_ workspace: Workspace) -> FigureScene?
  /// What the screen shows as a film; empty where nothing moves.
  func film(_ workspace: Workspace) -> [FigureScene]
  /// Brings to the front what shows a request of this screen.
  mutating func look(at request: Request)

  /// What every symbol and number of it means.
  func definitions(_ workspace: Workspace) -> [Definition]
}

extension Screen {
  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel { [] }
  mutating func answer(_ text: String, to prompt: Prompt.Kind, _ workspace: inout Workspace) -> Sequel { [] }
  func wants(_ workspace: Workspace) -> [[Request]] { [] }
  func awaits(_ workspace: Workspace) -> [Request] { wants(workspace).flatMap { $0 } }
  func needs(_ workspace: Workspace) -> [String] { [] }
  func pictures(_ workspace: Workspace) -> Range<Int> { 0..<0 }
  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command] { [] }
  mutating func subjectChanged() {}
  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] { [] }
  func figure(_ workspace: Workspace) -> FigureScene? { nil }
  func film(_ workspace: Workspace) -> [FigureScene] { [] }
  mutating func look(at request: Request) {}
}

/// What is to follow an action: commands for the session, and where the explorer goes.
struct Sequel: Sendable, ExpressibleByArrayLiteral {
  var commands: [Command] = []
  /// The screen to go to.
  var screen: ScreenName?
  /// The direction that the section is to show.
  var direction: DirectionChoice?
  /// The line of text to ask for.
  var question: Prompt?
  /// What the screen is to show.
  var request: Request?

  init(_ commands: [Command]) { self.commands = commands }
  init(arrayLiteral commands: Command...) { self.commands = commands }

  /// Goes to a screen; the section shows `direction` there.
  static func go(to screen: ScreenName, along direction: DirectionChoice? = nil) -> Sequel {
    var sequel: Sequel = []
    (sequel.screen, sequel.direction) = (screen, direction)
    return sequel
  }

  static func ask(_ question: Prompt) -> Sequel {
    var sequel: Sequel = []
    sequel.question = question
    return sequel
  }
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
