internal import Glibc
public import Tensors

/// What a model does to its logits at its end: a softmax, a sigmoid, shares of a sum, a temperature.
///
/// Margins are taken on the logits, which do not saturate; probabilities are those of the model.
public struct Head: Sendable {
  /// What the model's own output holds.
  public enum Kind: String, Sendable, Codable {
    case logits
    case softmax
    case logSoftmax
    case sigmoid
    case tanh
    /// Numbers from 0 to 1 of another kind.
    case probabilities
    /// Logarithms of such.
    case logProbabilities
    /// Another function of the logits that keeps their order.
    case scores
  }

  /// What the model's own output holds, whereas margins are taken on the logits before it.
  public let kind: Kind
  /// The operators behind the logits, as the model file names them, from the logits on; each once.
  public let operators: [String]
  /// Whether the model gives one number, of which two classes were made.
  public let isBinary: Bool
  /// Logits to probabilities, 1×K → 1×K; nil where a softmax does it.
  private let function: Graph?

  /// Whether the model has probabilities of its own, which need not be the softmax of its logits.
  public var hasProbabilities: Bool { function != nil || kind == .softmax || kind == .logSoftmax }

  /// Logits as the model gives them; their softmax counts as probabilities.
  public static let none = Head(kind: .logits)

  init(kind: Kind, operators: [String] = [], isBinary: Bool = false, function: Graph? = nil) {
    self.kind = kind
    self.operators = operators
    self.isBinary = isBinary
    self.function = function
  }

  /// The probabilities of the classes in each row of logits, N×K: the model's own where it has any, else a softmax.
  ///
  /// Those of a model of several labels need not sum to 1. Where the model's own overflow, the softmax stands in.
  public func probabilities(_ logits: Tensor) -> [[Double]] {
    (0..<logits.count).map { n in
      if let own = function?.value(at: logits.entry(n)).elements, own.allSatisfy(\.isFinite) {
        return own.map(Double.init)
      }
      let row = logits.entryElements(n)
      let largest = row.max() ?? 0
      let powers = row.map { exp(Double($0 - largest)) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }
}

extension Head {
  /// The head behind the logits (0, z) of one that lay behind the scores −z and z.
  var ofOpposites: Head {
    var pair = Graph(imageShape: [1, 2])
    let z = pair.append(Slice(axes: [1], starts: [1], ends: [2], steps: [1]), of: [.image])
    let opposite = pair.append(Affine(scale: -1, shift: 0), of: [z])
    pair.append(Concatenation(axis: 1), of: [opposite, z])
    var own = function.map(pair.followed)
    if kind == .softmax || kind == .logSoftmax {
      own = pair
      own?.append(Softmax(axis: 1), of: [pair.output])
    }
    return Head(kind: kind, operators: operators, isBinary: true, function: own)
  }
}

extension Head.Kind {
  /// What a function of some logits is called, by its only operation or by the numbers it gives.
  init(_ operations: [any Operation], values: [Float]) {
    let own = operations.filter { !$0.rearranges }
    switch own.count == 1 ? own[0] : nil {
    case is Softmax: self = .softmax
    case is LogSoftmax: self = .logSoftmax
    case let function as Elementwise where function.function == .sigmoid: self = .sigmoid
    case let function as Elementwise where function.function == .tanh: self = .tanh
    default:
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      self =
        if least >= 0, most <= 1.001 {
          .probabilities
        } else if least >= -1.001, most <= 1.001, most > 0.5 {
          .tanh
        } else if most <= 1e-3 {
          .logProbabilities
        } else {
          .scores
        }
    }
  }
}

extension Graph {
  /// A graph that ends in what a head of some kind gives, ending in probabilities; nil where a softmax of the logits
  /// gives them, or stands in for them.
  func ending(inProbabilitiesOf kind: Head.Kind) -> Graph? {
    var graph = self
    switch kind {
    case .logits, .scores, .softmax, .logSoftmax: return nil
    case .sigmoid, .probabilities: break
    case .tanh: graph.append(Affine(scale: 0.5, shift: 0.5), of: [output])
    case .logProbabilities: graph.append(Elementwise(.exp), of: [output])
    }
    return graph
  }
}

extension Graph {
  /// The output for one image, by one operation after the other.
  func value(at image: Tensor) -> Tensor {
    var values: [Tensor] = []
    func value(_ operand: Operand) -> Tensor {
      switch operand {
      case .image: image
      case .constant(let k): constants[k]
      case .node(let i): values[i]
      }
    }
    for node in nodes { values.append(node.operation.forward(node.inputs.map(value))) }
    return value(output)
  }
}
