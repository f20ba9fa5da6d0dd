internal import Geometry
internal import Synchronization

/// What makes the sections that a person looks at come sooner, and never other: where they look, and what is known
/// of the same plane.
public final class SectionAid: Sendable {
  /// Sections of one plane have points in common.
  struct Plane: Hashable {
    let subject: String
    let along: Direction
    let judge: OtherModel?
    let towards: Int?
  }

  private struct State {
    var place: (s: Double, t: Double)?
    /// The latest last.
    var known: [(plane: Plane, outcome: SectionMap.Outcome)] = []
  }

  /// Some seconds of looking around.
  private static let capacity = 24
  private let state = Mutex(State())

  public init() {}

  /// From now on cells around this place come first, in every section; nil for none.
  public func look(at place: (s: Double, t: Double)?) { state.withLock { $0.place = place } }

  var place: SectionPlane.Place? {
    state.withLock { $0.place.map { SectionPlane.Place(s: $0.s, t: $0.t) } }
  }

  func keep(_ outcome: SectionMap.Outcome, of plane: Plane) {
    state.withLock {
      $0.known.append((plane, outcome))
      if $0.known.count > Self.capacity { $0.known.removeFirst() }
    }
  }

  /// Gives a section all cells that are known from others, where the coordinates are the very same.
  func fill(_ section: inout Section, of plane: Plane) {
    let known = state.withLock { $0.known.filter { $0.plane == plane }.map(\.outcome) }
    let window = section.grid.window
    for outcome in known {
      let columns = Self.places(window.s, in: outcome.axes.s)
      let rows = Self.places(window.t, in: outcome.axes.t)
      for (row, from) in rows {
        for (column, at) in columns {
          let source = from * outcome.columns + at
          guard outcome.cells.isKnown[source] else { continue }
          section.take(
            row * window.columns + column, margin: outcome.cells.margins[source],
            label: outcome.cells.labels[source], probability: outcome.cells.probabilities[source])
        }
      }
    }
  }

  /// The indices of equal coordinates, here and there.
  private static func places(_ here: [Double], in there: [Double]) -> [(Int, Int)] {
    let index = Dictionary(zip(there, there.indices)) { first, _ in first }
    return here.enumerated().compactMap { i, value in index[value].map { (i, $0) } }
  }
}
