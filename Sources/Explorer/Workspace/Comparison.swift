internal import Drawing
internal import Experiments

/// A model that is looked at beside the open one, on the same images.
public struct ComparedModel: Hashable, Sendable {
  public var model: OpenedModel
  /// Digest of the images as it takes them, and what they were opened by.
  public var images: String
  public var spec: String

  public init(model: OpenedModel, images: String, spec: String) {
    self.model = model
    self.images = images
    self.spec = spec
  }

  var name: String { model.entry.name }
  /// As a parameter of an experiment.
  var parameter: OtherModel { OtherModel(name: name, digest: model.digest) }
}

// Models beside the open one.
extension Workspace {
  /// More would not be told apart.
  static let mostCompared = 4

  /// Those that are compared and open, the latest last.
  var comparedModels: [ComparedModel] { comparedPaths.compactMap { others[$0]?.value } }

  /// Asks for a model beside the open one, unless it is there or on its way.
  mutating func open(other path: String) -> [Command] {
    guard others[path] == nil else { return [] }
    others[path] = .asked
    return [.openOther(path: path)]
  }

  /// Asks for a model to be compared: a listed one by its name or path, or any file, which is read anew.
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
    if others[path]?.isAsked != true { others[path] = nil }
    if !comparedPaths.contains(path) { wantsToCompare = path }
    return open(other: path)
  }

  /// Takes a model that was asked for; returns whether it is compared now.
  mutating func opened(_ path: String, _ other: ComparedModel) -> Bool {
    openedParts += 1
    if let problem = problem(of: other) {
      // It is to be let go.
      held = []
      fail(other: path, problem)
      return false
    }
    others[path] = .there(other)
    guard wantsToCompare == path || comparedPaths.contains(path) else { return false }
    if wantsToCompare == path {
      wantsToCompare = nil
      say("Compared with \(other.name); C on the Section screen shows both in one plane.")
    }
    comparedPaths.removeAll { $0 == path || others[$0]?.value?.model.digest == other.model.digest }
    comparedPaths.append(path)
    comparedPaths = comparedPaths.suffix(Self.mostCompared)
    return true
  }

  /// Why a model cannot stand beside the open one.
  private func problem(of other: ComparedModel) -> String? {
    guard let model else { return "No model is open that \(other.name) could stand beside." }
    if other.model.digest == model.digest {
      return "\(other.name) holds the same network as the open model."
    }
    guard other.model.inputShape != model.inputShape else { return nil }
    let shapes = [other.model, model].map { $0.inputShape.map(String.init).joined(separator: "×") }
    return
      "\(other.name) takes images of \(shapes[0]), the open model of \(shapes[1]): only models of the same images "
      + "can be seen in one plane."
  }

  /// A model that was asked for does not come: it is asked for again only by a person, or once its file is written anew.
  mutating func fail(other path: String, _ sentence: String) {
    others[path] = .failed(sentence)
    comparedPaths.removeAll { $0 == path }
    if wantsToCompare == path { wantsToCompare = nil }
    say(sentence, problem: true)
  }

  /// Leaves out the model at a path.
  mutating func leaveOut(_ path: String) { comparedPaths.removeAll { $0 == path } }

  /// Opens models anew whose images are no longer those that are looked at, and lets those go that nobody needs.
  mutating func refreshOthers(needed: [String]) -> [Command] {
    guard let model, let images else { return [] }
    let paths = Set(comparedPaths + needed)
    var commands: [Command] = []
    for (path, state) in others.sorted(by: { $0.key < $1.key }) {
      guard let other = state.value else { continue }
      let isFit = other.model.digest != model.digest && other.model.inputShape == model.inputShape
      if !isFit { leaveOut(path) }
      if !isFit || !paths.contains(path) {
        others[path] = nil
      } else if other.spec != images.spec {
        others[path] = nil
        commands += open(other: path)
      }
    }
    return commands + hold()
  }

  /// Says which models and images are still looked at, once that has changed.
  private mutating func hold() -> [Command] {
    let kept = others.values.compactMap(\.value)
    let models = Set(kept.map(\.model.digest) + [model?.digest].compactMap { $0 })
    let sets = Set(kept.map(\.images) + [images?.digest].compactMap { $0 })
    guard models.union(sets) != held else { return [] }
    held = models.union(sets)
    return [.hold(models: models, images: sets, seen: openedParts)]
  }

  /// A model file that was written just now.
  mutating func appeared(_ entry: ModelEntry, isWatched: Bool) -> [Command] {
    if let problem = entry.problem {
      say("New model \(entry.name) cannot be used: \(problem)", problem: true)
      return []
    }
    if others[entry.path]?.isAsked != true, !comparedPaths.contains(entry.path) { others[entry.path] = nil }
    guard isWatched || !comparedPaths.isEmpty, isReady, entry.path != model?.entry.path else {
      say("New model: \(entry.name).")
      return []
    }
    return compare(with: entry.path)
  }
}
