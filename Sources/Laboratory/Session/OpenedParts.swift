internal import Experiments
internal import Images
internal import Networks

/// The models and sets of images that are open, by their digests, until nobody looks at them any more.
struct OpenedParts {
  private struct Held<Value> {
    let value: Value
    /// How many parts had been opened with it, one a message to the screen.
    let number: Int
  }

  private var models: [String: Held<OpenModel>] = [:]
  private var sets: [String: Held<any DataSet>] = [:]
  /// The digest of the set that each model takes.
  private var views: [String: String] = [:]
  private var count = 0

  /// The model that is looked at, and the set as it takes it.
  private(set) var current: OpenModel?
  private(set) var set: (any DataSet)?
  /// What the set was opened by; opened anew for each model, which may take images of another size.
  private(set) var spec: String
  /// What a person named last.
  private var named: String?
  /// Whether a person named what is open.
  var isNamed: Bool { named == spec }

  init(spec: String, isNamed: Bool = false) { (self.spec, named) = (spec, isNamed ? spec : nil) }

  /// A person has named a set, which is to be opened.
  mutating func name(_ spec: String) { named = spec }

  mutating func open(_ model: OpenModel) {
    hold(model)
    current = model
  }

  mutating func open(_ set: any DataSet, _ digest: String, spec: String) {
    count += 1
    hold(set, digest)
    (self.set, self.spec) = (set, spec)
    if let current { views[current.classifier.digest] = digest }
  }

  /// A set that could not be opened as it was asked, but may be another way.
  mutating func want(_ spec: String) { self.spec = spec }

  /// No set is looked at any more.
  mutating func closeSet() { set = nil }

  /// A model beside the one that is looked at, with the same images as it takes them.
  mutating func open(_ model: OpenModel, beside set: any DataSet, _ digest: String) {
    hold(model)
    if sets[digest] == nil { hold(set, digest) }
    views[model.classifier.digest] = digest
  }

  private mutating func hold(_ model: OpenModel) {
    count += 1
    models[model.classifier.digest] = Held(value: model, number: count)
  }

  private mutating func hold(_ set: any DataSet, _ digest: String) {
    sets[digest] = Held(value: set, number: count)
  }

  /// Lets everything go that is not among these, and that was among the first `seen` that were opened: the
  /// screen does not know of those that come after.
  mutating func keep(models kept: Set<String>, sets keptSets: Set<String>, seen: Int) {
    models = models.filter { kept.contains($0.key) || $0.value.number > seen }
    sets = sets.filter { keptSets.contains($0.key) || $0.value.number > seen }
    views = views.filter { models[$0.key] != nil }
  }

  /// A model with its images; nil where it is not open any more.
  func part(model: String, images: String? = nil) -> RequestedSubject.Part? {
    guard let digest = images ?? views[model], let opened = models[model], let set = sets[digest] else {
      return nil
    }
    return RequestedSubject.Part(model: opened.value, set: set.value, digest: digest)
  }
}
