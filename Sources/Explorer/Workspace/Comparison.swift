internal import Drawing
internal import Experiments

/// A model that is looked at beside the open one, on the same images.
public struct ComparedModel: Hashable, Sendable {
  /// The model beside the open one, which takes images of the same shape.
  public var model: OpenedModel
  /// Digest of the images as it takes them, and what they were opened by.
  public var images: String
  /// A path or the name of a set; the images are opened anew once the open set is another one.
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

/// Models beside the open one, by the path that they were asked for by.
struct OtherModels: Sendable {
  /// More would not be told apart.
  private static let mostCompared = 4

  var states: [String: Availability<ComparedModel>] = [:]
  /// The paths of those that are compared with the open one, the latest last.
  var compared: [String] = []
  /// Paths that no person asked for: what is wrong with them is told where they are shown.
  var quiet: Set<String> = []
  /// Those of them that hold the open network.
  var twins: Set<String> = []
  /// The path that was asked for in order to be compared; nil once it has come.
  var wanted: String?

  subscript(path: String) -> Availability<ComparedModel>? {
    get { states[path] }
    set { states[path] = newValue }
  }

  /// Those that are open.
  var there: [ComparedModel] { states.values.compactMap(\.value) }

  /// Puts an open one behind those that are compared; the same network under another path gives way.
  mutating func compare(_ path: String, _ other: ComparedModel) {
    compared.removeAll { $0 == path || states[$0]?.value?.model.digest == other.model.digest }
    compared.append(path)
    compared = compared.suffix(Self.mostCompared)
  }

  /// What could not stand beside one model may stand beside another.
  mutating func forgetQuietFailures() {
    twins = []
    for path in quiet where states[path]?.failure != nil { states[path] = nil }
  }

  /// Leaves out the model at a path.
  mutating func leaveOut(_ path: String) { compared.removeAll { $0 == path } }
}

extension Workspace {
  /// Those that are compared and open, the latest last.
  var comparedModels: [ComparedModel] { others.compared.compactMap { others[$0]?.value } }

  /// Asks for a model beside the open one, unless it is there or on its way.
  mutating func open(other path: String) -> [Command] {
    guard others[path] == nil else { return [] }
    others[path] = .asked
    return [.openOther(path: path)]
  }

  /// Asks for a model to be compared: a listed one by its name or path, or any file, which is read anew.
  mutating func compare(with name: String) -> [Command] {
    let entry = catalogue.models.first { $0.name == name || $0.path == name }
    if let problem = entry?.problem {
      say("\(name): \(problem)", problem: true)
      return []
    }
    guard subject.isReady else {
      say("Open a model and images first, then compare another model with it.", problem: true)
      return []
    }
    let path = entry?.path ?? name
    guard path != subject.model?.entry.path else {
      say("\(name) is already the open model.", problem: true)
      return []
    }
    if others[path]?.isAsked != true { others[path] = nil }
    if !others.compared.contains(path) { others.wanted = path }
    return open(other: path)
  }

  /// Takes a model that was asked for; returns whether it is compared now.
  mutating func opened(_ path: String, _ other: ComparedModel) -> Bool {
    openings.count += 1
    if others.quiet.contains(path), other.model.digest == subject.model?.digest { others.twins.insert(path) }
    if let problem = problem(of: other) {
      // It is to be let go.
      openings.held = []
      fail(other: path, problem)
      return false
    }
    others[path] = .there(other)
    guard others.wanted == path || others.compared.contains(path) else { return false }
    if others.wanted == path {
      others.wanted = nil
      say("The Section screen now shows \(other.name) in the same plane; C stops it.")
    }
    others.compare(path, other)
    return true
  }

  /// Why a model cannot stand beside the open one.
  private func problem(of other: ComparedModel) -> String? {
    guard let model = subject.model else {
      return "Open a model first, then compare \(other.name) with it."
    }
    if other.model.digest == model.digest {
      return "\(other.name) holds the same network as the open model."
    }
    guard other.model.inputShape != model.inputShape else { return nil }
    let shapes = [other.model, model].map { $0.inputShape.map(String.init).joined(separator: "×") }
    return
      "\(other.name) takes images of \(shapes[0]), the open model of \(shapes[1]): only models of the same "
      + "images can share a plane."
  }

  /// A model that was asked for does not come: it is asked for again only by a person, or once its file is written anew.
  mutating func fail(other path: String, _ sentence: String) {
    others[path] = .failed(sentence)
    let isAsked = others.wanted == path || others.compared.contains(path) || !others.quiet.contains(path)
    others.leaveOut(path)
    if others.wanted == path { others.wanted = nil }
    if isAsked { say(sentence, problem: true) }
  }

  /// Opens models anew whose images are no longer those that are looked at, and lets those go that nobody needs.
  mutating func refreshOthers(needed: [String]) -> [Command] {
    guard let model = subject.model, let images = subject.images else { return [] }
    let paths = Set(others.compared + needed)
    var commands: [Command] = []
    for (path, state) in others.states.sorted(by: { $0.key < $1.key }) {
      guard let other = state.value else { continue }
      let isFit = other.model.digest != model.digest && other.model.inputShape == model.inputShape
      if !isFit { others.leaveOut(path) }
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
    let kept = others.there
    let models = Set(kept.map(\.model.digest) + [subject.model?.digest].compactMap { $0 })
    let sets = Set(kept.map(\.images) + [subject.images?.digest].compactMap { $0 })
    guard models.union(sets) != openings.held else { return [] }
    openings.held = models.union(sets)
    return [.hold(models: models, images: sets, seen: openings.count)]
  }

  /// A model file that was written just now.
  mutating func appeared(_ entry: ModelEntry, isWatched: Bool) -> [Command] {
    if let problem = entry.problem {
      say("New model \(entry.name) cannot be used: \(problem)", problem: true)
      return []
    }
    if others[entry.path]?.isAsked != true, !others.compared.contains(entry.path) { others[entry.path] = nil }
    guard isWatched || !others.compared.isEmpty, subject.isReady, entry.path != subject.model?.entry.path
    else {
      say("New model: \(entry.name).")
      return []
    }
    return compare(with: entry.path)
  }
}
