internal import Tensors

/// `MaxPool` with the second output, the places of the maxima, on known images of two axes.
enum Argmaxima {
  /// The maxima, and where each lies in the whole array, counted by rows or, with `storage_order` 1, by columns.
  static func pool(_ x: Value, _ a: Aperture, _ roundsUp: Bool, _ call: OperatorCall) throws -> [Value] {
    let s = x.shape
    guard s.rank == 4 else { throw call.missing("places of maxima in \(s)") }
    let window = a.window([0, 1])
    let (h, w) = (
      window.outputExtent(0, input: s[2], roundingUp: roundsUp),
      window.outputExtent(1, input: s[3], roundingUp: roundsUp)
    )
    let shape = try call.checked([s[0], s[1], h, w])
    let byColumns = call.attributes.integer("storage_order", default: 0) != 0
    let numbers = x.floats
    var (positions, places) = ([Int](), [Int]())
    for plane in 0..<s[0] * s[1] {
      for i in 0..<h {
        for j in 0..<w {
          guard let best = best(inPlane: plane, row: i, column: j, window, s, numbers) else {
            throw call.bad("a window covers nothing of \(s)")
          }
          positions.append((plane * s[2] + best.row) * s[3] + best.column)
          let within = byColumns ? best.column * s[2] + best.row : best.row * s[3] + best.column
          places.append(plane * s[2] * s[3] + within)
        }
      }
    }
    return [
      x.picking(positions, shape: shape), Value(shape: shape, elements: .integer(places), type: .int64),
    ]
  }

  private static func best(
    inPlane plane: Int, row i: Int, column j: Int, _ window: Window, _ s: Shape, _ numbers: [Float]
  ) -> (row: Int, column: Int)? {
    var best: (row: Int, column: Int)?
    for p in window.taps(0, place: i, input: s[2]) {
      let row = i * window.strides[0] + window.offset(0, tap: p)
      for q in window.taps(1, place: j, input: s[3]) {
        let column = j * window.strides[1] + window.offset(1, tap: q)
        let number = numbers[(plane * s[2] + row) * s[3] + column]
        if let known = best, numbers[(plane * s[2] + known.row) * s[3] + known.column] >= number { continue }
        best = (row, column)
      }
    }
    return best
  }
}
