import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// A head behind four logits, or behind one number, written as graphs write it.
struct HeadCase: CustomStringConvertible, Sendable {
  let description: String
  /// Adds the head behind z and returns its output.
  let build: @Sendable (inout Graph, Operand) -> Operand

  init(_ description: String, _ build: @escaping @Sendable (inout Graph, Operand) -> Operand) {
    (self.description, self.build) = (description, build)
  }

  /// z = W·x + b with so many numbers, then the head.
  func graph(width: Int) -> (graph: Graph, logits: Network) {
    var graph = Graph(imageShape: [1, 1, 2, 3])
    let flat = graph.append(Reshape(entry: [6]), of: [.image])
    let weights = randomTensor([width, 6], seed: 3, deviation: 2)
    let bias = (0..<width).map { Float($0) * 0.3 - 0.4 }
    let z = graph.append(Dense(weights: weights, bias: bias), of: [flat])
    let logits = try! Network(graph)
    graph.output = build(&graph, z)
    return (graph, logits)
  }
}

extension Graph {
  fileprivate mutating func function(_ function: ScalarFunction, _ x: Operand) -> Operand {
    append(Elementwise(function), of: [x])
  }
  fileprivate mutating func affine(_ scale: Float, _ shift: Float, _ x: Operand) -> Operand {
    append(Affine(scale: scale, shift: shift), of: [x])
  }
  fileprivate mutating func total(_ x: Operand) -> Operand {
    append(Total(axes: [1], keepsAxes: true), of: [x])
  }
}

@Suite("Heads")
struct HeadTests {
  private static let x = randomTensor([5, 1, 2, 3], seed: 4)

  /// Heads of several classes that keep the order of every row.
  static let kept: [HeadCase] = [
    HeadCase("softmax") { $0.append(Softmax(axis: 1), of: [$1]) },
    HeadCase("sigmoid") { $0.function(.sigmoid, $1) },
    HeadCase("sigmoid spelled out") {
      let powers = $0.function(.exp, $0.affine(-1, 0, $1))
      return $0.function(.reciprocal, $0.affine(1, 1, powers))
    },
    HeadCase("log-softmax and exponential") { $0.function(.exp, $0.append(LogSoftmax(axis: 1), of: [$1])) },
    HeadCase("exponentials over their sum") {
      let powers = $0.function(.exp, $1)
      return $0.append(Division(), of: [powers, $0.total(powers)])
    },
    HeadCase("exponentials of z − max over their sum") {
      let row = $0.append(Reshape(entry: [1, 4]), of: [$1])
      let largest = $0.append(Reshape(entry: [1]), of: [$0.append(GlobalMaxPool(), of: [row])])
      let powers = $0.function(.exp, $0.append(Subtraction(), of: [$1, largest]))
      return $0.append(Division(), of: [powers, $0.total(powers)])
    },
    HeadCase("z − log Σ exp z") {
      let sum = $0.function(.log, $0.total($0.function(.exp, $1)))
      return $0.append(Subtraction(), of: [$1, sum])
    },
    HeadCase("sigmoids over their sum") {
      let p = $0.function(.sigmoid, $1)
      return $0.append(Division(), of: [p, $0.total(p)])
    },
    HeadCase("softmax twice") { $0.append(Softmax(axis: 1), of: [$0.append(Softmax(axis: -1), of: [$1])]) },
    HeadCase("temperature behind a softmax") { $0.affine(100, 0, $0.append(Softmax(axis: 1), of: [$1])) },
    HeadCase("clipped probabilities") {
      $0.append(Clamp(lower: 1e-7, upper: 1 - 1e-7), of: [$0.append(Softmax(axis: 1), of: [$1])])
    },
    HeadCase("logarithm of a softmax with an epsilon") {
      $0.function(.log, $0.affine(1, 1e-9, $0.append(Softmax(axis: 1), of: [$1])))
    },
    HeadCase("softmax in other shapes") {
      let planes = $0.append(Reshape(entry: [4, 1, 1]), of: [$0.append(Softmax(axis: 1), of: [$1])])
      return $0.append(Transpose(permutation: [0, 2, 3, 1]), of: [planes])
    },
    HeadCase("one sigmoid a class, joined") { graph, z in
      let columns = (0..<4).map { k in
        let one = graph.append(Slice(axes: [1], starts: [k], ends: [k + 1], steps: [1]), of: [z])
        return graph.append(Elementwise(.sigmoid), of: [one])
      }
      return graph.append(Concatenation(axis: 1), of: columns)
    },
    HeadCase("hyperbolic tangent") { $0.function(.tanh, $1) },
  ]

