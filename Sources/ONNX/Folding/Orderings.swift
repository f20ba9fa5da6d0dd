internal import Tensors

// Which elements along an axis are largest. What these give jumps with the image, so it is known or not at all.

extension ConstantFolding {
  /// Rules of operators that give several arrays.
  static let rankings: [String: @Sendable (OperatorCall, [Value]) throws -> [Value]] = ["TopK": topK]

  static let orderings: Rules = [
    "ArgMax": { try argument($0, $1) { $0 > $1 } },
    "ArgMin": { try argument($0, $1) { $0 < $1 } },
    "Hardmax": hardmax,
  ]

  /// The lines along an axis: their extent, and where each element lies.
  private struct Lines {
    let extent: Int
    let inner: Int
    let count: Int

    init(_ shape: Shape, _ axis: Int) {
      extent = shape[axis]
      inner = shape.extents[(axis + 1)...].reduce(1, *)
      count = shape.extents[..<axis].reduce(1, *) * inner
    }

    func place(_ line: Int, _ k: Int, extent: Int? = nil) -> Int {
      line / inner * (extent ?? self.extent) * inner + line % inner + k * inner
    }
  }

  /// Numbers that compare as the elements do; integers beyond 2⁵³ come out equal to their neighbours.
  private static func comparable(_ value: Value) -> [Double] {
    value.isFloat ? value.floats.map(Double.init) : value.integers.map(Double.init)
  }

  private static func argument(
    _ call: OperatorCall, _ values: [Value], _ beats: (Double, Double) -> Bool
  ) throws -> Value {
    let x = try first(call, values)
    let axis = try call.axis(call.attributes.integer("axis", default: 0), rank: x.shape.rank)
    let takesLast = call.attributes.integer("select_last_index", default: 0) != 0
    let (lines, numbers) = (Lines(x.shape, axis), comparable(x))
    guard lines.extent > 0 else { throw call.bad("takes no empty array, such as \(x.shape)") }
    let arguments = (0..<lines.count).map { line in
      var best = 0
      for k in 1..<max(1, lines.extent) {
        let (candidate, known) = (numbers[lines.place(line, k)], numbers[lines.place(line, best)])
        if beats(candidate, known) || takesLast && candidate == known { best = k }
      }
      return best
    }
    var extents = x.shape.extents
    if call.attributes.integer("keepdims", default: 1) != 0 {
      extents[axis] = 1
    } else {
      extents.remove(at: axis)
    }
    return Value(shape: Shape(extents), elements: .integer(arguments))
  }

  /// 1 at the first largest element along an axis, over all axes from it on before opset 13; 0 elsewhere.
  @Sendable private static func hardmax(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    let x = try first(call, values)
    let rank = x.shape.rank
    let axis = try call.axis(call.attributes.integer("axis", default: call.opset < 13 ? 1 : -1), rank: rank)
    let flat: Shape =
      call.opset < 13
      ? [x.shape.extents[..<axis].reduce(1, *), x.shape.extents[axis...].reduce(1, *)] : x.shape
    let (lines, numbers) = (Lines(flat, call.opset < 13 ? 1 : axis), comparable(x))
    var ones = [Float](repeating: 0, count: x.shape.count)
    guard lines.extent > 0 else { return Value(shape: x.shape, elements: .float(ones)) }
    for line in 0..<lines.count {
      let best = (0..<lines.extent).max {
        let (a, b) = (numbers[lines.place(line, $0)], numbers[lines.place(line, $1)])
        return a < b || a == b && $0 > $1
      }
      ones[lines.place(line, best ?? 0)] = 1
    }
    return Value(shape: x.shape, elements: .float(ones))
  }

  /// The k largest, or smallest, elements along an axis in their order, and their indices; the first of equals.
  @Sendable private static func topK(_ call: OperatorCall, _ values: [Value]) throws -> [Value] {
    let x = try first(call, values)
    let axis = try call.axis(call.attributes.integer("axis", default: -1), rank: x.shape.rank)
    let k = values.count > 1 ? values[1].integers.first ?? 0 : call.attributes.integer("k", default: 0)
    let isLargest = call.attributes.integer("largest", default: 1) != 0
    let (lines, numbers) = (Lines(x.shape, axis), comparable(x))
    guard k >= 0, k <= lines.extent else { throw call.bad("asks for \(k) of \(lines.extent) elements") }
    var extents = x.shape.extents
    extents[axis] = k
    let shape = Shape(extents)
    var (positions, indices) = (
      [Int](repeating: 0, count: shape.count), [Int](repeating: 0, count: shape.count)
    )
    for line in 0..<lines.count {
      let order = (0..<lines.extent).sorted {
        let (a, b) = (numbers[lines.place(line, $0)], numbers[lines.place(line, $1)])
        return a == b ? $0 < $1 : isLargest ? a > b : a < b
      }
      for (rank, index) in order.prefix(k).enumerated() {
        positions[lines.place(line, rank, extent: k)] = lines.place(line, index)
        indices[lines.place(line, rank, extent: k)] = index
      }
    }
    return [
      x.picking(positions, shape: shape), Value(shape: shape, elements: .integer(indices), type: .int64),
    ]
  }
}
