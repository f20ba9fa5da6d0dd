internal import CKernels

/// Patches under one window of a maximum that are equal, whose sums have to be equal to the bit.
///
/// A minimal filtering rounds the sums of equal patches each in its own way, and a maximum over them would take any of
/// them. Here each takes the sum of the first, so that the maximum's argument is that of the exact sums: the first of
/// equals. Cost: some comparisons a window, of which nearly all end at the first element.
struct EqualPatches {
  private let planes: PaddedPlanes
  private let extent: Int
  private let columns: Int
  private let places: Int
  private let outputs: Int
  private let pooling: Pooling
  /// Where the places of a window lie from its first one, in the planes and among the places.
  private let shifts: [(patch: Int, place: Int)]

  /// Takes the planes that filters of `extent`×`extent` taps slide over, for so many outputs of rows×columns places.
  init(_ planes: PaddedPlanes, extent: Int, rows: Int, columns: Int, outputs: Int, under pooling: Pooling) {
    self.planes = planes
    self.extent = extent
    self.columns = columns
    self.outputs = outputs
    self.pooling = pooling
    places = rows * columns
    let window = pooling.window
    shifts = (0..<window.count).map { tap in
      let (i, j) = (tap / window.kernel[1], tap % window.kernel[1])
      return (i * planes.pitch + j, i * columns + j)
    }
  }

  /// Makes the sums of one image equal where the patches of its padded planes are.
  func unify(_ sums: UnsafeMutablePointer<Float>, over padded: UnsafePointer<Float>) {
    let (down, across) = (pooling.window.strides[0], pooling.window.strides[1])
    together(over: pooling.outputHeight, work: places * Self.workOfPlace) { i in
      for j in 0..<pooling.outputWidth {
        unifyWindow(
          sums + i * down * columns + j * across, over: padded + i * down * planes.pitch + j * across)
      }
    }
  }

  /// The multiply-adds that a place's comparisons take as long as.
  private static let workOfPlace = 512

  private func unifyWindow(_ sums: UnsafeMutablePointer<Float>, over corner: UnsafePointer<Float>) {
    for b in shifts.indices.dropFirst() {
      let patch = corner + shifts[b].patch
      guard let first = shifts[..<b].first(where: { areEqual(corner + $0.patch, patch) }) else { continue }
      for o in 0..<outputs { sums[o * places + shifts[b].place] = sums[o * places + first.place] }
    }
  }

  private func areEqual(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Bool {
    patches_equal(a, b, extent, planes.pitch, planes.channels, planes.step) != 0
  }
}

extension Pooling {
  /// Whether windows lie side by side on whole places, so that each place is under one at most.
  var isPartition: Bool {
    window.kernel == window.strides && window.dilations == [1, 1] && window.before == [0, 0]
      && height >= outputHeight * window.kernel[0] && width >= outputWidth * window.kernel[1]
  }
}
