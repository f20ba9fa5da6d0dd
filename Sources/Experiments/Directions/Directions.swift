public import Networks

/// Where directions of image space come from.
///
/// As a parameter of an experiment it stands for what will be found: equal values on equal subjects are equal
/// directions. The experiment's context finds them, from the store where they are there.
public indirect enum Directions: Hashable, Sendable {
  /// Known already.
  case given(Basis)
  /// A uniformly random subspace; one direction alone is uniform on the sphere.
  case random(seed: UInt64)
  /// The one universal perturbation that is learnt from the subject's images.
  case universal(UniversalFooling)
  /// S_c, from the first of the subject's images.
  case curvature(SharedCurvature)
  /// S_f, from the subject's images.
  case normals(NormalSpectrum)
  /// The way from the image that is looked at to another one, by its index in the set.
  case image(Int)
  /// What another model learns from the same images.
  case other(OtherModel, Directions)

  /// As an outcome calls them.
  public var name: String {
    switch self {
    case .given(let basis): basis.name
    case .random: "random"
    case .universal(let universal): universal.method.title
    case .curvature: "S_c"
    case .normals: "S_f"
    case .image(let i): "towards image \(i)"
    case .other(let model, let directions): "\(directions.name) of \(model.name)"
    }
  }

  /// Whether they come of the subject's images, so that these are needed.
  public var isLearnt: Bool {
    switch self {
    case .given, .random: false
    case .universal, .curvature, .normals, .image, .other: true
    }
  }

  /// The models besides the subject's that they need.
  public var others: [OtherModel] {
    if case .other(let model, let directions) = self { [model] + directions.others } else { [] }
  }
}

/// One of some directions.
public struct Direction: Hashable, Sendable, Encodable {
  /// Those among which the index counts.
  public var directions: Directions
  /// From 0.
  public var index: Int

  public init(_ directions: Directions, _ index: Int = 0) {
    self.directions = directions
    self.index = index
  }

  /// The first of some vectors.
  public static func given(_ basis: Basis) -> Direction { Direction(.given(basis)) }
  /// Uniform on the sphere.
  public static func random(seed: UInt64) -> Direction { Direction(.random(seed: seed)) }

  public var name: String {
    switch directions {
    case .random(let seed): index == 0 ? "random \(seed)" : "random \(seed), \(index + 1)"
    case .curvature, .normals: "\(directions.name) \(index + 1)"
    case .given, .universal, .image: index == 0 ? directions.name : "\(directions.name) \(index + 1)"
    case .other(let model, let own): "\(Direction(own, index).name) of \(model.name)"
    }
  }
}

/// A model besides the subject's: as a parameter it stands for its content.
public struct OtherModel: Hashable, Sendable, Encodable {
  public let name: String
  /// SHA-256 of the model.
  public let digest: String

  public init(name: String, digest: String) {
    self.name = name
    self.digest = digest
  }

  /// Stands for a model that is open.
  public init(_ classifier: Classifier) { self.init(name: classifier.name, digest: classifier.digest) }
}

extension UniversalFooling.Method {
  /// As outcomes and screens call its perturbation.
  public var title: String {
    switch self {
    case .uap: "UAP"
    case .curvature: "S_c 1"
    case .normals: "S_f 1"
    case .random: "random 1"
    case .gradient: "gradient"
    case .logistic: "logistic"
    case .even: "even"
    case .singular: "singular"
    }
  }
}

// MARK: - Keys

extension Directions: Encodable {
  private enum CodingKeys: CodingKey {
    case given, random, image, model, directions, experiment, versions, parameters
  }

  /// Versions go with what is learnt, so that nothing stale is found again.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func learn<E: Experiment>(_ experiment: E) throws {
      try container.encode(E.name, forKey: .experiment)
      try container.encode(E.versions, forKey: .versions)
      try container.encode(experiment, forKey: .parameters)
    }
    switch self {
    case .given(let basis): try container.encode(basis, forKey: .given)
    case .random(let seed): try container.encode(seed, forKey: .random)
    case .universal(let universal): try learn(universal)
    case .curvature(let curvature): try learn(curvature)
    case .normals(let normals): try learn(normals)
    case .image(let index): try container.encode(index, forKey: .image)
    case .other(let model, let directions):
      try container.encode(model, forKey: .model)
      try container.encode(directions, forKey: .directions)
    }
  }
}
