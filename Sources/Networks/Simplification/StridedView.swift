internal import Tensors

/// An array as it lies in another one: strides for each of its axes, and where it begins.
struct StridedView: Equatable {
  var extents: [Int]
  var strides: [Int]
  var offset = 0

  /// All of an array, as it lies.
  init(_ shape: Shape) { (extents, strides) = (shape.extents, shape.strides) }

  /// Whether it is the whole of an array of so many elements, in their order.
  func isWhole(of count: Int) -> Bool {
    let shape = Shape(extents)
    return offset == 0 && shape.count == count
      && zip(extents.indices, shape.strides).allSatisfy { extents[$0] == 1 || strides[$0] == $1 }
  }

  func transposed(_ permutation: [Int]) -> StridedView {
    var view = self
    view.extents = permutation.map { extents[$0] }
    view.strides = permutation.map { strides[$0] }
    return view
  }

  /// Some indices along an axis: nil where they are no arithmetic progression, or take an element twice.
  func taking(_ indices: [Int], along axis: Int) -> StridedView? {
    guard let first = indices.first else { return nil }
    let step = indices.count > 1 ? indices[1] - first : 1
    guard step != 0, indices.indices.allSatisfy({ indices[$0] == first + $0 * step }) else { return nil }
    var view = self
    view.offset += first * strides[axis]
    view.extents[axis] = indices.count
    view.strides[axis] *= step
    return view
  }

  /// The same elements, in their order, as an array of other extents; nil where no strides have that.
  func reshaped(to target: [Int]) -> StridedView? {
    let axes = extents.indices.filter { extents[$0] != 1 }
    var (i, j) = (0, 0)
    var found = [Int](repeating: 0, count: target.count)
    while i < axes.count {
      // The fewest axes of both that hold as many elements.
      var (own, its) = (extents[axes[i]], 1)
      var (end, last) = (i + 1, j)
      while own != its {
        if its < own {
          guard last < target.count else { return nil }
          its *= target[last]
          last += 1
        } else {
          guard end < axes.count else { return nil }
          own *= extents[axes[end]]
          end += 1
        }
      }
      for k in i..<end - 1 where strides[axes[k]] != strides[axes[k + 1]] * extents[axes[k + 1]] {
        return nil
      }
      var stride = strides[axes[end - 1]]
      for k in (j..<last).reversed() {
        found[k] = stride
        stride *= target[k]
      }
      (i, j) = (end, last)
    }
    var view = self
    (view.extents, view.strides) = (target, found)
    return view
  }
}
