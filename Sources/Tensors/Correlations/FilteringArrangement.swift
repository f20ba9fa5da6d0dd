/// What lies in the vectors while the inputs of tiles are multiplied.
enum FilteringArrangement {
  /// Outputs, so that few tiles suffice: tiles are the narrow factor, `limit` to a group of `lanes`.
  case outputs(breadth: Int, lanes: Int, limit: Int)
  /// Tiles, for few outputs: their sums are taken on the way in.
  case fewOutputs(rows: Int, lanes: Int)
  /// Outputs, for few inputs: their sums are taken on the way out and not stored.
  case fewInputs(breadth: Int, lanes: Int)

  private static let mostFewInputs = 4

  init(_ kernels: Kernels, _ bank: FilterBank) {
    func whole(_ count: Int) -> Int { (count + kernels.lanes - 1) / kernels.lanes * kernels.lanes }
    let breadth = whole(bank.rows)
    if 2 * bank.rows <= kernels.lanes {
      self = .fewOutputs(rows: bank.rows, lanes: kernels.lanes)
    } else if bank.depth <= Self.mostFewInputs {
      self = .fewInputs(breadth: breadth, lanes: kernels.lanes)
    } else {
      self = .outputs(breadth: breadth, lanes: whole(kernels.tileRows), limit: kernels.tileRows)
    }
  }

  /// Elements of one group of tiles in a channel.
  var lanes: Int {
    switch self {
    case .outputs(_, let lanes, _), .fewOutputs(_, let lanes), .fewInputs(_, let lanes): lanes
    }
  }

  /// Tiles of one group.
  var limit: Int {
    switch self {
    case .outputs(_, _, let limit): limit
    case .fewOutputs(_, let lanes), .fewInputs(_, let lanes): lanes
    }
  }

  /// Sums of one tile at a point.
  var breadth: Int {
    switch self {
    case .outputs(let breadth, _, _), .fewInputs(let breadth, _): breadth
    case .fewOutputs(let rows, _): rows
    }
  }

  /// Elements of a tile that are stored at a point, on its way in and out.
  func stored(depth: Int) -> Int {
    switch self {
    case .outputs(let breadth, let lanes, let limit): depth * lanes / limit + breadth
    case .fewInputs: depth
    case .fewOutputs(let rows, _): rows
    }
  }

  /// Whether the filters of one point lie together.
  var liesByPoint: Bool { if case .outputs = self { true } else { false } }

  /// Whether outputs are too few to be divided.
  var takesOutputsTogether: Bool { if case .fewOutputs = self { true } else { false } }

  /// How filters lie: side by side in vectors, or in one narrow tile.
  func panels(of rows: Int, _ kernels: Kernels) -> [Panel] {
    switch self {
    case .outputs: Panel.panels(of: rows, kernels)
    case .fewInputs: Panel.panels(of: rows, kernels, vectors: 1)
    case .fewOutputs: [Panel(rows: 0..<rows, width: rows, start: 0)]
    }
  }

  /// What the sums start from, a vector for each that is stored.
  func starts(_ start: UnsafePointer<Float>?, outputs: Int) -> [Float] {
    switch self {
    case .outputs(let breadth, _, _), .fewInputs(let breadth, _):
      (0..<breadth).map { $0 < outputs ? start?[$0] ?? 0 : 0 }
    case .fewOutputs(_, let lanes): (0..<outputs * lanes).map { start?[$0 / lanes] ?? 0 }
    }
  }
}