  @Test("What keeps the order of a row and saturates is taken off: logits and probabilities", arguments: kept)
  func strips(head: HeadCase) throws {
    let (graph, logits) = head.graph(width: 4)
    let (rest, found) = try graph.separatingHead()
    let network = try Network(rest, head: found)
    #expect(near(try network.logits(Self.x), try logits.logits(Self.x)))
    #expect(!found.operators.isEmpty && !found.isBinary)
    let whole = try Network(graph).logits(Self.x)
    #expect(whole.argmaxOfEntries == (try network.labels(Self.x)))
    let probabilities = found.probabilities(try network.logits(Self.x))
    for n in 0..<5 {
      let own = whole.entryElements(n).map(Double.init)
      switch found.kind {
      case .softmax, .logSoftmax: #expect(near(probabilities[n].reduce(0, +), 1))
      case .sigmoid, .probabilities: #expect(zip(own, probabilities[n]).allSatisfy { near($0, $1, 1e-5) })
      case .tanh: #expect(zip(own, probabilities[n]).allSatisfy { abs(($0 + 1) / 2 - $1) < 1e-6 })
      default: break
      }
    }
  }

  @Test("What turns the order of a row around is a head of the opposite logits")
  func falls() throws {
    let head = HeadCase("one minus sigmoid") { $0.affine(-1, 1, $0.function(.sigmoid, $1)) }
    let (graph, logits) = head.graph(width: 4)
    let (rest, found) = try graph.separatingHead()
    let own = try Network(rest).logits(Self.x)
    #expect(near(own, -1 * (try logits.logits(Self.x))))
    let whole = try Network(graph).logits(Self.x)
    #expect(near(found.probabilities(own).flatMap { $0.map(Float.init) }, whole.elements))
  }

  @Test("A softmax is one in whatever operations it is written", arguments: [0, 3, 4, 5])
  func spelledOut(index: Int) throws {
    #expect(try Self.kept[index].graph(width: 4).graph.separatingHead().head.kind == .softmax)
  }

  @Test(
    "A sigmoid is one of the whole score, in whatever operations it is written", arguments: [false, true])
  func spelledSigmoid(falls: Bool) throws {
    let head = HeadCase("(1 + tanh(z/2))/2") {
      $0.affine(falls ? -0.5 : 0.5, 0.5, $0.function(.tanh, $0.affine(0.5, 0, $1)))
    }
    let (graph, logits) = head.graph(width: 4)
    let (rest, found) = try graph.separatingHead()
    let own = try Network(rest).logits(Self.x)
    #expect(near(own, (falls ? -1 : 1) * (try logits.logits(Self.x))))
    #expect(found.kind == .sigmoid)
    let whole = try Network(graph).logits(Self.x)
    #expect(near(found.probabilities(own).flatMap { $0.map(Float.init) }, whole.elements))
  }

  /// Networks that end in probabilities of no row of logits of their own.
  private static func members(
    _ width: Int, _ build: (inout Graph, [Operand]) -> Operand
  ) -> Graph {
    var graph = Graph(imageShape: [1, 1, 2, 3])
    let flat = graph.append(Reshape(entry: [6]), of: [.image])
    let scores = [3, 4, 5].map { seed in
      graph.append(
        Dense(weights: randomTensor([width, 6], seed: UInt64(seed), deviation: 2), bias: nil), of: [flat])
    }
    graph.output = build(&graph, scores)
    return graph
  }

