internal import Experiments

// The command line that finds the same numbers as a request.
extension Explorer {
  /// Nil where no single command does, or where the model is not open any more.
  public func command(for request: Request) -> String? { workspace.command(for: request) }
}

extension Workspace {
  func command(for request: Request) -> String? {
    let experiment = request.experiment
    guard let images = subject.images, let model = opened(request.model),
      let name = experiment.arguments?.first,
      let options = experiment.arguments?.dropFirst(), let others = paths(of: experiment.others, like: model)
    else { return nil }
    let path = model.entry.path
    var words = ["boundaryscope", name] + (others.isEmpty ? [path] : ["--models", path] + others)
    words += model.options + request.selection.arguments(images.spec) + options
    // A section names its image by the place in the set; the range says what its direction is learnt from.
    if experiment is SectionMap { words += ["--index", "\(request.selection.looked)"] }
    return words.map(\.quoted).joined(separator: " ")
  }

  private func opened(_ digest: String) -> OpenedModel? {
    ([subject.model].compactMap { $0 } + others.there.map(\.model)).first { $0.digest == digest }
  }

  /// Where other models lie, each once; nil where one is not open, or was opened with other options than `model`, which
  /// a command takes for all.
  private func paths(of models: [OtherModel], like model: OpenedModel) -> [String]? {
    var paths: [String] = []
    for one in models {
      guard let other = opened(one.digest), other.options == model.options else { return nil }
      if !paths.contains(other.entry.path) { paths.append(other.entry.path) }
    }
    return paths
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
