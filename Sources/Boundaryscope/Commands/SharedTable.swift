internal import Drawing
internal import Experiments

/// What S_c of several models share, as tables for people.
enum SharedTable {
  static func show(_ o: SharedDirections.Outcome) {
    print(
      "S_c of \(o.points) points, m = \(o.dimension); on the diagonal, two disjoint samples of one model: the ceiling"
    )
    table("overlap, mean cos² of principal angles (random \(figure(o.chance.overlap)))", o.models, o.overlap)
    table("largest cosine (random \(figure(o.chance.largest)))", o.models, o.largest)
    if !o.shiftedOverlap.isEmpty {
      table(
        "largest overlap over cyclic shifts (random \(figure(o.chance.shiftedOverlap)))", o.models,
        o.shiftedOverlap)
      table(
        "largest cosine over cyclic shifts (random \(figure(o.chance.shiftedLargest)))", o.models,
        o.shiftedLargest)
    }
    table("overlap of power spectra in rings", o.models, o.spectrum)
    table(
      "vᵀA(v) of a row's first direction at the boundary of a column's model, 1/px", o.models,
      o.quotients.map { $0.map { $0 } })
  }

  private static func table(_ title: String, _ names: [String], _ values: [[Double?]]) {
    print(title)
    printTable([""] + names, zip(names, values).map { [$0] + $1.map { figure($0) } })
  }

  private static func figure(_ value: Double?) -> String { value.map { Number.figure($0, 3) } ?? "–" }
}
