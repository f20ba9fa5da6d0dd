internal import ArgumentParser
internal import Foundation
internal import Laboratory
internal import Tensors

/// Prints what went wrong as one line on standard error (or the help that was asked for) and says how to end.
func report(_ error: any Error) -> ExitStatus {
  if let code = error as? ExitCode { return ExitStatus(rawValue: code.rawValue) ?? .failure }
  guard let status = ExitStatus(of: error) else { return reportUsage(error) }
  complain(
    error is Interrupted ? "interrupted; nothing is kept, so the same command starts over" : "\(error)")
  return status
}

private func reportUsage(_ error: any Error) -> ExitStatus {
  switch Boundaryscope.exitCode(for: error) {
  case .success:
    print(Boundaryscope.fullMessage(for: error))
    return .success
  case .validationFailure:
    complain(usageSentence(Boundaryscope.fullMessage(for: error)))
    return .usage
  default:
    complain("\(error)")
    return .failure
  }
}

/// What the parser says, what its help says of the option, and where the rest of the help is.
private func usageSentence(_ message: String) -> String {
  let lines = message.components(separatedBy: "\n")
  let help = lines.first { $0.hasPrefix("Help:") }.flatMap { $0.components(separatedBy: "  ").last }
  let command = lines.last { $0.contains("See '") }.flatMap {
    $0.components(separatedBy: "'").dropFirst().first
  }
  var sentence = lines[0].hasPrefix("Error: ") ? String(lines[0].dropFirst(7)) : lines[0]
  // More than five values stand below the sentence, one a line.
  let values = lines.filter { $0.hasPrefix("  - ") }.map { "'\($0.dropFirst(4))'" }
  if sentence.hasSuffix("the following:"), !values.isEmpty {
    sentence = sentence.replacing("one of the following:", with: "one of \(values.joined(separator: ", "))")
  }
  if sentence.hasSuffix(".") { sentence.removeLast() }
  if let help, !help.isEmpty, !sentence.contains("Please provide") {
    sentence += ": " + (help.hasSuffix(".") ? String(help.dropLast()) : help)
  }
  return sentence + " (\(command ?? "boundaryscope --help") lists all)"
}

/// One line on standard error, `boundaryscope: ` first.
func complain(_ problem: String) { writeError("boundaryscope: \(sentence(problem))\n") }
