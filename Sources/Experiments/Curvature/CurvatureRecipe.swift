/// Which boundary points and which margin the shared curvature is averaged over.
public enum CurvatureRecipe: Hashable, Sendable, CustomStringConvertible {
  /// Nearest boundary, margin of the whole region.
  case region
  /// Nearest boundary, margin of the nearest class: the paper's text.
  case paper
  /// One target class for all, points short of the boundary, no projection: the authors' code.
  case authors(target: Int)

  /// As the command line spells it: `region`, `paper`, `authors:T`.
  public init?(_ text: String) {
    switch text {
    case "region": self = .region
    case "paper": self = .paper
    default:
      guard text.hasPrefix("authors:"), let target = Int(text.dropFirst(8)), target >= 0 else { return nil }
      self = .authors(target: target)
    }
  }

  /// The one target class; nil where every boundary point has its own nearest.
  public var target: Int? {
    if case .authors(let target) = self { target } else { nil }
  }

  public var description: String {
    switch self {
    case .region: "region"
    case .paper: "paper"
    case .authors(let target): "authors:\(target)"
    }
  }
}

extension CurvatureRecipe: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let recipe = CurvatureRecipe(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a recipe")
    }
    self = recipe
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
