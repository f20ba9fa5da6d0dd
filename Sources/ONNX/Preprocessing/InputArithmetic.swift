internal import Networks
internal import Tensors

/// What a graph does to pixels before anything else: y = scale·x + shift, for each channel of its input.
///
/// Found by trial, so that it does not matter in how many nodes, in which layout or order of channels the graph writes
/// it: the operations that only scale, shift and rearrange are evaluated on a black image and on one image a channel
/// that is bright there alone. The map is read off where other operations take the pixels from. Cost: a forward pass
/// of those few operations for each channel.
struct InputArithmetic {
  /// The map of one channel of the input; the mean over the pixels where they differ.
  struct Channel: Equatable {
    var scale: Float
    var shift: Float
    /// Where pixels have maps of their own, as scikit-learn's scalers give them; nil where all have this one.
    var reach: Reach?

    /// The pixel value that becomes 0.
    var zero: Float { -shift / scale }
  }

  /// How far pixels reach that have maps of their own, whatever a few of them do: some are dead, some gated away.
  struct Reach: Equatable {
    /// Nine of ten pixels become 0 at this value or below.
    var zero: Float
    /// Nine of ten pixels become 1 over a step of this size or less, and half of them nearly so; nil where steps are spread.
    var step: Float?
  }

  /// The maps of the channels that the network looks at, by channel of the input.
  var channels: [Int: Channel]
  /// Whether trained numbers take part, as in a batch normalisation of the input.
  var isLearned: Bool
  /// The largest pixel value that the graph lets through, where it clips its input to 0…that.
  var ceiling: Float?

  var isIdentity: Bool { channels.values.allSatisfy { $0.scale == 1 && $0.shift == 0 } }

  /// The arithmetic on the way to each operation that is more than that; the same in most graphs.
  static func all(in graph: Graph) -> [InputArithmetic] {
    var trial = Trial(graph)
    for i in graph.nodes.indices { trial.visit(i) }
    return trial.ends
  }
}

extension InputArithmetic: CustomStringConvertible {
  /// Such as `(x − 127.5)/127.5`.
  var description: String {
    let ordered = channels.sorted { $0.key < $1.key }.map(\.value)
    if ordered.contains(where: { $0.reach != nil }) { return "a scale of its own for each pixel" }
    let means = Self.joined(ordered.map { $0.shift == 0 ? 0 : $0.zero })
    let divisors = Self.joined(ordered.map { 1 / $0.scale })
    if means == "0" {
      return ordered.allSatisfy { $0.scale > 1 } ? "x·\(Self.joined(ordered.map(\.scale)))" : "x/\(divisors)"
    }
    let centred = means.contains(",") ? "x − (\(means))" : "x − \(means)"
    return divisors == "1" ? centred : "(\(centred))/\(divisors.contains(",") ? "(\(divisors))" : divisors)"
  }

  private static func joined(_ numbers: [Float]) -> String {
    let words = numbers.map { Preprocessing.short($0) }
    return Set(words).count == 1 ? words[0] : words.joined(separator: ",")
  }
}

/// The trial images on their way through a graph's first operations.
private struct Trial {
  private struct Pixels {
    /// What became of the black image, and of one bright image a channel.
    var images: [Tensor]
    var isLearned = false
    var ceiling: Float?
  }

  private static let bright: Float = 255
  /// More operations than anyone puts before a network.
  private static let most = 64

  private let graph: Graph
  private var pixels: [Operand: Pixels]
  private var read: [Operand] = []

  init(_ graph: Graph) {
    self.graph = graph
    let shape = graph.imageShape
    let area = shape.count / max(1, shape[1])
    let images = (-1..<shape[1]).map { channel in
      Tensor(shape: shape) { out in
        out.update(repeating: 0)
        if channel >= 0 { out[(channel * area)..<((channel + 1) * area)].update(repeating: Self.bright) }
      }
    }
    pixels = [.image: Pixels(images: images)]
  }

  mutating func visit(_ i: Int) {
    let node = graph.nodes[i]
    let incoming = node.inputs.filter { pixels[$0] != nil }
    guard !incoming.isEmpty else { return }
    if pixels.count < Self.most, let result = evaluate(node) {
      pixels[.node(i)] = result
    } else {
      for input in incoming where !read.contains(input) { read.append(input) }
    }
  }

  var ends: [InputArithmetic] { read.compactMap { pixels[$0].flatMap(arithmetic) } }
}

// MARK: - Operations

extension Trial {
  /// What the node makes of the trial images; nil where it does more than scale, shift and rearrange.
  private func evaluate(_ node: Node) -> Pixels? {
    let incoming = node.inputs.map { pixels[$0] }
    if let clamp = node.operation as? Clamp { return incoming[0].flatMap { clipped($0, clamp) } }
    guard isArithmetic(node, incoming), let first = incoming.compactMap({ $0 }).first else { return nil }
    var result = first
    result.isLearned = node.type == "BatchNormalization" || incoming.contains { $0?.isLearned == true }
    result.ceiling = incoming.compactMap { $0?.ceiling }.min()
    result.images = first.images.indices.map { k in
      node.operation.forward(
        zip(node.inputs, incoming).map { operand, pixels in
          if case .constant(let c) = operand { graph.constants[c] } else { pixels!.images[k] }
        })
    }
    return result
  }

