import Geometry
import Networks
import Tensors
import Testing

@Suite("Section")
struct SectionTests {
  /// The section of a ball of radius 2 through a point at 1.5 from its centre, towards the nearest boundary.
  private func ball() throws -> (network: Network, plane: SectionPlane) {
    let network = try TestNetworks.ball(2, dimension: 5)
    let x = Tensor(shape: TestNetworks.shape(5), elements: [1.5, 0, 0, 0, 0])
    let found = try DeepFool.perturbations(of: x, network)
    let plane = try #require(
      SectionPlane(through: x, towards: found.perturbations.elements, along: [1, 0, 3, 0, 0]))
    return (network, plane)
  }

  @Test("axes are orthonormal, x lies at the origin and z at (0, ‖r‖)")
  func plane() throws {
    let (_, plane) = try ball()
    #expect(abs(dot(plane.across, plane.towards)) < 1e-6)
    #expect(abs(norm(plane.across) - 1) < 1e-6)
    #expect(plane.across[2] > 0.999)
    #expect(abs(plane.distance - 0.5) < 1e-5)
    #expect(abs(plane.cosine - 1 / 10.0.squareRoot()) < 1e-5)
    #expect(plane.images(at: [.init(s: 0, t: 0)]) == plane.origin)
    #expect(abs(plane.boundaryPoint.norm - 2) < 1e-5)
  }

  @Test("parallel or zero directions span no plane")
  func degenerate() {
    let x = Tensor(zeros: TestNetworks.shape(3))
    #expect(SectionPlane(through: x, towards: [1, 0, 0], along: [-2, 0, 0]) == nil)
    #expect(SectionPlane(through: x, towards: [0, 0, 0], along: [1, 0, 0]) == nil)
    #expect(SectionPlane(through: x, towards: [0, 1, 0], along: [0, 0, 0]) == nil)
  }

  @Test("the section of a ball is a disc: every cell has the label of its place")
  func disc() throws {
    let (network, plane) = try ball()
    var section = Section(
      network, plane: plane, own: 0, window: .init(around: plane, extent: 2, columns: 37, rows: 29))
    var seen = Set<Int>()
    while let cells = try section.advance() {
      #expect(!cells.isEmpty && seen.isDisjoint(with: cells))
      seen.formUnion(cells)
    }
    #expect(seen.count == 37 * 29 && section.fraction == 1)
    for cell in 0..<section.grid.window.count {
      let place = section.grid.window.place(cell)
      let square = place.s * place.s + (1.5 + place.t) * (1.5 + place.t)
      #expect(abs(Double(section.grid.margins[cell]) - (square - 4)) < 1e-4)
      if abs(square - 4) > 1e-4 { #expect(section.grid.labels[cell] == (square < 4 ? 0 : 1)) }
      #expect(section.grid.probabilities[cell] >= 0.5)
    }
  }

  @Test("coarse cells come first, then those along the boundary")
  func order() throws {
    let (network, plane) = try ball()
    let window = SectionWindow(around: plane, extent: 2, columns: 65, rows: 65)
    var section = Section(network, plane: plane, own: 0, window: window)
    let first = try #require(try section.advance())
    #expect(first.allSatisfy { $0 / 65 % 8 == 0 && $0 % 65 % 8 == 0 })
    var count = 0
    func isNearBoundary(_ cell: Int) -> Bool {
      let place = window.place(cell)
      return abs((place.s * place.s + (1.5 + place.t) * (1.5 + place.t)).squareRoot() - 2) < 0.03
    }
    let boundary = Set((0..<window.count).filter(isNearBoundary))
    while section.fraction < 0.5 { count += try section.advance()?.count ?? 0 }
    let known = boundary.filter { section.grid.isKnown[$0] }.count
    #expect(Double(known) > 0.95 * Double(boundary.count))
  }

  @Test("the boundary of a ball is traced as a circle, whose disc is the global one")
  func trace() throws {
    let (network, plane) = try ball()
    var trace = try BoundaryTrace(network, plane: plane, own: 0, reach: 1.5)
    while try trace.advance() != nil {}
    #expect(trace.places.count == 81)
    #expect(trace.places.map(\.s) == trace.places.map(\.s).sorted())
    for place in trace.places {
      #expect(abs(place.s * place.s + (1.5 + place.t) * (1.5 + place.t) - 4) < 1e-4)
    }
    #expect(abs(try #require(trace.globalCurvature()) - 0.5) < 1e-3)
    #expect(abs(try plane.curvature(network, own: 0, product: .exact) - 0.5) < 1e-5)
    #expect(abs(try plane.curvature(network, own: 0, product: .secant(step: 0.2)) - 0.5) < 1e-4)
  }

  @Test("a trace ends where the boundary turns upright")
  func upright() throws {
    let (network, plane) = try ball()
    var trace = try BoundaryTrace(network, plane: plane, own: 0, reach: 3)
    while try trace.advance() != nil {}
    #expect(trace.places.allSatisfy { abs($0.s) <= 2 })
    #expect(trace.places.last!.s > 1.8)
  }

  @Test("a flat boundary has no curvature, global or local")
  func flat() throws {
    let network = try TestNetworks.randomLinear(classes: 2, dimension: 6)
    let x = TestNetworks.images(1, dimension: 6)
    let found = try DeepFool.perturbations(of: x, network)
    let plane = try #require(
      SectionPlane(through: x, towards: found.perturbations.elements, along: SeededGenerator.unit(6)))
    var trace = try BoundaryTrace(network, plane: plane, own: found.from[0], reach: 2)
    while try trace.advance() != nil {}
    #expect(trace.places.count == 81)
    #expect(abs(try #require(trace.globalCurvature())) < 1e-3)
    #expect(trace.places.allSatisfy { abs($0.t - plane.distance) < 1e-3 })
  }

  @Test("Shifted and halved windows have the very same points in common")
  func common() throws {
    let (_, plane) = try ball()
    let whole = SectionWindow(around: plane, extent: 1.37, columns: 65, rows: 65)
    let shifted = SectionWindow(around: plane, extent: 1.37, columns: 65, rows: 65, shift: (9, -4))
    #expect(shifted.s.dropLast(9) == whole.s.dropFirst(9))
    #expect(shifted.t.dropFirst(4) == whole.t.dropLast(4))
    let half = SectionWindow(around: plane, extent: 1.37 / 2, columns: 65, rows: 65)
    #expect(Set(half.s).intersection(whole.s).count == 33)
    #expect(Set(half.t).intersection(whole.t).count == 33)
  }

  @Test("Cells near a place come first after the coarse grid, and change nothing")
  func attention() throws {
    let (network, plane) = try ball()
    let window = SectionWindow(around: plane, extent: 2, columns: 49, rows: 49)
    var plain = Section(network, plane: plane, own: 0, window: window)
    while try plain.advance() != nil {}
    let place = SectionPlane.Place(s: 1.5, t: plane.distance - 1)
    var section = Section(network, plane: plane, own: 0, window: window)
    var batches: [[Int]] = []
    while let cells = try section.advance(near: place) { batches.append(cells) }
    #expect(section.grid.margins == plain.grid.margins && section.grid.labels == plain.grid.labels)
    #expect(batches.joined().count == 49 * 49 && Set(batches.joined()).count == 49 * 49)
    // The coarse grid has 7×7 cells, then 13×13; the square around the place is next.
    #expect(batches[0].count == 49 && batches[1].count == 13 * 13 - 49)
    for cell in batches[2] {
      let at = window.place(cell)
      #expect(abs(at.s - place.s) < 0.5 && abs(at.t - place.t) < 0.5)
    }
  }

  @Test("Cells that are known are not evaluated again")
  func prefilled() throws {
    let (network, plane) = try ball()
    let window = SectionWindow(around: plane, extent: 2, columns: 20, rows: 20)
    var section = Section(network, plane: plane, own: 0, window: window)
    for cell in 0..<200 { section.take(cell, margin: 7, label: 3, probability: 0.5) }
    var evaluated: [Int] = []
    while let cells = try section.advance() { evaluated += cells }
    #expect(evaluated.sorted() == Array(200..<400))
    #expect(section.grid.margins[17] == 7 && section.grid.labels[17] == 3)
  }

  @Test("The first crossing of a foreign axis is where the ball ends")
  func crossing() throws {
    let (network, plane) = try ball()
    let found = try #require(try plane.crossing(network, own: 0, within: 3))
    #expect(abs(found - 0.5) < 1e-5)
    #expect(try plane.crossing(network, own: 0, within: 0.4) == nil)
  }

  /// A quadric in a plane of r and v through x where r is not normal to it, and its curve there in closed form.
  private func tilted(_ diagonal: [Float], _ linear: [Float], _ constant: Float, towards r: [Float]) throws
    -> (
      network: Network, plane: SectionPlane, curvature: Double, normal: [Double]
    )
  {
    let network = try TestNetworks.quadric(diagonal, linear, constant)
    let x = Tensor(zeros: TestNetworks.shape(diagonal.count))
    let axis = try #require(SectionPlane(through: x, towards: r, along: [0.3, -1, 0.5, 0.2]))
    let distance = try #require(try axis.crossing(network, own: 0, within: 4))
    let plane = axis.reaching(distance)
    let z = plane.boundaryPoint.elements.map(Double.init)
    let gradient = diagonal.indices.map { Double(diagonal[$0]) * z[$0] + Double(linear[$0]) }
    func part(_ axis: [Float]) -> Double { zip(gradient, axis).reduce(0) { $0 + $1.0 * Double($1.1) } }
    let slope = [part(plane.across), part(plane.towards)]
    let length = (slope[0] * slope[0] + slope[1] * slope[1]).squareRoot()
    let n = [slope[0] / length, slope[1] / length]
    let bend = diagonal.indices.reduce(0.0) { sum, i in
      let w = n[1] * Double(plane.across[i]) - n[0] * Double(plane.towards[i])
      return sum + Double(diagonal[i]) * w * w
    }
    return (network, plane, bend / length, n)
  }

  @Test("the curve in a plane that is not normal to the boundary has Meusnier's curvature, exact and fitted")
  func meusnier() throws {
    let cases: [(diagonal: [Float], linear: [Float])] = [
      ([2, 2, 2, 2], [0.4, 0, 0.9, 0]), ([5, 0.5, 2, 1], [0.4, 0.3, 0, 1]),
      ([-1, 2, -3, 0.5], [3, 1, 0, -2]),
      ([0, 0, 0, 0], [1, 2, 0, 1]),
    ]
    for (i, one) in cases.enumerated() {
      let (network, plane, expected, n) = try tilted(
        one.diagonal, one.linear, -1, towards: [1, 0.6, -0.2, 0.4])
      let exact = try #require(try PlaneCurve(network, in: plane, own: 0, product: .exact))
      #expect(exact.halfWidth == nil && abs(exact.curvature - expected) < 1e-4 * max(1, abs(expected)))
      #expect(abs(exact.normal.s - n[0]) < 1e-5 && abs(exact.normal.t - n[1]) < 1e-5)
      let fitted = try #require(try PlaneCurve(network, in: plane, own: 0, product: .secant(step: 3)))
      let width = try #require(fitted.halfWidth)
      #expect(abs(width - 0.25 * plane.distance) < 1e-6)
      // A conic bends a little less or more beside z; a circle and a line do not.
      let slack = i % 3 == 0 ? 2e-3 : 0.1 * max(0.1, abs(expected))
      #expect(abs(fitted.curvature - expected) < slack)
      #expect(abs(fitted.normal.s - n[0]) < 0.05 && abs(fitted.normal.t - n[1]) < 0.05)
    }
  }

  @Test("the plane beside the middle of a ball cuts a smaller circle, which the drawn one is")
  func smallCircle() throws {
    let network = try TestNetworks.ball(2, dimension: 4)
    let x = Tensor(shape: TestNetworks.shape(4), elements: [0.5, 1, 0, 0.3])
    let axis = try #require(SectionPlane(through: x, towards: [1, 0.2, 0, 0.1], along: [0, 0.1, 1, 0]))
    let distance = try #require(try axis.crossing(network, own: 0, within: 4))
    let plane = axis.reaching(distance)
    // The foot of the perpendicular from the ball's middle is the middle of the circle.
    let middle = SectionPlane.Place(s: -dot(x.elements, plane.across), t: -dot(x.elements, plane.towards))
    let radius = (4 - plane.images(at: [middle]).norm * plane.images(at: [middle]).norm).squareRoot()
    for product in CurvatureTests.products {
      let curve = try #require(try PlaneCurve(network, in: plane, own: 0, product: product))
      #expect(abs(curve.curvature * radius - 1) < 1e-3 && !curve.isFlat)
      #expect(abs(-curve.normal.s / curve.curvature - middle.s) < 3e-3)
      #expect(abs(distance - curve.normal.t / curve.curvature - middle.t) < 3e-3)
    }
    #expect(abs(try plane.curvature(network, own: 0, product: .exact) - 0.5) < 1e-4)
    var trace = try BoundaryTrace(network, plane: plane, own: 0, reach: 0.6)
    while try trace.advance() != nil {}
    #expect(abs(try #require(trace.globalCurvature()) * radius - 1) < 2e-3)
    let curve = try PlaneCurve(network, in: plane, own: 0, product: .secant(step: 1))
    #expect(abs(try #require(trace.globalCurvature(tangentTo: curve)) * radius - 1) < 2e-3)
  }

  @Test("a facet at z is not taken for how the boundary bends")
  func facet() throws {
    let network = try TestNetworks.facet(slope: 0.3, width: 0.05)
    let x = Tensor(zeros: TestNetworks.shape(2))
    let plane = try #require(SectionPlane(through: x, towards: [0, 1], along: [1, 0]))
    let curve = try #require(
      try PlaneCurve(network, in: plane, own: 0, product: .secant(step: 1), reach: 2))
    #expect(curve.isFlat && abs(curve.curvature) < 1e-3)
    #expect(abs(curve.normal.s) < 0.1)
    var trace = try BoundaryTrace(network, plane: plane, own: 0, reach: 2)
    while try trace.advance() != nil {}
    // The facet's own normal would have the boundary bend away by half its slope over any distance.
    #expect(try #require(trace.globalCurvature()) < -0.2)
    #expect(abs(try #require(trace.globalCurvature(tangentTo: curve))) < 0.15)
  }

  @Test("rounding is not taken for curvature where the boundary is very near", arguments: [3e-2, 1e-3, 1e-4])
  func near(distance: Double) throws {
    let network = try TestNetworks.ball(2, dimension: 5)
    let x = Tensor(shape: TestNetworks.shape(5), elements: [Float(2 - distance), 0, 0, 0, 0])
    let plane = try #require(
      SectionPlane(through: x, towards: [Float(distance), 0, 0, 0, 0], along: [0, 0, 1, 0, 0]))
    // A fit is told to a hundredth of 1/‖r‖.
    let curve = try #require(try PlaneCurve(network, in: plane, own: 0, product: .secant(step: 1)))
    #expect(abs(curve.curvature - 0.5) < 0.02 / distance)
    var trace = try BoundaryTrace(network, plane: plane, own: 0, reach: 2 * distance)
    while try trace.advance() != nil {}
    if let found = trace.globalCurvature() { #expect(abs(found - 0.5) < 0.02 / distance) }
  }
}
