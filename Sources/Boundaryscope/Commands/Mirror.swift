internal import ArgumentParser
internal import Laboratory
internal import Terminal

/// A second terminal for an audience.
struct Mirror: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show an audience, in this terminal, what another explorer of yours shows.",
    discussion: """
      The other explorer runs on this machine with --present, or as 'boundaryscope tour --notes', which keeps the tour's
      words to itself. The picture has this terminal's size. q quits.
      """)

  @OptionGroup(title: "How it looks") var screen: ScreenOptions

  func run() throws {
    let viewer = try MirrorViewer()
    do {
      let terminal = try TerminalSession(screen.options(try Configuration.read()))
      viewer.run(terminal)
      terminal.close()
      if let ending = terminal.ending { throw ExitCode(ending.exitStatus) }
    } catch let failure as TerminalFailure {
      throw Refusal(.unavailable, "\(failure)")
    }
  }
}