  private func isArithmetic(_ node: Node, _ incoming: [Pixels?]) -> Bool {
    for (operand, pixels) in zip(node.inputs, incoming) where pixels == nil {
      guard case .constant = operand else { return false }
    }
    switch node.operation {
    case is Affine, is ChannelAffine, is Rescaling, is Reshape, is Transpose, is Slice, is Gather, is Padding,
      is Expansion, is Concatenation, is Addition, is Subtraction:
      return true
    case is Multiplication: return incoming.count { $0 != nil } == 1
    case is Division: return incoming[0] != nil && incoming[1] == nil
    case is Dense: return node.type == "Resize" || node.type == "Upsample"
    case let filters as Convolution: return filters.takesEachChannelAlone
    default: return false
    }
  }

  /// A clip to what pixels can be changes none of them.
  private func clipped(_ incoming: Pixels, _ clamp: Clamp) -> Pixels? {
    guard let lower = clamp.lower, let upper = clamp.upper, let map = arithmetic(incoming)?.channels.values
    else { return nil }
    let floors = map.map { (lower - $0.shift) / $0.scale }
    let ceilings = map.map { (upper - $0.shift) / $0.scale }
    for ceiling: Float in [1, Self.bright] {
      let isBound = { (x: Float, bound: Float) in abs(x - bound) < ceiling / 100 }
      guard floors.allSatisfy({ isBound($0, 0) }), ceilings.allSatisfy({ isBound($0, ceiling) }) else {
        continue
      }
      var result = incoming
      result.ceiling = ceiling
      return result
    }
    return nil
  }
}

extension Convolution {
  /// Whether each output pixel is one pixel of one channel, scaled and shifted.
  fileprivate var takesEachChannelAlone: Bool {
    let taps = weights.shape.entry.count
    guard window.kernel.allSatisfy({ $0 == 1 }), weights.shape[0] <= 4 else { return false }
    return (0..<weights.shape[0]).allSatisfy { o in
      weights.elements[(o * taps)..<((o + 1) * taps)].count { $0 != 0 } == 1
    }
  }
}

// MARK: - Reading the map off

extension Trial {
  /// The map from the input's channels to these pixels; nil where a pixel mixes channels.
  private func arithmetic(_ pixels: Pixels) -> InputArithmetic? {
    let black = pixels.images[0].elements
    var taken = [Bool](repeating: false, count: black.count)
    var channels: [Int: InputArithmetic.Channel] = [:]
    for (channel, image) in pixels.images.dropFirst().enumerated() {
      var (count, scale, shift): (Double, Double, Double) = (0, 0, 0)
      var maps = Maps()
      for (i, (dark, light)) in zip(black, image.elements).enumerated() where dark != light {
        if taken[i] { return nil }
        taken[i] = true
        count += 1
        scale += (Double(light) - Double(dark)) / Double(Self.bright)
        shift += Double(dark)
        maps.add(scale: (light - dark) / Self.bright, shift: dark)
      }
      if count > 0 {
        channels[channel] = .init(
          scale: Float(scale / count), shift: Float(shift / count), reach: maps.reach)
      }
    }
    guard !channels.isEmpty, channels.values.allSatisfy({ $0.scale.isFinite && $0.shift.isFinite }) else {
      return nil
    }
    return InputArithmetic(channels: channels, isLearned: pixels.isLearned, ceiling: pixels.ceiling)
  }
}

/// The maps of the pixels of a channel, one after the other.
private struct Maps {
  private var first: (scale: Float, shift: Float)?
  private var differ = false
  private var zeros: [Float] = []
  private var steps: [Float] = []

  mutating func add(scale: Float, shift: Float) {
    zeros.append(-shift / scale)
    steps.append(1 / scale.magnitude)
    guard let first else {
      self.first = (scale, shift)
      return
    }
    // Beyond what interpolation between pixels and rounding do.
    let isSame =
      abs(scale - first.scale) <= 0.02 * first.scale.magnitude
      && abs(shift - first.shift) <= 0.02 * max(1, first.shift.magnitude)
    if !isSame { differ = true }
  }

  /// nil where all are one.
  var reach: InputArithmetic.Reach? {
    guard differ else { return nil }
    func quantile(_ numbers: [Float], _ share: Double) -> Float {
      numbers.sorted()[min(numbers.count - 1, Int(saturating: share * Double(numbers.count)))]
    }
    // Scalers give 1 to pixels that never change.
    let living = steps.filter { abs($0 - 1) > 1e-6 }
    let told = living.contains { $0 > 2 } ? living : steps
    let (half, most) = (quantile(told, 0.5), quantile(told, 0.9))
    return .init(zero: quantile(zeros, 0.9), step: most < 1.5 * half ? most : nil)
  }
}
