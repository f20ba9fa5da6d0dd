/// How one image's patches meet the filters: as the image itself, as one matrix, or as shifts of a smaller one.
struct ShiftedPatches {
  private let patches: Patches
  /// The patches of the horizontal taps alone, at every row of the padded image; nil where all taps are gathered.
  private let lines: Patches?

  init(_ patches: Patches) {
    self.patches = patches
    let window = patches.window
    let depth = patches.channels * window.kernel[1]
    guard window.strides[0] == 1, window.kernel[0] > 1, depth >= 96 else {
      lines = nil
      return
    }
    lines = Patches(
      channels: patches.channels, height: patches.height, width: patches.width,
      window: Window(
        kernel: [1, window.kernel[1]], strides: window.strides, dilations: [1, window.dilations[1]],
        before: window.before, after: window.after))
  }

  /// Elements of scratch memory that a product needs.
  var scratch: Int {
    if patches.window.isIdentity { return 0 }
    let matrix = lines ?? patches
    return matrix.rows * matrix.columns
  }

  /// y ← filters·patches(image), rows×columns.
  func multiply(
    _ filters: UnsafePointer<Float>, rows: Int, _ image: UnsafePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    let columns = patches.columns
    guard let lines else {
      if !patches.window.isIdentity { patches.gather(image, into: scratch, pitch: columns) }
      let matrix = patches.window.isIdentity ? image : UnsafePointer(scratch)
      return Tensors.multiply(filters, matrix, into: y, rows: rows, columns: columns, inner: patches.rows)
    }
    lines.gather(image, into: scratch, pitch: lines.columns)
    for u in 0..<patches.window.kernel[0] {
      Tensors.multiply(
        filters + u * lines.rows, aPitch: patches.rows,
        scratch + u * patches.window.dilations[0] * patches.outputWidth, bPitch: lines.columns, into: y,
        rows: rows,
        columns: columns, inner: lines.rows, keeping: u == 0 ? 0 : 1)
    }
  }
}
