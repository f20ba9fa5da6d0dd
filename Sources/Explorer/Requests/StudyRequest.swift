public import Experiments
public import Networks

/// Parameters of the analyses behind the screens Universal, Transfer and Theory, and of second plots.
public struct StudyRequest: Hashable, Sendable {
  public enum Question: Hashable, Sendable {
    /// K_S against m: ``Finding/shape(_:)``.
    case shape(SubspaceRequest.Source, dimensions: [Int], product: HessianProduct, draws: Int)
    /// The principal curvatures at the boundary point of one image: ``Finding/spectrum(_:)``.
    case pointSpectrum(PointSpectrum, image: Int)
    /// S_c's first direction against h, or against the authors' target class: ``Finding/scan(_:)``.
    case scan(CurvatureScan)
    /// Who becomes what under one vector of norm ξ: ``Finding/fooling(_:)``.
    case flow(Direction, Learning?, radius: Double)
    /// Inner products of draws from the first directions: ``Finding/diversity(_:)``.
    case diversity(Learning, dimension: Int, radius: Double, count: Int)
    /// Principal angles between S_c of this model and of another, a path: ``Finding/angles(_:)``.
    case angles(other: String, SharedCurvature, images: Range<Int>)
    /// S_c 1 of each model on each model: ``Finding/transfer(_:)``.
    case transfer(others: [String], SharedCurvature, images: Range<Int>, radius: Double)
    /// ``Finding/theorems(_:)``.
    case theorems(normals: Learning, curvature: Learning, dimensions: [Int], product: HessianProduct)
  }

  public var question: Question
  /// Images that are learnt from.
  public var training: Range<Int>
  /// Images that are judged on.
  public var validation: Range<Int>
  public var seed: UInt64

  public init(_ question: Question, training: Range<Int>, validation: Range<Int>, seed: UInt64) {
    self.question = question
    self.training = training
    self.validation = validation
    self.seed = seed
  }

  public var title: String {
    switch question {
    case .shape(.random, _, _, _): "K_S of a random subspace"
    case .shape(.learnt(.normals), _, _, _): "K_S of S_f"
    case .shape: "K_S of S_c"
    case .pointSpectrum(_, let image): "curvatures at z of image \(image)"
    case .scan(let scan): scan.isOverTargets ? "scan over target classes" : "scan over h"
    case .flow(let direction, _, _): "labels under \(direction.shortName)"
    case .diversity: "inner products of draws"
    case .angles: "principal angles"
    case .transfer: "transfer of S_c 1"
    case .theorems: "theorems 1 and 2"
    }
  }
}

extension StudyRequest: Encodable {
  private enum CodingKeys: CodingKey {
    case question, training, validation, seed, direction, learning, normals, dimensions, product, draws,
      radius
    case count, others, curvature, parameters, image, randomSeed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .question)
    try container.encode([training.lowerBound, training.upperBound], forKey: .training)
    try container.encode([validation.lowerBound, validation.upperBound], forKey: .validation)
    try container.encode(seed, forKey: .seed)
    switch question {
    case .shape(let source, let dimensions, let product, let draws):
      switch source {
      case .learnt(let learning): try container.encode(learning, forKey: .learning)
      case .random(let seed): try container.encode(seed, forKey: .randomSeed)
      }
      try container.encode(dimensions, forKey: .dimensions)
      try container.encode(product, forKey: .product)
      try container.encode(draws, forKey: .draws)
    case .pointSpectrum(let parameters, let image):
      try container.encode(parameters, forKey: .parameters)
      try container.encode(image, forKey: .image)
    case .scan(let scan): try container.encode(scan, forKey: .parameters)
    case .flow(let direction, let learning, let radius):
      try container.encode(direction, forKey: .direction)
      try container.encodeIfPresent(learning, forKey: .learning)
      try container.encode(radius, forKey: .radius)
    case .diversity(let learning, let dimension, let radius, let count):
      try container.encode(learning, forKey: .learning)
      try container.encode([dimension], forKey: .dimensions)
      try container.encode(radius, forKey: .radius)
      try container.encode(count, forKey: .count)
    case .angles(let other, let curvature, _):
      try container.encode([other], forKey: .others)
      try container.encode(curvature, forKey: .curvature)
    case .transfer(let others, let curvature, _, let radius):
      try container.encode(others, forKey: .others)
      try container.encode(curvature, forKey: .curvature)
      try container.encode(radius, forKey: .radius)
    case .theorems(let normals, let curvature, let dimensions, let product):
      try container.encode(normals, forKey: .normals)
      try container.encode(curvature, forKey: .learning)
      try container.encode(dimensions, forKey: .dimensions)
      try container.encode(product, forKey: .product)
    }
  }
}
