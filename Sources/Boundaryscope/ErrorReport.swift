internal import ArgumentParser
internal import Downloads
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks
internal import ONNX
internal import Tensors

/// Prints what went wrong as one line on standard error (or the help that was asked for) and says how to end.
func report(_ error: any Error) -> ExitStatus {
  switch error {
  case let refusal as Refusal:
    complain(refusal.description)
    return refusal.status
  case let code as ExitCode:
    return ExitStatus(rawValue: code.rawValue) ?? .failure
  case is Interrupted:
    complain("interrupted; nothing is kept, so the same command begins anew")
    return .interrupted
  case let error as ModelError:
    complain("\(error)")
    if case .missingFile = error { return .noSuchFile }
    return .badData
  case let error as ImageError:
    complain("\(error)")
    return error.isMissingFile ? .noSuchFile : error.isWriteFailure ? .cannotWrite : .badData
  case let error as DownloadError:
    complain("\(error)")
    return ExitStatus(error)
  case let error as NonFiniteLogits:
    complain(error.description)
    return .badData
  case let error as SubjectError:
    complain(error.description)
    return .badData
  default:
    return reportUsage(error)
  }
}

extension ExitStatus {
  fileprivate init(_ error: DownloadError) {
    self =
      switch error {
      case .noLibrary, .unreachable, .refused, .cut, .failed: .unavailable
      case .noCopy: .noSuchFile
      case .noDataFolder, .cannotWrite: .cannotWrite
      case .tooLong, .wrongBytes, .wrongCopy, .damagedArchive, .missingMember: .badData
      }
  }
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
  return sentence + " (\(command ?? "boundaryscope --help") lists what there is)"
}

/// One line on standard error, `boundaryscope: ` first.
func complain(_ problem: String) { writeError("boundaryscope: \(sentence(problem))\n") }
