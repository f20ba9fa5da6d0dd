public import Tensors

/// x₁ as small integers, kept within a range: q = round(x₁/s) + z with scales s = x₂ and zero points z = x₃, which broadcast.
///
/// The values are exactly those of integer arithmetic. The derivatives are *straight-through*: those of x₁/s within the
/// range and zero beyond (Bengio, Léonard and Courville, 2013), since those of the staircase are zero everywhere; s and z
/// count as constants. Every result that rests on them says so: ``Network/isStraightThrough``.
public struct Quantization: Operation {
  /// Where on the way from x to q it is rounded, and how.
  public enum Rounding: Hashable, Sendable {
    /// round(x/s) + z, halves to even: ONNX.
    case nearest
    /// round(x·s) + z of whole numbers x: sums of products of integers that are brought to another scale.
    case nearestOfProduct
    /// round(x/s + z), halves to even.
    case nearestAfterShift
    case floorAfterShift
    case ceilingAfterShift
    case truncationAfterShift
    /// 1 from zero on, −1 below.
    case sign
  }

  /// The least and the largest q, both whole.
  public let range: ClosedRange<Float>
  /// How q becomes whole; where the operation is softened, it does not.
  public let rounding: Rounding
  /// Sharpness of the range's ends in units of x₁, where nothing is rounded; nil for integers.
  let beta: Float?

  public init(to range: ClosedRange<Float>, rounding: Rounding = .nearest) {
    self.init(range, rounding, beta: nil)
  }

  private init(_ range: ClosedRange<Float>, _ rounding: Rounding, beta: Float?) {
    self.range = range
    self.rounding = rounding
    self.beta = beta
  }

  public var regularity: Regularity { beta == nil ? .piecewiseLinear : .smooth }

  public var isStraightThrough: Bool { beta == nil }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs.count == 3, try broadcast([try broadcast([inputs[0], inputs[1]]), inputs[2]]) == inputs[0]
    else {
      throw ShapeError("scales and zero points of \(inputs.dropFirst()) do not fit \(inputs[0])")
    }
    return inputs[0]
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let z = inputs[2]
    if let beta {
      let scaled = ratio(inputs)
      return softened(inputs, beta, scaled) { $0.0 }
    }
    switch rounding {
    case .nearest:
      return limited(combine(.sum, Step(.round).values(combine(.quotient, inputs[0], inputs[1])), z))
    case .nearestOfProduct:
      let whole = Step(.round).values(inputs[0])
      return limited(combine(.sum, Step(.round).values(combine(.product, whole, inputs[1])), z))
    case .nearestAfterShift: return limited(Step(.round).values(ratio(inputs)))
    case .floorAfterShift: return limited(Step(.floor).values(ratio(inputs)))
    case .ceilingAfterShift: return limited(Step(.ceiling).values(ratio(inputs)))
    case .truncationAfterShift:
      let places = ratio(inputs)
      return limited(Tensor(shape: places.shape, elements: places.elements.map { $0.rounded(.towardZero) }))
    case .sign: return Tensor(shape: inputs[0].shape, elements: inputs[0].elements.map { $0 >= 0 ? 1 : -1 })
    }
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    guard let tangent = tangents[0] else { return Tensor(zeros: point.output.shape) }
    return combine(.product, slopes(point), tangent)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    point.wanted { i in
      i == 0 ? combine(.product, slopes(point), cotangent) : Tensor(zeros: point.inputs[i].shape)
    }
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let beta, let tangent = tangents[0] else { return nil }
    let bends = softened(point.inputs, beta, ratio(point.inputs)) { $0.2 }
    let bent = combine(.product, combine(.product, bends, tangent), cotangent)
    return point.wanted { $0 == 0 ? bent : Tensor(zeros: point.inputs[$0].shape) }
  }

  public func softened(beta: Float) -> any Operation { Quantization(range, rounding, beta: beta) }
}

