internal import Networks
internal import Tensors

/// Draws of standard normal noise for one image's shape, made in parts so that no more than one is in memory.
struct NoiseDraws: Sendable {
  let shape: Shape
  let seed: UInt64

  /// Draws in one part: bytes of some tens of megabytes at most.
  var partSize: Int { max(1, min(128, (8 << 20) / max(1, shape.entry.count))) }

  /// Draws `range`, one an entry: each has a stream of its own, whatever the parts.
  func part(_ range: Range<Int>) -> Tensor {
    let elements = range.flatMap { draw -> [Float] in
      var generator = SeededGenerator(seed: seed, stream: UInt64(draw))
      return generator.gaussianVector(shape.entry.count)
    }
    return Tensor(shape: shape.batch(of: range.count), elements: elements)
  }
}

extension Network {
  /// k(x + σε) of one image, C×H×W, for every draw ε of a part.
  func labels(of x: [Float], under noise: Tensor, sigma: Double) throws -> [Int] {
    try labels((Float(sigma) * noise).addingToEach(1, x))
  }
}
