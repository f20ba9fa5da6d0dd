internal import Drawing

// Answers to questions in one line of text.
extension Explorer {
  mutating func answer(_ text: String, to kind: Prompt.Kind) -> [Command] {
    switch kind {
    case .modelPath: return workspace.open(model: text)
    case .imagesSpec: return workspace.open(images: text)
    case .compared: return workspace.compare(with: text)
    case .image: setImage(text)
    case .radius: setRadius(text)
    case .step: setStep(text)
    case .seed: setSeed(text)
    case .search: break
    case .filter, .leftDirection, .rightDirection: return passAnswer(text, to: kind)
    }
    return []
  }

  private mutating func setImage(_ text: String) {
    guard let index = Int(text.trimmed), workspace.subject.count > 0 else {
      return workspace.say("“\(text)” is not an image number; numbers start at 0.", problem: true)
    }
    guard index >= 0, index < workspace.subject.count else {
      return workspace.say(
        "Image \(index) does not exist; the last one is \(workspace.subject.count - 1).", problem: true)
    }
    workspace.subject.select(image: index)
  }

  private func positive(_ text: String) -> Double? {
    guard let value = Double(text.trimmed.replacing(",", with: ".")), value.isFinite, value > 0, value <= 1e4
    else { return nil }
    return value
  }

  private mutating func setRadius(_ text: String) {
    guard let value = positive(text) else {
      return workspace.say("“\(text)” is not a norm; try a positive number such as 2.4.", problem: true)
    }
    workspace.parameters.radius = value
    workspace.parameters.isRadiusChosen = true
  }

  private mutating func setStep(_ text: String) {
    guard let value = positive(text) else {
      return workspace.say("“\(text)” is not a scale; try a positive number such as 2.4.", problem: true)
    }
    workspace.parameters.chosenStep = value
  }

  private mutating func setSeed(_ text: String) {
    guard let value = UInt64(text.trimmed) else {
      return workspace.say("“\(text)” is not a seed; try a whole number such as 1.", problem: true)
    }
    workspace.parameters.seed = value
  }
}

extension Workspace {
  mutating func open(model path: String) -> [Command] {
    let path = path.trimmed
    guard !path.isEmpty else { return [] }
    openings.pending.insert(.model(path))
    return [.openModel(path: path)]
  }

  mutating func open(images spec: String) -> [Command] {
    let spec = spec.trimmed
    guard !spec.isEmpty else { return [] }
    openings.pending.insert(.images(spec))
    return [.openImages(spec: spec)]
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
