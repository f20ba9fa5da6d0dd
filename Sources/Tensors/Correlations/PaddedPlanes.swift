internal import CKernels

/// What a correlation slides over: the channels of an image, as they are or behind the derivative of what follows.
enum PlaneSource {
  /// N×C×H×W.
  case image(UnsafePointer<Float>)
  /// Elements count where those of `by` are positive; entry n of the batch meets entry n mod `period` of it.
  case gated(UnsafePointer<Float>, by: UnsafePointer<Float>, period: Int)
  /// Elements of the pooled planes, put to where `taps` says their maxima lie; where `by` is given, those only that
  /// are positive there.
  case pooled(
    UnsafePointer<Float>, by: UnsafePointer<Float>?, taps: UnsafePointer<UInt8>, Pooling, period: Int)
}

/// Where taps of a stride-1 correlation find their elements in a padded copy of an image's planes.
///
/// A plane is stored as several, one for each residue of its rows and columns modulo the strides that a tap meets, so
/// that the elements under one tap lie side by side whatever the stride.
struct PaddedPlanes {
  let channels: Int
  let height: Int
  let width: Int
  let strides: (down: Int, across: Int)
  /// The residues of rows and columns that have a plane.
  let phases: [Phase]
  /// Rows and columns of padding before the first element of phase 0, in units of the strides.
  let before: (down: Int, across: Int)
  let rows: Int
  /// Elements from one row to the next.
  let pitch: Int
  /// Elements from one channel to the next: an odd number of cache lines, so that channels do not crowd the same sets.
  let step: Int

  /// Rows and columns with one residue each modulo the strides.
  struct Phase: Hashable {
    var down = 0
    var across = 0
  }

  init(
    channels: Int, height: Int, width: Int, strides: (Int, Int), phases: [Phase], before: (Int, Int),
    rows: Int,
    pitch: Int
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.strides = strides
    self.phases = phases
    self.before = before
    self.rows = rows
    self.pitch = pitch
    let lines = (rows * pitch * phases.count + 15) / 16
    step = 16 * (lines | 1)
  }

  var size: Int { channels * step }

  func offset(phase: Int, row: Int, column: Int) -> Int {
    phase * rows * pitch + (row + before.down) * pitch + column + before.across
  }

  /// Whether the whole plane lies in the padded one.
  private var holdsPlane: Bool {
    before.down >= 0 && before.across >= 0 && before.down + height <= rows && before.across + width <= pitch
  }

  /// Whether the tap of a window that begins at this place lies in the padded plane.
  private func contains(_ row: Int, _ column: Int, _ tap: Int, of window: Window) -> Bool {
    let i = row + before.down + tap / window.kernel[1] * window.dilations[0]
    let j = column + before.across + tap % window.kernel[1] * window.dilations[1]
    return i >= 0 && i < rows && j >= 0 && j < pitch
  }

  /// Planes that are filled by one thread at least.
  private static let planesTogether = 8
  /// The multiply-adds that an element's copy takes as long as.
  private static let workOfElement = 16

  /// Copies these entries of the source, from channel `first` of `total`, into planes side by side on the threads that
  /// are left over.
  ///
  /// The planes hold images of the same source before, unless they are `new`.
  func fill(
    _ planes: UnsafeMutablePointer<Float>, from source: PlaneSource, entries: Range<Int>, new: Bool,
    channel first: Int = 0, of total: Int? = nil
  ) {
    let parts = balanced(channels, limit: Self.planesTogether)
    together(over: entries.count * parts.count, work: entries.count * size * Self.workOfElement) { i in
      let (n, part) = (i / parts.count, parts[i % parts.count])
      let own = planes + n * size
      if new { (own + part.lowerBound * step).update(repeating: 0, count: part.count * step) }
      fill(own, part, from: source, entry: entries.lowerBound + n, channel: first, of: total ?? channels)
    }
  }

