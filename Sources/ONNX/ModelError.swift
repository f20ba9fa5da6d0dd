/// A node of a model file, as messages name it.
public struct NodePlace: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The operator, such as `Conv`, with its domain where that is not ONNX's own.
  public let type: String
  /// The node's name, or the name of its first output where it has none.
  public let node: String

  public init(type: String, node: String) {
    self.type = type
    self.node = node
  }

  enum CodingKeys: String, CodingKey {
    case type = "operator"
    case node
  }

  public var description: String { "\(type.shortened) '\(node.shortened)'" }
}

extension String {
  /// A name of at most 40 characters: a longer one without its middle.
  var shortened: String { count <= 40 ? self : "\(prefix(18))…\(suffix(21))" }
}

/// An operator, or a use of one, that there is no operation for.
public struct MissingOperator: Hashable, Sendable, Codable {
  /// The node that needs it.
  public let place: NodePlace
  /// What about it is missing, where the operator itself is there.
  public let detail: String?

  public init(place: NodePlace, detail: String? = nil) {
    self.place = place
    self.detail = detail
  }
}

/// Why a model file does not become a classifier: the facts; ``description`` phrases them in one sentence.
public enum ModelError: Error, Equatable {
  case missingFile(path: String)
  case unreadableFile(path: String, reason: String)
  case notONNX(path: String, reason: String)
  case badTensor(name: String, problem: String)
  case externalData(tensor: String, file: String, problem: String)
  case badNode(NodePlace, problem: String)
  case unknownValue(name: String, place: NodePlace)
  case cycle(NodePlace)
  case unsupported([MissingOperator])
  case noImageInput(problem: String)
  case freeImageSize(input: String)
  case badImageSize(input: String, problem: String)
  case noLogits(output: String, problem: String)
  case noSuchOutput(name: String, outputs: [String])
  case badProfile(path: String, problem: String)
  case badPreprocessing(problem: String)
  case badInput(name: String, problem: String)
}

extension ModelError {
  /// Whether the model file itself is not there.
  public var isMissingFile: Bool { if case .missingFile = self { true } else { false } }

  /// Whether nothing but the size of the image is missing.
  public var leavesSizeOpen: Bool { if case .freeImageSize = self { true } else { false } }

  /// Whether the sentence says in which file it is.
  public var namesFile: Bool {
    switch self {
    case .missingFile, .unreadableFile, .notONNX, .badProfile: true
    default: false
    }
  }
}

extension ModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingFile, .unreadableFile, .notONNX, .badProfile, .externalData:
      fileDescription
    case .noImageInput, .freeImageSize, .badImageSize, .noLogits, .noSuchOutput, .badPreprocessing,
      .badInput:
      useDescription
    case .badTensor(let name, let problem): "tensor '\(name.shortened)' of the model \(problem)"
    case .badNode(let place, let problem): "\(place): \(problem)"
    case .unknownValue(let name, let place):
      "\(place) takes '\(name.shortened)', which nothing in the model gives"
    case .cycle(let place): "\(place) depends on its own output; an ONNX graph has no cycles"
    case .unsupported(let missing): Self.describe(missing)
    }
  }

  private var fileDescription: String {
    switch self {
    case .missingFile(let path): "\(path): no such file"
    case .unreadableFile(let path, let reason): "\(path) cannot be read: \(reason)"
    case .notONNX(let path, let reason): "\(path) is not an ONNX model: \(reason)"
    case .badProfile(let path, let problem): "\(path): \(problem)"
    case .externalData(let tensor, let file, let problem):
      "tensor '\(tensor.shortened)' has its data in '\(file.shortened)', which \(problem)"
    default: ""
    }
  }

  private var useDescription: String {
    switch self {
    case .noImageInput(let problem): "the model takes no image: \(problem)"
    case .freeImageSize(let input):
      "input '\(input.shortened)' leaves the size of the image open; set it with --crop SIDE, --resize SIDE or --resize HxW"
    case .badImageSize(let input, let problem): "input '\(input.shortened)' \(problem)"
    case .noLogits(let output, let problem):
      "output '\(output.shortened)' \(problem); a classifier gives one score per class"
    case .noSuchOutput(let name, let outputs):
      "the model has no output '\(name.shortened)'; it has \(outputs.prefix(4).map { "'\($0.shortened)'" }.joined(separator: ", "))"
    case .badPreprocessing(let problem): problem
    case .badInput(let name, let problem): "input '\(name.shortened)' \(problem)"
    default: ""
    }
  }

  /// Names every operator once, with the nodes that use it; the first few where there are many.
  private static func describe(_ missing: [MissingOperator]) -> String {
    var order: [String] = []
    var nodes: [String: [String]] = [:]
    for item in missing {
      let kind = item.place.type + (item.detail.map { " with \($0)" } ?? "")
      if nodes[kind] == nil { order.append(kind) }
      nodes[kind, default: []].append("'\(item.place.node.shortened)'")
    }
    let list = order.prefix(3).map { kind in
      let names = nodes[kind]!
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      return "\(kind) (\(names.prefix(3).joined(separator: ", "))\(more))"
    }
    let others = order.count > 3 ? " and \(order.count - 3) more" : ""
    return "the model needs operators that are not supported: \(list.joined(separator: ", "))\(others)"
  }
}
