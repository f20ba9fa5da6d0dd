/// The patches of a C×H×W image under a window, as the columns of a matrix of (kH·C·kW)×(oH·oW).
///
/// Row (u·C + c)·kW + v holds tap (u, v) of channel c at every place of the window; taps in the padding are zero. The
/// order of the rows lets those of one u be a matrix of their own.
public struct Patches: Sendable {
  public let channels: Int
  public let height: Int
  public let width: Int
  public let window: Window
  public let outputHeight: Int
  public let outputWidth: Int
  /// For each horizontal tap, the places at which it lies on the image.
  private let across: [Range<Int>]
  private let down: [Range<Int>]

  public init(channels: Int, height: Int, width: Int, window: Window) {
    self.channels = channels
    self.height = height
    self.width = width
    self.window = window
    let oH = window.outputExtent(0, input: height)
    let oW = window.outputExtent(1, input: width)
    outputHeight = oH
    outputWidth = oW
    down = (0..<window.kernel[0]).map { window.places(0, tap: $0, input: height, output: oH) }
    across = (0..<window.kernel[1]).map { window.places(1, tap: $0, input: width, output: oW) }
  }

  public var rows: Int { channels * window.count }
  public var columns: Int { outputHeight * outputWidth }

  /// Copies the patches of `image` into a matrix whose rows begin `pitch` elements apart.
  public func gather(_ image: UnsafePointer<Float>, into matrix: UnsafeMutablePointer<Float>, pitch: Int) {
    var row = matrix
    for u in down.indices {
      for c in 0..<channels {
        for v in across.indices {
          copy(image + c * height * width, to: row, tap: u, v)
          row += pitch
        }
      }
    }
  }

  /// Adds every element of the matrix to where ``gather(_:into:pitch:)`` takes it from: the adjoint of gathering.
  ///
  /// Overwrites the elements of the matrix that belong to the padding.
  public func scatter(
    _ matrix: UnsafeMutablePointer<Float>, pitch: Int, addingTo image: UnsafeMutablePointer<Float>
  ) {
    var row = matrix
    for u in down.indices {
      for c in 0..<channels {
        for v in across.indices {
          add(row, to: image + c * height * width, tap: u, v)
          row += pitch
        }
      }
    }
  }

  /// Whether a tap's places are, row by row, a shifted copy of the plane.
  private var shifts: Bool { window.strides == [1, 1] && outputWidth == width }

  private func copy(_ plane: UnsafePointer<Float>, to row: UnsafeMutablePointer<Float>, tap u: Int, _ v: Int)
  {
    let down = down[u]
    let across = across[v]
    guard !down.isEmpty, !across.isEmpty else { return row.update(repeating: 0, count: columns) }
    let top = window.offset(0, tap: u)
    let left = window.offset(1, tap: v)
    if shifts {
      let first = down.lowerBound * width + across.lowerBound
      let end = (down.upperBound - 1) * width + across.upperBound
      row.update(repeating: 0, count: first)
      (row + first).update(from: plane + first + top * width + left, count: end - first)
      (row + end).update(repeating: 0, count: columns - end)
      clearMargins(of: row, down, across)
      return
    }
    row.update(repeating: 0, count: down.lowerBound * outputWidth)
    (row + down.upperBound * outputWidth).update(
      repeating: 0, count: (outputHeight - down.upperBound) * outputWidth)
    for y in down {
      copyLine(plane + (y * window.strides[0] + top) * width + left, to: row + y * outputWidth, across)
    }
  }

  private func copyLine(
    _ source: UnsafePointer<Float>, to line: UnsafeMutablePointer<Float>, _ across: Range<Int>
  ) {
    for x in 0..<across.lowerBound { line[x] = 0 }
    let stride = window.strides[1]
    if stride == 1 {
      for x in across { line[x] = source[x] }
    } else {
      for x in across { line[x] = source[x &* stride] }
    }
    for x in across.upperBound..<outputWidth { line[x] = 0 }
  }

  private func add(
    _ row: UnsafeMutablePointer<Float>, to plane: UnsafeMutablePointer<Float>, tap u: Int, _ v: Int
  ) {
    let down = down[u]
    let across = across[v]
    guard !down.isEmpty, !across.isEmpty else { return }
    let top = window.offset(0, tap: u)
    let left = window.offset(1, tap: v)
    if shifts {
      clearMargins(of: row, down, across)
      let shift = top * width + left
      for i in down.lowerBound * width + across.lowerBound..<(down.upperBound - 1) * width + across.upperBound
      {
        plane[i &+ shift] += row[i]
      }
      return
    }
    let stride = window.strides[1]
    for y in down {
      let line = plane + (y * window.strides[0] + top) * width + left
      let source = row + y * outputWidth
      if stride == 1 {
        for x in across { line[x] += source[x] }
      } else {
        for x in across { line[x &* stride] += source[x] }
      }
    }
  }

  /// Zeros left and right of the places on the image, within the rows that have some.
  private func clearMargins(of row: UnsafeMutablePointer<Float>, _ down: Range<Int>, _ across: Range<Int>) {
    guard across.count < width else { return }
    for y in down {
      let line = row + y * width
      for x in 0..<across.lowerBound { line[x] = 0 }
      for x in across.upperBound..<width { line[x] = 0 }
    }
  }
}
