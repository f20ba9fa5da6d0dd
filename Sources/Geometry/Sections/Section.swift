public import Networks
internal import Tensors

/// The margins and labels of a plane through an image: a coarse grid first, then ever finer where labels change, then the
/// rest.
///
/// Cost: one forward pass a cell.
public struct Section: Sendable {
  /// The plane of r and v at x.
  public let plane: SectionPlane
  /// k, the class at x: whose margin it is.
  public let own: Int
  /// What is known of the cells so far.
  public private(set) var grid: SectionGrid
  private let network: Network
  private var queue: [Int]
  private var stages: ArraySlice<Stage>
  /// Whether the coarse grid is known: every guess stands on it.
  public private(set) var isCoarseKnown = false
  /// Stages that follow the coarse grid.
  private let finest: Int

  /// One kind of refinement.
  private struct Stage: Sendable {
    let stride: Int
    let isContour: Bool
  }

  /// Multiply-adds of one step: a fraction of a second.
  private static let stepWork = 25_000_000_000
  /// Cells a side that a coarse grid has at least: enough to see where classes lie, in some tens of seconds.
  public static func coarseSide(multiplyAdds: Int) -> Int { multiplyAdds >= Network.dearPass ? 5 : 9 }

  /// Begins a section; nothing is evaluated yet.
  public init(_ network: Network, plane: SectionPlane, own: Int, window: SectionWindow) {
    self.network = network
    self.plane = plane
    self.own = own
    grid = SectionGrid(window)
    queue = []
    let side = min(window.columns, window.rows)
    let coarse = Self.coarseSide(multiplyAdds: network.multiplyAdds)
    let first = [8, 4, 2, 1].first { (side - 1) / $0 + 1 >= coarse } ?? 1
    let finer = [4, 2, 1].filter { $0 < first }
    var stages = [8, 4, 2, 1].filter { $0 >= first }.map { Stage(stride: $0, isContour: false) }
    stages += finer.map { Stage(stride: $0, isContour: true) }
    stages += finer.map { Stage(stride: $0, isContour: false) }
    self.stages = stages[...]
    finest = finer.count * 2
  }

  /// Cells evaluated in one step.
  private var batchSize: Int { max(4, min(512, Self.stepWork / max(1, network.multiplyAdds))) }

  /// The share of cells that are known: 0 to 1.
  public var fraction: Double { Double(grid.knownCount) / Double(grid.window.count) }

  /// Takes over a cell that is known already.
  public mutating func take(_ cell: Int, margin: Float, label: Int, probability: Float) {
    grid.set(cell, margin: margin, label: label, probability: probability)
  }

  /// Evaluates the next cells and says which; nil once all are known.
  ///
  /// After the coarse grid, cells around `place` come before all others; what they hold does not depend on it.
  public mutating func advance(near place: SectionPlane.Place? = nil) throws -> [Int]? {
    queue.removeAll { grid.isKnown[$0] }
    while queue.isEmpty {
      isCoarseKnown = stages.count <= finest
      guard let stage = stages.popFirst() else { return nil }
      queue = cells(of: stage)
    }
    let near = !isCoarseKnown ? [] : place.map { unknown(around: $0) } ?? []
    let batch = Array((near.isEmpty ? queue : near).prefix(batchSize))
    let logits = try network.logits(plane.images(at: batch.map(grid.window.place)))
    let margins = Margin.region(own: batch.map { _ in own }).values(logits, range: 0..<batch.count)
    let labels = logits.argmaxOfEntries
    let probabilities = network.head.probabilities(logits)
    for (n, cell) in batch.enumerated() {
      let probability = Float(probabilities[n][labels[n]])
      grid.set(cell, margin: margins[n], label: labels[n], probability: probability)
    }
    if near.isEmpty { queue.removeFirst(batch.count) }
    return batch
  }

  /// Unknown cells of the square of a sixth of the grid around a place, the nearest first.
  private func unknown(around place: SectionPlane.Place) -> [Int] {
    let window = grid.window
    func nearest(_ value: Double, _ axis: [Double]) -> Int {
      let share = (value - axis[0]) / (axis[axis.count - 1] - axis[0])
      return Int((min(1, max(0, share)) * Double(axis.count - 1)).rounded())
    }
    let (row, column) = (nearest(place.t, window.t), nearest(place.s, window.s))
    let reach = max(2, window.columns / 12)
    var found: [(distance: Int, cell: Int)] = []
    for r in max(0, row - reach)...min(window.rows - 1, row + reach) {
      for c in max(0, column - reach)...min(window.columns - 1, column + reach) {
        let cell = r * window.columns + c
        let distance = (r - row) * (r - row) + (c - column) * (c - column)
        if !grid.isKnown[cell] { found.append((distance, cell)) }
      }
    }
    return found.sorted { ($0.distance, $0.cell) < ($1.distance, $1.cell) }.map(\.cell)
  }

  /// The unknown cells of a stage's grid, those of a contour only where cells around them differ.
  private func cells(of stage: Stage) -> [Int] {
    let window = grid.window
    return stride(from: 0, to: window.rows, by: stage.stride).flatMap { row in
      stride(from: 0, to: window.columns, by: stage.stride).compactMap { column in
        let cell = row * window.columns + column
        if grid.isKnown[cell] { return nil }
        return !stage.isContour || differs(row, column, reach: 2 * stage.stride) ? cell : nil
      }
    }
  }

  /// Whether the known corners of the coarser cell around a place have different labels.
  private func differs(_ row: Int, _ column: Int, reach: Int) -> Bool {
    let window = grid.window
    let (bottom, left) = (row - row % reach, column - column % reach)
    var label: Int?
    for y in [bottom, bottom + reach] where y < window.rows {
      for x in [left, left + reach] where x < window.columns {
        let corner = y * window.columns + x
        guard grid.isKnown[corner] else { continue }
        if let label, label != grid.labels[corner] { return true }
        label = grid.labels[corner]
      }
    }
    return false
  }
}
