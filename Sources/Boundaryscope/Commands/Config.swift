internal import ArgumentParser
internal import Foundation
internal import Laboratory

/// The configuration file, with every setting explained.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the configuration file with every setting and key explained.",
    discussion: """
      Settings that are as built in are comments. To have a file to edit:
        boundaryscope config > ~/.config/boundaryscope/config
      """)

  @Flag(name: .long, help: "Print where the file lies.")
  var path = false

  func run() throws {
    guard path else { return print(try Configuration.read().documented) }
    guard let path = Configuration.path else {
      throw Refusal(.unavailable, "no place for it: set HOME or XDG_CONFIG_HOME to an absolute path")
    }
    print(path)
  }
}