  /// Some of the planes of one entry, whose padding is zero already.
  func fill(
    _ planes: UnsafeMutablePointer<Float>, _ part: Range<Int>, from source: PlaneSource, entry n: Int,
    channel first: Int, of total: Int
  ) {
    switch source {
    case .image(let x):
      let image = x + (n * total + first) * height * width
      for c in part { copy(image + c * height * width, to: planes + c * step) }
    case .gated(let x, let gate, let period):
      let (image, gates) = (
        (n * total + first) * height * width, (n % period * total + first) * height * width
      )
      for c in part {
        let plane = c * height * width
        copy(x + image + plane, to: planes + c * step, gate: gate + gates + plane)
      }
    case .pooled(let y, let gate, let taps, let pooling, let period):
      let places = pooling.outputHeight * pooling.outputWidth
      let offsets = offsets(of: pooling.window)
      for c in part {
        let own = (n % period * total + first + c) * places
        place(
          y + (n * total + first + c) * places, behind: gate.map { $0 + own }, at: taps + own, of: pooling,
          offsets: offsets, into: planes + c * step)
      }
    }
  }

  /// How far each tap of a window lies from its first one.
  private func offsets(of window: Window) -> [Int] {
    (0..<window.count).map { tap in
      let (i, j) = (tap / window.kernel[1], tap % window.kernel[1])
      return i * window.dilations[0] * pitch + j * window.dilations[1]
    }
  }

  private func copy(
    _ plane: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, gate: UnsafePointer<Float>? = nil
  ) {
    if strides == (1, 1) {
      let (row, column) = (max(0, -before.down), max(0, -before.across))
      let count = min(width, pitch - before.across) - column
      let source = row * width + column
      if count > 0 {
        copy_rows(
          plane + source, gate.map { $0 + source }, width, min(height, rows - before.down) - row, count,
          target + offset(phase: 0, row: row, column: column), pitch)
      }
      return
    }
    for (i, phase) in phases.enumerated() {
      copy(plane, from: phase.down, phase.across, to: target + i * rows * pitch)
    }
  }

  private func copy(
    _ plane: UnsafePointer<Float>, from down: Int, _ across: Int, to phase: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let y = (row - before.down) * strides.down + down
      guard y >= 0, y < height else { continue }
      let (line, source) = (phase + row * pitch, plane + y * width)
      let shift = across - before.across * strides.across
      let first = max(0, (strides.across - 1 - shift) / strides.across)
      let end = min(pitch, shift >= width ? 0 : (width - 1 - shift) / strides.across + 1)
      guard first < end else { continue }
      copy_strided(source + first * strides.across + shift, strides.across, end - first, line + first)
    }
  }

  /// A maximum's tap lies on the plane, and so in the padded one unless that is smaller.
  private func place(
    _ y: UnsafePointer<Float>, behind gate: UnsafePointer<Float>?, at taps: UnsafePointer<UInt8>,
    of pooling: Pooling, offsets: [Int], into target: UnsafeMutablePointer<Float>
  ) {
    let origin = offset(phase: 0, row: 0, column: 0)
    if pooling.halves, holdsPlane {
      return unpool_halves(
        y, gate, taps, pooling.outputHeight, pooling.outputWidth, target + origin, pitch)
    }
    target.update(repeating: 0, count: rows * pitch)
    let window = pooling.window
    for i in 0..<pooling.outputHeight {
      let row = i * window.strides[0] - window.before[0]
      for j in 0..<pooling.outputWidth {
        let o = i &* pooling.outputWidth &+ j
        if let gate, !(gate[o] > 0) { continue }
        let column = j &* window.strides[1] &- window.before[1]
        let tap = Int(taps[o])
        guard holdsPlane || contains(row, column, tap, of: window) else { continue }
        target[origin &+ row &* pitch &+ column &+ offsets[tap]] += y[o]
      }
    }
  }
}