  static let averages: [(name: String, graph: Graph)] = [
    (
      "mean of softmaxes",
      members(4) { graph, scores in
        let shares = scores.map { graph.append(Softmax(axis: 1), of: [$0]) }
        let sum = graph.append(
          Addition(), of: [graph.append(Addition(), of: [shares[0], shares[1]]), shares[2]])
        return graph.append(Affine(scale: 1 / 3, shift: 0), of: [sum])
      }
    ),
    (
      "stacked and averaged",
      members(4) { graph, scores in
        let rows = scores.map {
          graph.append(Reshape(entry: [1, 4]), of: [graph.append(Softmax(axis: 1), of: [$0])])
        }
        return graph.append(
          Mean(axes: [1], keepsAxes: false), of: [graph.append(Concatenation(axis: 1), of: rows)])
      }
    ),
    (
      "one softmax in another order",
      members(4) { graph, scores in
        let p = graph.append(Softmax(axis: 1), of: [scores[0]])
        return graph.append(Gather(indices: [1, 0, 3, 2], axis: 1, indexShape: [4]), of: [p])
      }
    ),
    (
      "sigmoids over the sum of their magnitudes, averaged",
      members(4) { graph, scores in
        let shares = scores.prefix(2).map { score in
          let p = graph.function(.sigmoid, score)
          return graph.append(
            Division(), of: [p, graph.total(graph.append(AbsoluteValue(), of: [p]))])
        }
        return graph.affine(0.5, 0, graph.append(Addition(), of: shares))
      }
    ),
    (
      "scores cut off at 0 and 1, over their sum, or all alike where that is 0",
      members(4) { graph, scores in
        let cut = graph.append(Clamp(lower: 0, upper: 1), of: [graph.affine(0.5, 0.5, scores[0])])
        let sum = graph.total(cut)
        let isEmpty = graph.affine(-1, 1, graph.append(Step(.sign), of: [sum]))
        let over = graph.append(Addition(), of: [sum, graph.affine(4, 0, isEmpty)])
        return graph.append(Division(), of: [graph.append(Addition(), of: [cut, isEmpty]), over])
      }
    ),
    (
      "scores cut off at 0 and 1, over their sum",
      members(4) { graph, scores in
        let cut = graph.append(Clamp(lower: 0.05, upper: 1), of: [graph.affine(0.5, 0.5, scores[0])])
        return graph.append(
          Multiplication(), of: [cut, graph.function(.reciprocal, graph.total(cut))])
      }
    ),
    (
      "weighted",
      members(2) { graph, scores in
        let shares = zip(scores, [Float(0.2), 0.5, 0.3]).map { score, weight in
          graph.append(Affine(scale: weight, shift: 0), of: [graph.append(Softmax(axis: 1), of: [score])])
        }
        return graph.append(
          Addition(), of: [graph.append(Addition(), of: [shares[0], shares[1]]), shares[2]])
      }
    ),
  ]

  @Test(
    "Averaged probabilities stay the model's own, and margins are taken on their logarithms",
    arguments: averages.indices)
  func averaged(place: Int) throws {
    let graph = Self.averages[place].graph
    let (rest, head) = try graph.separatingHead()
    #expect(head.kind == .probabilities && !head.isBinary && head.hasProbabilities)
    let logits = try Network(rest, head: head).logits(Self.x)
    let own = try Network(graph).logits(Self.x)
    #expect(near(head.probabilities(logits).flatMap { $0.map(Float.init) }, own.elements, 1e-5))
    #expect(zip(logits.elements, own.elements).allSatisfy { $1 == 0 || abs($0 - log($1)) < 1e-4 })
  }

