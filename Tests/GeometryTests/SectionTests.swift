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
    #expect(abs(try #require(trace.globalCurvature) - 0.5) < 1e-3)
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
    #expect(abs(try #require(trace.globalCurvature)) < 1e-3)
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
    // The coarse grid has 49 cells; the square around the place is next.
    #expect(batches[0].count == 49)
    for cell in batches[1] {
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
}
