internal import Experiments

// The command line that finds the same numbers as a request.
extension Explorer {
  /// Nil where no single command does, or where the model is not open any more.
  public func command(for request: Request) -> String? { workspace.command(for: request) }
}

extension Workspace {
  func command(for request: Request) -> String? {
    let opened = [subject.model].compactMap { $0 } + others.there.map(\.model)
    guard let images = subject.images, let model = opened.first(where: { $0.digest == request.model }),
      let arguments = request.experiment.arguments, let name = arguments.first
    else { return nil }
    var words = ["boundaryscope", name, model.entry.path] + model.options
    words += request.selection.arguments(images.spec) + arguments.dropFirst()
    // A section names its image by the place in the set; the range says what its direction is learnt from.
    if request.experiment is SectionMap { words += ["--index", "\(request.selection.looked)"] }
    return words.map(\.quoted).joined(separator: " ")
  }
}

extension String {
  /// As a shell takes it for one word.
  fileprivate var quoted: String {
    let isPlain =
      !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,:=+@".contains($0)) }
    return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
