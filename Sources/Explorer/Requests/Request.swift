public import Experiments
public import Jobs

/// What a screen asks for: an experiment on a selection of the open images, by the open model.
///
/// Equal requests have equal findings; a finding is shown only where its request is the one the screen would make now.
public struct Request: Sendable {
  /// What is to be found, with its parameters.
  public let experiment: any Experiment
  /// The images it learns from, is judged on and looks at, by their places in the set.
  public let selection: Selection
  /// Digest of the model.
  public let model: String
  /// Digest of the set of images.
  public let images: String

  public init(_ experiment: any Experiment, _ selection: Selection, model: String, images: String) {
    self.experiment = experiment
    self.selection = selection
    self.model = model
    self.images = images
  }

  var study: (any Study)? { experiment as? any Study }

  /// What it is, in a few words; the experiment's name where nothing else is known.
  public var title: String { study?.title(selection) ?? type(of: experiment).name }

  /// What it will do, for the time that it takes; what `knows` is left out.
  func plan(
    on model: OpenedModel, knows: @escaping @Sendable (any Experiment, Selection) -> Bool = { _, _ in false }
  ) -> JobPlan {
    let extent = Extent(
      selection, classes: model.classCount, pixels: model.inputShape.reduce(1, *), knows: knows)
    return experiment.plan(on: extent, model: self.model, multiplyAdds: model.multiplyAdds)
  }

  /// Its numbers in a line.
  var numbers: String { study?.numbers(selection) ?? "" }

  /// Interactive for what people wait for, which goes before the rest.
  public var priority: JobPriority { study.map { type(of: $0).isQuick } ?? false ? .interactive : .batch }

  /// Whether it is over before anybody could look at it in the list of jobs.
  var isSmall: Bool { study.map { type(of: $0).isSmall } ?? false }
}

extension Request: Hashable {
  public static func == (a: Request, b: Request) -> Bool {
    func equal<E: Experiment>(_ one: E) -> Bool { one == b.experiment as? E }
    return a.model == b.model && a.images == b.images && a.selection == b.selection && equal(a.experiment)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(model)
    hasher.combine(images)
    hasher.combine(selection)
    experiment.hash(into: &hasher)
  }
}

extension Request: Encodable {
  private enum CodingKeys: CodingKey { case experiment, versions, parameters, selection, model, images }

  /// Everything that another run needs to find the same numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type(of: experiment).name, forKey: .experiment)
    try container.encode(type(of: experiment).versions, forKey: .versions)
    try container.encode(experiment, forKey: .parameters)
    try container.encode(selection, forKey: .selection)
    try container.encode(model, forKey: .model)
    try container.encode(images, forKey: .images)
  }
}

/// A request by the kind of its experiment, so that its finding is of a known kind.
struct Question<E: Experiment>: Sendable {
  let experiment: E
  let request: Request
}
