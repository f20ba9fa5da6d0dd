internal import Tensors

// Elements of known arrays picked by index, or left out by place.

extension ConstantFolding {
  static let picking: Rules = [
    "Trilu": triangle,
    "GatherND": { call, values in
      let (data, tuples) = try twoArrays(call, values)
      let picked = try call.slices(at: tuples, of: data.shape)
      return data.picking(picked.positions, shape: picked.shape)
    },
    "GatherElements": along,
    "OneHot": oneHot,
    "NonZero": { call, values in
      let x = try first(call, values)
      let flags = x.booleans
      let places = flags.indices.filter { flags[$0] }
      let strides = x.shape.strides
      let rows = (0..<x.shape.rank).flatMap { axis in places.map { $0 / strides[axis] % x.shape[axis] } }
      return Value(shape: [x.shape.rank, places.count], elements: .integer(rows))
    },
    "CumSum": cumulativeSum,
  ]

  /// The upper or lower triangle of matrices in the last two axes, zeros in the other.
  @Sendable private static func triangle(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    let x = try first(call, values)
    let keeps = try call.triangle(of: x.shape, offset: values.count > 1 ? values[1].integers.first ?? 0 : 0)
    switch x.elements {
    case .float(let numbers):
      return Value(shape: x.shape, elements: .float(numbers.indices.map { keeps($0) ? numbers[$0] : 0 }))
    default:
      let numbers = x.integers
      let kept = Value(
        shape: x.shape, elements: .integer(numbers.indices.map { keeps($0) ? numbers[$0] : 0 }))
      return kept.converted(to: x.type)
    }
  }

  /// For each element of the second array, the element of the first at that index along the axis and its own other indices.
  @Sendable private static func along(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    let (data, indices) = try twoArrays(call, values)
    let axis = try call.axis(call.attributes.integer("axis", default: 0), rank: data.shape.rank)
    return data.picking(try call.positions(of: indices, in: data.shape, axis: axis), shape: indices.shape)
  }

  private static func twoArrays(_ call: OperatorCall, _ values: [Value]) throws -> (Value, Value) {
    guard values.count > 1 else { throw call.bad("takes two arrays") }
    return (values[0], values[1])
  }

  @Sendable private static func oneHot(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    guard values.count == 3, values[1].shape.count == 1, values[2].shape.count == 2 else {
      throw call.bad("takes indices, a depth and two values")
    }
    let (indices, depth) = (values[0], values[1].integers[0])
    let axis = try call.axis(call.attributes.integer("axis", default: -1), rank: indices.shape.rank + 1)
    var extents = indices.shape.extents
    extents.insert(depth, at: axis)
    let shape = try call.checked(extents)
    let inner = indices.shape.extents[axis...].reduce(1, *)
    let numbers = indices.integers
    let positions = (0..<shape.count).map { i in
      let index = numbers[i / (inner * depth) * inner + i % inner]
      let place = i / inner % depth
      return place == index || place == index &+ depth ? 1 : 0
    }
    return values[2].picking(positions, shape: shape)
  }

  @Sendable private static func cumulativeSum(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    let (x, place) = try twoArrays(call, values)
    let axis = try call.axis(place.integers.first ?? 0, rank: x.shape.rank)
    let isExclusive = call.attributes.integer("exclusive", default: 0) != 0
    let isReverse = call.attributes.integer("reverse", default: 0) != 0
    let (extent, inner) = (x.shape[axis], x.shape.extents[(axis + 1)...].reduce(1, *))
    func sums<T: Numeric>(_ numbers: [T]) -> [T] {
      var sums = numbers
      for line in 0..<(extent > 0 ? numbers.count / extent : 0) {
        let start = line / inner * extent * inner + line % inner
        var sum: T = 0
        for k in 0..<extent {
          let i = start + (isReverse ? extent - 1 - k : k) * inner
          let next = sum + numbers[i]
          sums[i] = isExclusive ? sum : next
          sum = next
        }
      }
      return sums
    }
    if case .float(let numbers) = x.elements { return Value(shape: x.shape, elements: .float(sums(numbers))) }
    guard x.isSinglePrecision, x.shape.count < 1 << 30 else { throw call.missing("integers beyond 2²⁴") }
    return Value(shape: x.shape, elements: .integer(sums(x.integers)))
  }
}

extension OperatorCall {
  /// Which elements of matrices in the last two axes, by their place, lie in the triangle that is kept.
  func triangle(of shape: Shape, offset: Int) throws -> (Int) -> Bool {
    guard shape.rank >= 2 else { throw bad("takes matrices, not \(shape)") }
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let isUpper = attributes.integer("upper", default: 1) != 0
    return { i in
      let (row, column) = (i / columns % rows, i % columns)
      return isUpper ? column >= row &+ offset : column <= row &+ offset
    }
  }

  /// An index along an axis, where negative ones count from the end.
  func counted(_ index: Int, _ shape: Shape, _ axis: Int) throws -> Int {
    guard index >= -shape[axis], index < shape[axis] else {
      throw bad("an index lies outside axis \(axis) of \(shape)")
    }
    return index < 0 ? index + shape[axis] : index
  }

  /// Where the elements lie that have these indices along an axis and their own place along the others.
  func positions(of indices: Value, in shape: Shape, axis: Int) throws -> [Int] {
    guard indices.shape.rank == shape.rank,
      (0..<shape.rank).allSatisfy({ $0 == axis || indices.shape[$0] <= shape[$0] })
    else { throw bad("indices of \(indices.shape) do not pick from \(shape)") }
    let (strides, own) = (shape.strides, indices.shape.strides)
    return try indices.integers.enumerated().map { i, index in
      var position = try counted(index, shape, axis) * strides[axis]
      for other in 0..<shape.rank where other != axis {
        position += i / own[other] % indices.shape[other] * strides[other]
      }
      return position
    }
  }
}
