internal import Networks
internal import ONNXSchema
internal import Tensors

/// Which value of a model holds the scores of the classes.
struct LogitsOutput {
  /// The output of the model that it is, or that was decided by it.
  let name: String
  let operand: Operand
  let shape: Shape
  /// The names of the classes, where the model gives them to its decision; nil where they are numbers in order.
  let classNames: [String]?
  /// What was chosen among several outputs, and what was passed on the way back; nil where there was nothing to choose.
  let remark: String?

  /// The output that holds the scores; where one is named, that or nothing.
  ///
  /// It is likelier one that has as many scores as there are names of classes.
  static func find(
    in importer: inout Importer, of file: ModelFile, named wanted: String?, classCount: Int?
  ) throws -> LogitsOutput {
    let outputs = file.outputNames
    if let wanted, !importer.gives(wanted) {
      throw ModelError.noSuchOutput(name: wanted, outputs: outputs)
    }
    var candidates: [Candidate] = []
    var failure: ModelError?
    for name in wanted.map({ [$0] }) ?? outputs {
      do {
        candidates.append(try Candidate(name, &importer))
      } catch let error as ModelError {
        failure = failure ?? error
      }
    }
    let depths = importer.builder.graph.depths
    func rank(_ candidate: Candidate) -> [Int] { candidate.rank(classCount: classCount, depths: depths) }
    // The first of equals.
    guard
      let best = candidates.reduce(
        nil as Candidate?,
        { best, next in best.map { rank($0).lexicographicallyPrecedes(rank(next)) ? next : $0 } ?? next })
    else { throw failure ?? ModelError.notONNX(path: file.path, reason: "its graph has no output") }
    return LogitsOutput(best, isChosen: wanted == nil && outputs.count > 1)
  }

  private init(_ candidate: Candidate, isChosen: Bool) {
    (name, operand, shape) = (candidate.name, candidate.operand, candidate.shape)
    classNames = candidate.decision.classNames
    let choice = isChosen ? "of several outputs '\(name)' is taken" : nil
    let operators = candidate.decision.operators
    let step = operators.isEmpty ? nil : "the scores before its \(list(operators)) are taken"
    let parts = [choice, step].compactMap { $0 }
    remark = parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

/// An output that may hold the scores.
private struct Candidate {
  let name: String
  let decision: Decision
  let operand: Operand
  let shape: Shape

  init(_ name: String, _ importer: inout Importer) throws {
    self.name = name
    decision = importer.decision(behind: name)
    let (edge, missing) = try importer.importValue(decision.scores)
    guard missing.isEmpty else { throw ModelError.unsupported(missing) }
    switch edge {
    case .unknown:
      throw ModelError.noLogits(output: name, problem: "is a second result that is not computed")
    case .known: throw ModelError.noLogits(output: name, problem: "does not depend on the image")
    case .flowing(let found, let shape):
      guard importer.builder.graph.changes(found) else {
        throw ModelError.noLogits(output: name, problem: "takes its scores straight from the pixels")
      }
      guard shape.extents.count(where: { $0 != 1 }) <= 1 else {
        throw ModelError.noLogits(output: name, problem: "is an array of \(shape)")
      }
      guard case .flowing(let operand, let shape) = try importer.classScores(of: decision, edge) else {
        throw ModelError.noLogits(output: name, problem: "does not depend on the image")
      }
      (self.operand, self.shape) = (operand, shape)
    }
  }

  /// Greater for what is likelier to be the scores: as many as there are names, more than one, no side branch, called
  /// so, of rank 2, and far from the image, since features come before scores.
  func rank(classCount: Int?, depths: [Int]) -> [Int] {
    let width = shape.count
    let fits = width == classCount || width == 1 && classCount == 2
    let depth = if case .node(let i) = operand { depths[i] } else { 0 }
    let isMatrix = shape.rank == 2 && (shape[0] == 1 || width == 1)
    let call = OutputName(name)
    return [
      fits ? 1 : 0, width > 1 ? 1 : 0, call == .branch ? 0 : 1, call == .scores ? 1 : 0, isMatrix ? 1 : 0,
      call == .features ? 0 : 1, depth,
    ]
  }
}

/// What an output is likely to hold by its name.
private enum OutputName {
  case scores
  case features
  /// An auxiliary classifier, which helps in training alone.
  case branch
  case other

  init(_ name: String) {
    let words = name.lowercased().split { !$0.isLetter }
    func contains(_ parts: [String]) -> Bool {
      words.contains { word in parts.contains { word.hasPrefix($0) } }
    }
    self =
      if contains(["aux", "loss"]) {
        .branch
      } else if contains(["feat", "embed", "hidden", "pool", "penultimate", "attention", "backbone"]) {
        .features
      } else if contains(["logit", "prob", "softmax", "score", "class", "pred", "label"]) {
        .scores
      } else {
        .other
      }
  }
}

extension Graph {
  /// Whether a value is anything else than the image in another shape.
  fileprivate func changes(_ operand: Operand) -> Bool {
    guard case .node(let i) = operand else { return operand != .image }
    return nodes[i].operation is Reshape ? changes(nodes[i].inputs[0]) : true
  }

  /// How many operations lie on the longest way from the image to each node.
  fileprivate var depths: [Int] {
    var depths: [Int] = []
    for node in nodes {
      let before = node.inputs.map { if case .node(let j) = $0 { depths[j] } else { 0 } }
      depths.append(1 + (before.max() ?? 0))
    }
    return depths
  }
}

/// `a, b and c`.
func list(_ names: [String]) -> String {
  names.count < 2
    ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
}
