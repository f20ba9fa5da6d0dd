public import Tensors

/// A differentiable operation y = φ(x₁, …, xₙ): its value, and its derivatives up to the second.
///
/// An operation that is linear or piecewise linear states its first derivatives only; the second derivative of every
/// other one goes into ``curvature(of:along:at:)``. Where a derivative does not exist (a rectifier at 0, a tie of a
/// maximum) all rules take the same side: derivative 0, first index.
public protocol Operation: Sendable {
  var regularity: Regularity { get }

  /// The regularity in the inputs that vary: a product with a constant is linear.
  func regularity(varying: [Bool]) -> Regularity

  /// Whether its slope jumps somewhere in the inputs that vary, which exact Hessian products do not see.
  func hasKinks(varying: [Bool]) -> Bool

  /// The shape of y, or why there is none.
  func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape

  /// y
  func forward(_ inputs: [Tensor]) -> Tensor

  /// y, and what else of its evaluation the derivatives are to find in ``Point/record``.
  func forwardRecording(_ inputs: [Tensor]) -> (output: Tensor, record: [UInt8])

  /// ẏ = Σᵢ ∂φ/∂xᵢ · ẋᵢ. A tangent is nil where that input does not move; at least one does.
  func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor

  /// x̄ᵢ = (∂φ/∂xᵢ)ᵀ · ȳ, wanted for the inputs that `point.varies` marks; nil for the others.
  func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?]

  /// The same for several cotangents of the point's batch, one batch behind the other.
  ///
  /// Asked only of operations that treat the entries of a batch one by one.
  func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?]

  /// Σⱼ (∂²φ/∂xᵢ∂xⱼ · ẋⱼ)ᵀ ȳ for each input i; nil where the second derivative is zero almost everywhere.
  func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]?

  /// The smooth operation with sharpness β that takes the place of a piecewise linear one; itself for all others.
  func softened(beta: Float) -> any Operation

  /// Multiplications with an addition that one forward evaluation costs.
  func multiplyAdds(_ inputs: [Shape]) -> Int

  /// Trained numbers that the operation holds.
  var parameterCount: Int { get }

  /// Whether its derivatives pass through a rounding as if it were not there.
  var isStraightThrough: Bool { get }
}

extension Operation {
  public func regularity(varying: [Bool]) -> Regularity { regularity }
  public func forwardRecording(_ inputs: [Tensor]) -> (output: Tensor, record: [UInt8]) {
    (forward(inputs), [])
  }
  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    if batches == 1 { return pullback(cotangents, at: point) }
    let count = cotangents.count / batches
    let parts = (0..<batches).map { pullback(cotangents[$0 * count..<($0 + 1) * count], at: point) }
    return point.inputs.indices.map { i in
      let incoming = parts.compactMap { $0[i] }
      return incoming.isEmpty ? nil : Tensor(concatenating: incoming)
    }
  }
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    nil
  }
  public func softened(beta: Float) -> any Operation { self }
  public func hasKinks(varying: [Bool]) -> Bool { regularity(varying: varying) == .piecewiseLinear }
  public func multiplyAdds(_ inputs: [Shape]) -> Int { 0 }
  public var parameterCount: Int { 0 }
  public var isStraightThrough: Bool { false }
}

/// How smooth an operation is in its inputs, and with it whether its exact second derivative says anything.
public enum Regularity: Int, Sendable, Codable, Comparable {
  case linear, piecewiseLinear, smooth

  public static func < (a: Regularity, b: Regularity) -> Bool { a.rawValue < b.rawValue }
}

/// The inputs and the output of an operation where it is differentiated.
///
/// Few operations record anything besides: a rectifier looks at y, a lone maximum finds its argument again.
public struct Point: Sendable {
  /// x₁, …, xₙ in the order of the operation, constants among them.
  public let inputs: [Tensor]
  /// y = φ(x₁, …, xₙ).
  public let output: Tensor
  /// Which inputs depend on the image; the others are constants of the network.
  public let varies: [Bool]
  /// What the operation recorded with its output.
  public let record: [UInt8]

  public init(inputs: [Tensor], output: Tensor, varies: [Bool], record: [UInt8] = []) {
    self.inputs = inputs
    self.output = output
    self.varies = varies
    self.record = record
  }
}

/// Shapes that an operation cannot take.
public struct ShapeError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
