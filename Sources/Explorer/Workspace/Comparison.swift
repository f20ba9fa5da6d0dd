internal import Drawing

/// A model that is looked at beside the open one, on the same images.
struct ComparedModel: Hashable, Sendable {
  var model: OpenedModel
  /// Digest of the images as it takes them, and what they were opened by.
  var images: String
  var spec: String

  var name: String { model.entry.name }
}

// Models beside the open one.
extension Workspace {
  /// More would not be told apart.
  static let mostCompared = 4

  /// The request that asks the same of a compared model.
  func request(_ analysis: Analysis, of other: ComparedModel) -> Request {
    Request(analysis, model: other.model.digest, images: other.images)
  }

  /// Asks for a model to be compared: a listed one by its name or path, or any file.
  mutating func compare(with name: String) -> [Command] {
    let entry = models.first { $0.name == name || $0.path == name }
    if let problem = entry?.problem {
      say("\(name): \(problem)", problem: true)
      return []
    }
    guard isReady else {
      say("Open a model and images first; then another model can be compared with it.", problem: true)
      return []
    }
    let path = entry?.path ?? name
    guard path != model?.entry.path else {
      say("\(name) is the open model itself.", problem: true)
      return []
    }
    opening.insert(path)
    return [.openCompared(path: path)]
  }

  /// Takes a model to compare; the ones compared longest ago make room.
  mutating func compared(_ other: ComparedModel) -> Bool {
    opening.remove(other.model.entry.path)
    guard let model, other.model.digest != model.digest else {
      say("\(other.name) holds the same network as the open model.", problem: true)
      return false
    }
    guard other.model.inputShape == model.inputShape else {
      let shapes = [other.model, model].map { $0.inputShape.map(String.init).joined(separator: "×") }
      say(
        "\(other.name) takes images of \(shapes[0]), the open model of \(shapes[1]): only models of the same images "
          + "can be seen in one plane.", problem: true)
      return false
    }
    let known = comparedModels.contains { $0.model.digest == other.model.digest }
    comparedModels.removeAll {
      $0.model.entry.path == other.model.entry.path || $0.model.digest == other.model.digest
    }
    comparedModels.append(other)
    comparedModels = comparedModels.suffix(Self.mostCompared)
    if !known { say("Compared with \(other.name); C on the Section screen shows both in one plane.") }
    return true
  }

  /// Leaves out the model at a path.
  mutating func leaveOut(_ path: String) { comparedModels.removeAll { $0.model.entry.path == path } }

  /// Opens compared models anew whose images are no longer those that are looked at.
  mutating func refreshCompared() -> [Command] {
    guard let model, let images else { return [] }
    comparedModels.removeAll { $0.model.digest == model.digest || $0.model.inputShape != model.inputShape }
    let stale = comparedModels.filter {
      $0.spec != images.spec && !opening.contains($0.model.entry.path)
    }.map(\.model.entry.path)
    opening.formUnion(stale)
    return stale.map { .openCompared(path: $0) }
  }

  /// A model file that was written just now.
  mutating func appeared(_ entry: ModelEntry, isWatched: Bool) -> [Command] {
    if let problem = entry.problem {
      say("New model \(entry.name) cannot be used: \(problem)", problem: true)
      return []
    }
    guard isWatched || !comparedModels.isEmpty, isReady, entry.path != model?.entry.path else {
      say("New model: \(entry.name).")
      return []
    }
    return compare(with: entry.path)
  }
}
