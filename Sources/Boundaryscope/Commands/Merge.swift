internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Laboratory

/// Joins what several machines found.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join the parts that --shard wrote; the answer equals that of one run, byte for byte.",
    discussion: """
      The command that found the parts runs again, with their outcome in place of its own. So run merge where the model
      and the images have the same paths as they had then.
      """)

  @Argument(help: "All parts of one run.", completion: .file())
  var parts: [String]

  @OptionGroup(title: "How it answers") var output: OutputOptions

  func run() throws {
    let files = try PartFiles(paths: parts, version: Version.number)
    var words = files.command
    if output.json { words.append("--json") }
    if output.quiet { words.append("--quiet") }
    if let path = output.output { words += ["--output", path] }
    var command: any ParsableCommand
    do {
      command = try Boundaryscope.parseAsRoot(words)
    } catch {
      throw Refusal(.badData, "\(parts[0]) holds no command of this program: \(words.joined(separator: " "))")
    }
    // A part may come from a stranger: no other command of the program is run on its word.
    guard command is any ShardedCommand else {
      throw Refusal(.badData, "\(parts[0]) holds a command that has no parts")
    }
    Merging.begin(files)
    try command.run()
  }
}
