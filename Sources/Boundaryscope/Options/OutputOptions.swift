internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Tensors

/// How a command answers.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print exactly one JSON document.")
  var json = false

  @Option(name: .long, help: ArgumentHelp("Where the arrays go.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(name: .long, help: "No progress on standard error.")
  var quiet = false

  /// The document for scripts, or what `describe` prints for people.
  func answer(_ outcome: some Encodable, _ describe: () -> Void) throws {
    if json { try printJSON(outcome) } else { describe() }
  }

  /// Finds out before the work whether `--output` can take what comes of it.
  func check() throws {
    guard let output, let problem = OutputFile.refusal(of: output) else { return }
    throw Refusal(.cannotWrite, "cannot write \(output): \(problem)")
  }

  /// Writes an array to `--output`, where one was named.
  func save(_ tensor: @autoclosure () throws -> Tensor) throws {
    guard let output else { return }
    try NPY.write(try tensor(), to: output)
  }
}

/// One document on standard output.
func printJSON(_ outcome: some Encodable) throws {
  printDrawn(escaped(String(decoding: try OutcomeJSON.encoder.encode(outcome), as: UTF8.self)))
}

/// The document with escapes for what a terminal would obey or hide: it says the same.
private func escaped(_ document: String) -> String {
  guard document.unicodeScalars.contains(where: isHidden) else { return document }
  var escaped = ""
  for scalar in document.unicodeScalars {
    if isHidden(scalar) {
      for unit in String(scalar).utf16 { escaped += String(format: "\\u%04x", unit) }
    } else {
      escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

/// Controls beyond ASCII, marks of direction, and what has no width.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x7f else { return false }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