  @Test("The mean of several networks' single probability decides at one half")
  func averagedSingle() throws {
    let graph = Self.members(1) { graph, scores in
      let shares = scores.map { graph.function(.sigmoid, $0) }
      let sum = graph.append(
        Addition(), of: [graph.append(Addition(), of: [shares[0], shares[1]]), shares[2]])
      return graph.affine(1 / 3, 0, sum)
    }
    let (rest, head) = try graph.separatingHead()
    let network = try Network(rest, head: head)
    var whole: [Float] = []
    for n in 0..<5 {
      let shares = [3, 4, 5].map { seed -> Float in
        let w = randomTensor([1, 6], seed: UInt64(seed), deviation: 2)
        let z = zip(w.elements, Self.x.entry(n).elements).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-z))
      }
      whole.append(shares.reduce(0, +) / 3)
    }
    #expect(try network.labels(Self.x) == whole.map { $0 > 0.5 ? 1 : 0 })
    #expect(Set(try network.labels(Self.x)).count == 2)
    let probabilities = head.probabilities(try network.logits(Self.x))
    #expect(zip(probabilities, whole).allSatisfy { near($0[1], Double($1), 1e-5) })
  }

  /// Networks of one logit, or of scores, whose values happen to look like shares.
  static let looks: [(name: String, function: any Networks.Operation)] = [
    ("sigmoid", Elementwise(.sigmoid)), ("clamp", Clamp(lower: 0, upper: 6)),
    ("exponential", Elementwise(.exp)),
    ("reciprocal", Elementwise(.reciprocal)),
  ]

  @Test("A dense layer behind what stays between limits gives logits", arguments: looks.indices, [1, 3])
  func hidden(place: Int, width: Int) throws {
    for seed: UInt64 in 0..<20 {
      var graph = Graph(imageShape: [1, 1, 2, 3])
      let flat = graph.append(Reshape(entry: [6]), of: [.image])
      let dense = Dense(weights: randomTensor([5, 6], seed: seed, deviation: 0.4), bias: nil)
      let hidden = graph.append(Self.looks[place].function, of: [graph.append(dense, of: [flat])])
      let scores = Dense(
        weights: randomTensor([width, 5], seed: seed + 100),
        bias: [Float](repeating: 1 / Float(width), count: width))
      graph.append(scores, of: [hidden])
      #expect(try graph.separatingHead().head.kind == .logits)
    }
  }

  @Test("Linear scores whose sum happens to be 1 are no probabilities")
  func linear() throws {
    var graph = Graph(imageShape: [1, 1, 2, 3])
    let flat = graph.append(Reshape(entry: [6]), of: [.image])
    graph.append(Dense(weights: Tensor(zeros: [3, 6]), bias: [0.2, 0.5, 0.3]), of: [flat])
    #expect(try graph.separatingHead().head.kind == .logits)
  }

  /// What is no head, or may change the order of a row.
  static let left: [HeadCase] = [
    HeadCase("nothing") { $1 },
    HeadCase("rectifier") { $0.append(Rectifier(), of: [$1]) },
    HeadCase("leaky rectifier") { $0.append(Rectifier(slope: 0.1), of: [$1]) },
    HeadCase("temperature alone") { $0.affine(0.5, 0, $1) },
    HeadCase("softmax, then weights of the classes") {
      let p = $0.append(Softmax(axis: 1), of: [$1])
      return $0.append(ChannelAffine(scale: [1, 2, 1, 1], shift: [0, 0, 0, 0]), of: [p])
    },
    HeadCase("softmax, then a dense layer") {
      let p = $0.append(Softmax(axis: 1), of: [$1])
      return $0.append(Dense(weights: randomTensor([4, 4], seed: 8), bias: nil), of: [p])
    },
    HeadCase("z·σ(z)") { $0.append(Multiplication(), of: [$1, $0.function(.sigmoid, $1)]) },
    HeadCase("capped logits") { $0.affine(30, 0, $0.function(.tanh, $0.affine(1 / 30, 0, $1))) },
    HeadCase("clipped hard") { $0.append(Clamp(lower: 0.2, upper: 0.4), of: [$0.function(.sigmoid, $1)]) },
  ]

  @Test("What is no head, or may change the order, stays", arguments: left)
  func leaves(head: HeadCase) throws {
    let (graph, _) = head.graph(width: 4)
    let (rest, found) = try graph.separatingHead()
    #expect(found.kind == .logits && found.operators.isEmpty)
    #expect(near(try Network(rest).logits(Self.x), try Network(graph).logits(Self.x)))
  }

  /// Heads that decide by one number, with what their classes' logits are of z, and the probability of class 1.
  static let binary: [(HeadCase, rises: Bool, place: Float, probability: @Sendable (Double) -> Double)] = [
    (HeadCase("one logit") { $1 }, true, 0, logistic),
    (HeadCase("sigmoid") { $0.function(.sigmoid, $1) }, true, 0, logistic),
    (HeadCase("sigmoid of −z") { $0.function(.sigmoid, $0.affine(-1, 0, $1)) }, false, 0, { logistic(-$0) }),
    (HeadCase("tanh") { $0.function(.tanh, $1) }, true, 0, { logistic(2 * $0) }),
    (
      HeadCase("squeezed sigmoid") { $0.append(Reshape(exactly: [1]), of: [$0.function(.sigmoid, $1)]) },
      true, 0, logistic
    ),
    (
      HeadCase("1 − p, p") {
        let p = $0.function(.sigmoid, $1)
        return $0.append(Concatenation(axis: 1), of: [$0.affine(-1, 1, p), p])
      }, true, 0, logistic
    ),
    (
      HeadCase("p, 1 − p") {
        let p = $0.function(.sigmoid, $1)
        return $0.append(Concatenation(axis: 1), of: [p, $0.affine(-1, 1, p)])
      }, false, 0, { logistic(-$0) }
    ),
    (
      HeadCase("stacked, of a shifted sigmoid") {
        let p = $0.function(.sigmoid, $0.affine(2, -1, $1))
        let q = $0.append(Reshape(entry: [1, 1]), of: [$0.affine(-1, 1, p)])
        let joined = $0.append(Concatenation(axis: 1), of: [q, $0.append(Reshape(entry: [1, 1]), of: [p])])
        return $0.append(Reshape(entry: [2]), of: [joined])
      }, true, 0, { logistic(2 * $0 - 1) }
    ),
    (
      HeadCase("a threshold of 0.8") { $0.affine(1, -0.3, $0.function(.sigmoid, $1)) }, true, -0.847_297_9,
      { logistic($0) - 0.3 }
    ),
  ]

  @Test("One number is two classes, with logits (0, ±(z − z₀))", arguments: binary.indices)
  func decides(index: Int) throws {
    let (head, rises, place, probability) = Self.binary[index]
    let (graph, logits) = head.graph(width: 1)
    let (rest, found) = try graph.separatingHead()
    let network = try Network(rest, head: found)
    #expect(found.isBinary && network.classCount == 2)
    let (z, own) = (try logits.logits(Self.x), try network.logits(Self.x))
    let probabilities = found.probabilities(own)
    for n in 0..<5 where head.description != "a threshold of 0.8" {
      let inner = head.description.contains("shifted") ? 2 * z.elements[n] - 1 : z.elements[n]
      let expected = rises ? inner - place : place - inner
      #expect(own.elements[2 * n] == 0 && abs(own.elements[2 * n + 1] - expected) < 1e-4)
      #expect(abs(probabilities[n][1] - probability(Double(z.elements[n]))) < 1e-5)
      #expect(abs(probabilities[n][0] + probabilities[n][1] - 1) < 1e-6)
    }
  }

  @Test("The margin behind a sigmoid is that of the logit, whose gradient does not vanish")
  func gradient() throws {
    let (graph, logits) = Self.kept[1].graph(width: 4)
    let (rest, head) = try graph.separatingHead()
    let far = 40 * Self.x
    let margin = Margin.region(own: try logits.labels(far))
    let found = try Network(rest, head: head).gradients(of: margin, at: far)
    #expect(near(found.gradients, try logits.gradients(of: margin, at: far).gradients))
    #expect(found.gradients.entryNorms.allSatisfy { $0 > 0.1 })
  }

  private static func logistic(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
}