extension Quantization {
  /// x/s + z, or x·s + z, before anything is rounded.
  private func ratio(_ inputs: [Tensor]) -> Tensor {
    let pairing: Pairing = rounding == .nearestOfProduct ? .product : .quotient
    return combine(.sum, combine(pairing, inputs[0], inputs[1]), inputs[2])
  }

  private func limited(_ x: Tensor) -> Tensor {
    Clamp(lower: range.lowerBound, upper: range.upperBound).values(x)
  }

  /// 1/s, or s, where the integer lies within the range or at its ends; 0 where it was brought there.
  private func slopes(_ point: Point) -> Tensor {
    if let beta { return softened(point.inputs, beta, ratio(point.inputs)) { $0.1 } }
    let (places, factors) = (ratio(point.inputs), factors(point.inputs))
    let ends = (range.lowerBound - 0.5, range.upperBound + 0.5)
    return Tensor(shape: places.shape) { out in
      for i in 0..<out.count {
        out[i] = places.elements[i] >= ends.0 && places.elements[i] <= ends.1 ? factors.elements[i] : 0
      }
    }
  }

  /// The derivative of a place in x.
  private func factors(_ inputs: [Tensor]) -> Tensor {
    let one = Tensor(repeating: 1, shape: [1])
    let factors = rounding == .nearestOfProduct ? inputs[1] : combine(.quotient, one, inputs[1])
    return factors.broadcast(to: inputs[0].shape)
  }

  /// The softly limited x/s + z with its first two derivatives in x, one of which is picked.
  private func softened(
    _ inputs: [Tensor], _ beta: Float, _ places: Tensor, _ pick: ((Float, Float, Float)) -> Float
  ) -> Tensor {
    let factors = factors(inputs)
    return Tensor(shape: places.shape) { out in
      for i in 0..<out.count {
        let factor = factors.elements[i]
        let function = ScalarFunction.softClamp(
          lower: range.lowerBound, upper: range.upperBound, beta: beta / abs(factor))
        let found = function.derivatives(at: places.elements[i])
        out[i] = pick((found.0, found.1 * factor, found.2 * factor * factor))
      }
    }
  }
}

/// The scale or the zero point with which each image is brought to 8 bits: `DynamicQuantizeLinear`.
///
/// s = (max(0, max x) − min(0, min x))/255 and z = round(−min(0, min x)/s), N×1×… for N×…, or one number for all of a
/// value whose first extent is no batch; as of constants, their derivatives count as zero.
public struct DynamicRange: Operation {
  /// Which of the two numbers of a range.
  public enum Part: Hashable, Sendable {
    case scale
    case zeroPoint
  }

  public let part: Part
  /// Whether all entries have one range, as where the value holds the parts of one image.
  public let isOfAll: Bool

  public init(_ part: Part, ofAll isOfAll: Bool = false) { (self.part, self.isOfAll) = (part, isOfAll) }

  public var regularity: Regularity { .piecewiseLinear }

  public var isStraightThrough: Bool { true }

  private func collapsed(_ shape: Shape) -> Shape { shape.collapsed(Array((isOfAll ? 0 : 1)..<shape.rank)) }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].rank > 0, inputs[0].count > 0 else { throw ShapeError("takes arrays, not \(inputs[0])") }
    return collapsed(inputs[0])
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    return Tensor(shape: collapsed(x.shape)) { out in
      for n in 0..<out.count {
        let entry = isOfAll ? x.elements[...] : x.entryElements(n)
        let low = min(0, entry.min() ?? 0)
        let high = max(0, entry.max() ?? 0)
        let scale = high == low ? 1 : (high - low) / 255
        let zero = min(max((-low / scale), 0), 255).rounded(.toNearestOrEven)
        out[n] = part == .scale ? scale : zero
      }
    }
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    Tensor(zeros: point.output.shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [Tensor(zeros: point.inputs[0].shape)]
  }
}
