internal import ArgumentParser
internal import Foundation
internal import Laboratory

/// The configuration file, with every setting explained.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the configuration file with every setting and key explained.",
    discussion: """
      Settings at their built-in values are commented out. To get a file to edit:
        boundaryscope config > ~/.config/boundaryscope/config
      """)

  @Flag(name: .long, help: "Print the file's path.")
  var path = false

  func run() throws {
    guard path else { return print(try Configuration.read().documented) }
    guard let path = Configuration.path else {
      throw Refusal(
        .unavailable, "no place for a configuration file: set HOME or XDG_CONFIG_HOME to an absolute path")
    }
    print(path)
  }
}
