internal import Tensors

/// Which part of an array a slice takes: for each axis named, from `starts` on, `steps` apart, up to before `ends`.
///
/// Negative positions have been counted from the end and everything brought within the array; with a negative step,
/// −1 as the end stands for before the first element.
struct SliceRanges {
  let axes: [Int]
  let starts: [Int]
  let ends: [Int]
  let steps: [Int]

  init(axes: [Int], starts: [Int], ends: [Int], steps: [Int], in shape: Shape) {
    self.axes = axes
    // Farther steps take the first element alone as well, and their products with strides overflow.
    self.steps = steps.map { min(max($0, -(1 << 30)), 1 << 30) }
    var first: [Int] = []
    var last: [Int] = []
    for (i, axis) in axes.enumerated() {
      let extent = shape[axis]
      let bounds = steps[i] > 0 ? (0, extent) : (-1, extent - 1)
      first.append(Self.position(starts[i], extent, bounds))
      last.append(Self.position(ends[i], extent, bounds))
    }
    self.starts = first
    self.ends = last
  }

  private static func position(_ index: Int, _ extent: Int, _ bounds: (Int, Int)) -> Int {
    let counted = index < 0 ? (index < -extent ? bounds.0 : index + extent) : index
    return min(max(counted, bounds.0), bounds.1)
  }

  /// How many positions the i-th axis keeps.
  func count(_ i: Int) -> Int {
    let span = steps[i] > 0 ? ends[i] - starts[i] : starts[i] - ends[i]
    let step = steps[i].magnitude
    return span <= 0 ? 0 : Int((span.magnitude - 1) / step + 1)
  }
}
