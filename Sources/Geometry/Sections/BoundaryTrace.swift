public import Networks
internal import Tensors

/// The boundary of a class in a section, followed from z to both sides as t over s: one place to each side a step.
///
/// At each s the zero of the margin that is nearest to the straight continuation is bracketed and found to float
/// precision. A side ends at its reach, where the boundary turns steeper than eight to one, or where it ends. Cost
/// of a step: some 40 forward passes.
public struct BoundaryTrace: Sendable {
  /// s and t in the plane, in pixel units.
  public typealias Place = SectionPlane.Place

  /// Reach of s to each side, in pixel units.
  public let reach: Double
  private let network: Network
  private let plane: SectionPlane
  private let own: Int
  private let spacing: Double
  private let slope: PlaneSlope
  private var sides: [Side]

  /// The boundary on one side of z.
  private struct Side: Sendable {
    /// Of s: −1 or 1.
    let sign: Double
    var places: [Place]
    var isOpen = true
  }

  /// Begins at z, at the price of one gradient where the slope there is not given; `count` places to each side at most.
  public init(
    _ network: Network, plane: SectionPlane, own: Int, reach: Double, count: Int = 40,
    slope: PlaneSlope? = nil
  ) throws {
    precondition(reach > 0 && count > 0, "a trace of \(count) places over \(reach)")
    self.network = network
    self.plane = plane
    self.own = own
    self.reach = reach
    spacing = reach / Double(count)
    self.slope =
      try slope ?? PlaneSlope(network, in: plane, own: own)
      ?? PlaneSlope(normal: Place(s: 0, t: 1), length: 0, rounding: 0)
    let z = Place(s: 0, t: plane.distance)
    sides = [Side(sign: -1, places: [z]), Side(sign: 1, places: [z])]
  }

  /// The boundary so far, by ascending s; z is one of its places.
  public var places: [Place] { sides[0].places.dropFirst().reversed() + sides[1].places }

  /// κ of Theorem 2: the largest curvature of a disc through z, tangent to the boundary there, that holds the whole
  /// traced boundary.
  ///
  /// κ = min over places p of −2·⟨p − z, n⟩ / ‖p − z‖², n the normal in the plane. Of what lies nearer to z than `curve`
  /// was fitted, that curve's own κ stands for the places, and its normal for n: the facets of a piecewise linear
  /// boundary would show there. Without a curve n is the gradient's, and a tenth of the reach is left out. Not positive
  /// where no disc does; nil before any place is known.
  public func globalCurvature(tangentTo curve: PlaneCurve? = nil) -> Double? {
    let nearest = max(curve?.halfWidth ?? reach / 10, slope.shortest(within: reach))
    let n = curve?.normal ?? slope.normal
    let beyond = places.compactMap { place -> Double? in
      let (s, t) = (place.s, place.t - plane.distance)
      let square = s * s + t * t
      guard square >= nearest * nearest else { return nil }
      return -2 * (s * n.s + t * n.t) / square
    }
    guard let least = beyond.min() else { return nil }
    return min(least, curve.map { $0.isFlat ? .infinity : $0.curvature } ?? .infinity)
  }

  /// One place more on each side that is open; nil when none is.
  public mutating func advance() throws -> [Place]? {
    for i in sides.indices where sides[i].places.count > Int((reach / spacing).rounded()) {
      sides[i].isOpen = false
    }
    let open = sides.indices.filter { sides[$0].isOpen }
    if open.isEmpty { return nil }
    let found = try continuations(open.map { sides[$0] })
    for (i, place) in zip(open, found) {
      if let place { sides[i].places.append(place) } else { sides[i].isOpen = false }
    }
    return found.compactMap { $0 }
  }
}

// MARK: - Continuation

extension BoundaryTrace {
  private static let offsets: [Double] = [-8, -4, -2, -1, -0.5, 0, 0.5, 1, 2, 4, 8]

  /// The next place of each side, nil where the boundary is lost.
  private func continuations(_ sides: [Side]) throws -> [Place?] {
    let guesses = sides.map(guess)
    let width = Self.offsets.count
    let probes = guesses.flatMap { g in Self.offsets.map { Place(s: g.s, t: g.t + $0 * spacing) } }
    let values = try margins(at: probes)
    var brackets = guesses.indices.map { i in
      bracket(guesses[i], Array(values[i * width..<(i + 1) * width]))
    }
    while true {
      let active = brackets.indices.filter { brackets[$0].map { !$0.isFound } ?? false }
      if active.isEmpty { break }
      let next = active.map { Place(s: guesses[$0].s, t: brackets[$0]!.next) }
      for (i, (place, value)) in zip(active, zip(next, try margins(at: next))) {
        brackets[i]!.narrow(place.t, value, tolerance: tolerance)
      }
    }
    return zip(guesses, brackets).map { guess, bracket in bracket.map { Place(s: guess.s, t: $0.best) } }
  }

  /// To what a place is found, in pixel units: not finer than rounding lets it.
  private var tolerance: Double {
    max(1e-6 * min(reach, plane.distance > 0 ? plane.distance : reach), slope.rounding / 4)
  }

  private func margins(at places: [Place]) throws -> [Double] {
    let margin = Margin.region(own: [Int](repeating: own, count: places.count))
    return try network.values(of: margin, at: plane.images(at: places)).map(Double.init)
  }

  /// The straight continuation of a side.
  private func guess(_ side: Side) -> Place {
    let last = side.places[side.places.count - 1]
    let s = side.sign * spacing * Double(side.places.count)
    guard side.places.count > 1 else {
      return Place(s: s, t: last.t - s * slope.normal.s / max(0.2, abs(slope.normal.t)))
    }
    return Place(s: s, t: 2 * last.t - side.places[side.places.count - 2].t)
  }

  /// The sign change nearest to the guess.
  private func bracket(_ guess: Place, _ values: [Double]) -> Bracket? {
    let changes = values.indices.dropLast().filter { (values[$0] < 0) != (values[$0 + 1] < 0) }
    let middle = { (i: Int) in abs(Self.offsets[i] + Self.offsets[i + 1]) }
    guard let i = changes.min(by: { middle($0) < middle($1) }) else { return nil }
    return Bracket(
      low: guess.t + Self.offsets[i] * spacing, values[i], high: guess.t + Self.offsets[i + 1] * spacing,
      values[i + 1])
  }
}
