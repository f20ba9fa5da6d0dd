internal import CKernels

/// The tile kernels of one instruction set; see `CKernels.h`.
public struct Kernels: Sendable {
  /// A tile's vectors, the most rows it may have with so many, and the kernel for each number of rows.
  struct Form: @unchecked Sendable {  // holds pointers to functions only
    let vectors: Int
    let rows: Int
    let kernels: [tile_kernel]
    let gathers: [gather_kernel]
  }

  /// The transforms of a minimal filtering F(m×m, r×r), n = m + r − 1.
  struct Filtering: @unchecked Sendable {  // holds pointers to functions only
    let n: Int
    let m: Int
    let input: @convention(c) (UnsafePointer<filtering_input>?) -> Void
    let output: @convention(c) (UnsafePointer<filtering_output>?) -> Void
    /// The way out of few channels' sums, which are taken on it.
    let fewInputs: @convention(c) (UnsafePointer<filtering_few_inputs>?) -> Void
    /// The way in of few outputs' tiles, whose sums are taken on it.
    let fewOutputs: @convention(c) (UnsafePointer<filtering_few_outputs>?) -> Void
  }

  /// The instruction set, such as `AVX-512`.
  public let name: String
  /// Floats in a vector.
  public let lanes: Int
  /// By ascending number of vectors: one, two, and more for few rows.
  let forms: [Form]
  let filterings: [Filtering]
  /// The set itself, in the program's constants; opaque, since those who import the module do not know its type.
  private nonisolated(unsafe) let set: OpaquePointer

  /// Those that this processor runs, the best first.
  public static let available: [Kernels] = {
    prepareKernels()
    var sets: [Kernels] = []
    while let set = kernel_set(Int32(sets.count)) { sets.append(Kernels(set)) }
    return sets
  }()

  /// The first of ``available``, by which the engine computes unless it is told otherwise.
  public static var best: Kernels { available[0] }

  private init(_ pointer: UnsafePointer<kernel_set>) {
    let set = pointer.pointee
    name = String(cString: set.name)
    lanes = Int(set.lanes)
    self.set = OpaquePointer(pointer)
    let extents = withUnsafeBytes(of: set.forms) { Array($0.bindMemory(to: (Int32, Int32).self)) }
    let kernels = withUnsafeBytes(of: set.kernels) { Array($0.bindMemory(to: tile_kernel?.self)) }
    let gathers = withUnsafeBytes(of: set.gathers) { Array($0.bindMemory(to: gather_kernel?.self)) }
    let most = kernels.count / extents.count
    forms = extents.enumerated().map { f, extent in
      let rows = Int(extent.1)
      let own = f * most..<f * most + rows
      return Form(
        vectors: Int(extent.0), rows: rows, kernels: kernels[own].map { $0! },
        gathers: gathers[own].map { $0! })
    }
    filterings = withUnsafeBytes(of: set.filterings) { Array($0.bindMemory(to: filtering.self)) }.map {
      Filtering(
        n: Int($0.n), m: Int($0.m), input: $0.input, output: $0.output, fewInputs: $0.few_inputs,
        fewOutputs: $0.few_outputs)
    }
  }

  /// What evaluates a function, or a derivative of it, along a line.
  func line(_ function: scalar_function, _ derivative: Int) -> function_line {
    let first = UnsafeRawPointer(UnsafePointer<kernel_set>(set).pointer(to: \.functions)!)
    let place = (3 * Int(function.rawValue) + derivative) * MemoryLayout<function_line>.stride
    return first.load(fromByteOffset: place, as: function_line.self)
  }

  /// What sums the taps of a plane.
  var sumPlane: sum_plane { UnsafePointer<kernel_set>(set).pointee.sum_plane }

  var rows: row_kernels { UnsafePointer<kernel_set>(set).pointer(to: \.rows)!.pointee }

  /// What lists the channels that pass to a tap.
  var listChannels: list_channels { UnsafePointer<kernel_set>(set).pointee.list_channels }

  /// What lists inputs that are not zero, takes their values and turns the sums; nil where the set has nothing for it.
  var nonzeros: (list: list_nonzeros, take: take_marked, turn: turn_places)? {
    let set = UnsafePointer<kernel_set>(set).pointee
    guard let list = set.list_nonzeros, let take = set.take_marked, let turn = set.turn_places else {
      return nil
    }
    return (list, take, turn)
  }

  /// The most rows that a tile of two vectors has.
  var tileRows: Int { forms[1].rows }

  /// So many rows in tiles of nearly equal size.
  func tiles(of rows: Int) -> [Range<Int>] { balanced(rows, limit: tileRows) }

  /// The widest form for a tile of so many rows of which `vectors` are left to do.
  func form(rows: Int, vectors: Int) -> Form {
    forms.last { $0.rows >= rows && $0.vectors <= vectors }!  // one vector suits every tile
  }
}

/// 0..<count in pieces of at most `limit`, whose sizes differ by one at most.
func balanced(_ count: Int, limit: Int) -> [Range<Int>] {
  let pieces = (count + limit - 1) / limit
  return (0..<pieces).map { $0 * count / pieces..<($0 + 1) * count / pieces }
}

extension Array {
  /// In `count` parts, or as many as there are elements.
  func shared(among count: Int) -> [ArraySlice<Element>] {
    let parts = Swift.max(1, Swift.min(count, self.count))
    return (0..<parts).map { self[$0 * self.count / parts..<($0 + 1) * self.count / parts] }
  }
}

/// What a sum of a tile starts from.
enum TileStart {
  case zero
  case row(UnsafePointer<Float>)
  case column(UnsafePointer<Float>)
  /// What stands where they go.
  case sums
  /// Zero, and what stands where they go is added in the end.
  case sumsInTheEnd
}

extension Kernels {
  /// One factor of a product as the kernels read it: the steps of all taps, `depth` of each.
  struct Wide {
    let taps: UnsafeBufferPointer<Int>
    let depth: Int
    let step: Int
  }

  /// c ← start + a·b for one tile, its vectors at `vectors`; steps of a are `rows` apart where not said.
  @inline(__always)
  func product(
    _ a: UnsafePointer<Float>, rows: Int, step: Int? = nil, _ b: Wide,
    at vectors: UnsafePointer<UnsafePointer<Float>?>, _ form: Form, into c: UnsafeMutablePointer<Float>,
    pitch: Int, start: TileStart, rectifies: Bool
  ) {
    product(
      a, rows: rows, step: step, b, at: vectors, form.kernels[rows - 1], into: c, pitch: pitch, start: start,
      rectifies: rectifies)
  }

  /// The same by the kernel for so many rows and vectors, where that was looked up before.
  @inline(__always)
  func product(
    _ a: UnsafePointer<Float>, rows: Int, step: Int? = nil, _ b: Wide,
    at vectors: UnsafePointer<UnsafePointer<Float>?>, _ kernel: tile_kernel,
    into c: UnsafeMutablePointer<Float>, pitch: Int, start: TileStart, rectifies: Bool
  ) {
    var tile = tile()
    tile.a = a
    tile.a_step = step ?? rows
    tile.b = vectors
    tile.taps = b.taps.baseAddress
    tile.tap_count = b.taps.count
    tile.depth = b.depth
    tile.step = b.step
    tile.c = c
    tile.pitch = pitch
    switch start {
    case .zero: break
    case .row(let start): tile.row_start = start
    case .column(let start): tile.column_start = start
    case .sums: tile.continues = 1
    case .sumsInTheEnd: tile.adds = 1
    }
    tile.rectifies = rectifies ? 1 : 0
    kernel(&tile)
  }
}
