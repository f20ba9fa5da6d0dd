internal import Tensors

/// A climb of vᵀ·A(v) over unit vectors orthogonal to given ones, for an operator that is homogeneous but not linear.
///
/// A step goes from the best vector met along A(v) + B(v), less its part along v. Without B a step of length 1 is one of the
/// power method, which on such an operator passes the tops of vᵀA(v) and comes down again; where A(v) + B(v) is the
/// gradient of the quotient, the climb ends on a top. A step that does not climb is taken back and halved, one that does
/// makes the next longer. The landscape has many tops of nearly one height: several starts find the highest.
public struct QuotientAscent<Operator: SymmetricOperator>: Sendable {
  /// A unit vector, its product and what that says.
  public struct Place: Sendable {
    /// v, of norm 1.
    public let vector: [Float]
    public let product: [Float]
    /// vᵀ·A(v).
    public let quotient: Double

    /// A unit vector, whose product is known.
    public init(_ vector: [Float], product: [Float]) {
      (self.vector, self.product) = (vector, product)
      quotient = dot(vector, product)
    }

    /// ‖A(v) − (vᵀA(v))·v‖.
    public var residual: Double { norm(orthogonalPart(of: product, to: vector)) }
  }

  /// B(v): what the gradient of the quotient has beside A(v).
  public typealias Turn = @Sendable ([Float]) throws -> [Float]

  /// A, which need not be linear.
  public let matrix: Operator
  /// What the vectors stay orthogonal to: orthonormal.
  private let outside: [[Float]]
  /// Quotients below this are taken for it where they scale a step.
  private let scale: Double
  private let start: [Float]
  private var length = 0.8
  private var turn: Turn?
  /// The direction at the best place, once it is known.
  private var direction: [Float]?
  /// The place with the largest quotient so far; nil before the first step.
  public private(set) var best: Place?

  /// Starts at the part of a vector that is orthogonal to `outside`; nil where nearly nothing of it is.
  ///
  /// - Parameters:
  ///   - matrix: the operator.
  ///   - start: any vector.
  ///   - outside: orthonormal vectors.
  ///   - scale: a positive quotient of the usual size.
  public init?(_ matrix: Operator, from start: [Float], outside: [[Float]] = [], scale: Double) {
    self.matrix = matrix
    self.outside = outside
    self.scale = scale
    guard let first = Self.unit(start, outside) else { return nil }
    self.start = first
  }

  /// From now on the steps follow A(v) + B(v).
  public mutating func turning(by turn: @escaping Turn) {
    self.turn = turn
    direction = nil
    length = 0.25
  }

  /// Operator products that the next step takes: one, and two more where B is evaluated, as at each new best place.
  public var cost: Int { best != nil && direction == nil && turn != nil ? 3 : 1 }

  /// Evaluates A at the next vector, and says how large its quotient is.
  @discardableResult
  public mutating func advance() throws -> Double {
    let next = try next()
    let place = Place(next, product: try matrix.product(next))
    if let best, !(place.quotient > best.quotient) {
      length /= 2
    } else {
      if best != nil { length *= 1.3 }
      (best, direction) = (place, nil)
    }
    return place.quotient
  }

  private mutating func next() throws -> [Float] {
    guard let best else { return start }
    var along = direction ?? best.product
    if direction == nil, let turn {
      add(1, try turn(best.vector), to: &along)
    }
    direction = along
    var v = best.vector
    let step = length / max(best.quotient, scale)
    if step.isFinite { add(Float(step), orthogonalPart(of: along, to: v), to: &v) }
    return Self.unit(v, outside) ?? best.vector
  }

  private static func unit(_ v: [Float], _ outside: [[Float]]) -> [Float]? {
    let length = norm(v)
    guard length > 0, length.isFinite else { return nil }
    var rest = scaled(v, by: Float(1 / length))
    for _ in 0..<2 { for u in outside { add(-Float(dot(rest, u)), u, to: &rest) } }
    let left = norm(rest)
    return left > 1e-3 ? scaled(rest, by: Float(1 / left)) : nil
  }
}

/// w − (vᵀw)·v for a unit vector v.
private func orthogonalPart(of w: [Float], to v: [Float]) -> [Float] {
  var rest = w
  add(-Float(dot(v, w)), v, to: &rest)
  return rest
}
