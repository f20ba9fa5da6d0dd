internal import CKernels

/// A stride-1 correlation by Winograd's minimal filtering F(m×m, r×r): (m + r − 1)² products for m² places, not m²·r².
///
/// y = Aᵀ[Σ over inputs of (G w Gᵀ) ∘ (Bᵀ x B)]A for every m×m tile of places; the sums over inputs are products of
/// matrices, one for each of the n² points. A tile's sums depend on nothing beside it, but equal patches at different
/// places of tiles have sums that differ by rounding: see ``EqualPatches``. The error is some 3 (n = 6) to
/// 10 (n = 8) times that of the plain sums.
/// Source: Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016.
struct MinimalFiltering {
  let bank: FilterBank
  let kernels: Kernels
  let transform: Kernels.Filtering
  let arrangement: FilteringArrangement
  let rows: Int
  let columns: Int
  let planes: PaddedPlanes
  let panels: [Panel]
  let filters: FilterArray
  private let extent: Int
  private let tilesDown: Int
  private let tilesAcross: Int

  /// Elements of tiles on their way in and out that should lie near a core together.
  private static let blockElements = 160 << 10

  /// Elements of filters that can come anew for every group of tiles.
  private static let filterElements = 512 << 10

  /// Elements of padded images that should lie near a core together.
  private static let planeElements = 192 << 10

  /// Nil where the sums themselves cost less.
  init?(
    _ bank: FilterBank, _ kernels: Kernels, _ shifts: [Slide.Shift], rows: Int, columns: Int, height: Int,
    width: Int, pooling: Pooling?
  ) {
    guard bank.groups == 1, let grid = TapGrid(shifts), grid.extent > 1,
      let transform = kernels.minimalFiltering(grid, bank, rows: rows, columns: columns, pooling: pooling)
    else { return nil }
    self.bank = bank
    self.kernels = kernels
    self.transform = transform
    arrangement = FilteringArrangement(kernels, bank)
    self.rows = rows
    self.columns = columns
    extent = grid.extent
    tilesDown = (rows + transform.m - 1) / transform.m
    tilesAcross = (columns + transform.m - 1) / transform.m
    let margin = transform.n - transform.m
    planes = PaddedPlanes(
      channels: bank.depth, height: height, width: width, strides: (1, 1), phases: [.init()],
      before: (-grid.top, -grid.left), rows: tilesDown * transform.m + margin,
      pitch: tilesAcross * transform.m + margin)
    panels = arrangement.panels(of: bank.rows, kernels)
    filters = bank.transformed(transform, grid, panels, byPoint: arrangement.liesByPoint)
  }

  /// Equal patches under the windows of a maximum behind it.
  func equalPatches(under pooling: Pooling) -> EqualPatches {
    EqualPatches(
      planes, extent: extent, rows: rows, columns: columns, outputs: bank.rows, under: pooling)
  }

  var points: Int { transform.n * transform.n }
  var places: Int { rows * columns }
  private var tilesPerImage: Int { tilesDown * tilesAcross }

  /// Tiles of one block, whole groups: more than lie near a core where the filters themselves do not.
  private var blockSize: Int {
    let limit = arrangement.limit
    let elements = points * arrangement.stored(depth: bank.depth)
    let groups = min(5, 1 + filters.count / Self.filterElements)
    return max(groups, Self.blockElements / elements / limit) * limit
  }

  /// Images that fill a block, or a few more where then fewer of the groups' rows are without a tile; but where filters
  /// are few, so that only the padded planes are read again, no more than of those lie near a core.
  var imagesTogether: Int {
    let limit = arrangement.limit
    let near = Self.planeElements / max(1, planes.size)
    let fill = blockSize / tilesPerImage
    let least = max(1, arrangement.liesByPoint ? fill : min(fill, near))
    let most = max(least, min(16, near))
    return (least...most).first { images in
      let tiles = images * tilesPerImage
      return 16 * ((tiles + limit - 1) / limit * limit - tiles) <= tiles
    } ?? most
  }

  /// Which image of those together a tile belongs to, and its first place.
  func place(_ tile: Int) -> (image: Int, row: Int, column: Int) {
    let (image, within) = (tile / tilesPerImage, tile % tilesPerImage)
    return (image, within / tilesAcross * transform.m, within % tilesAcross * transform.m)
  }

  /// y for `count` images; `target` says where the places of an image's outputs go, `finish` learns when it is done,
  /// and what its padded planes are.
  func apply(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool,
    target: (_ image: Int) -> UnsafeMutablePointer<Float>,
    finish: (_ image: Int, _ padded: UnsafePointer<Float>) -> Void
  ) {
    let together = min(count, imagesTogether)
    let block = FilteringBlock(self, tiles: portion(of: together * tilesPerImage))
    let starts = arrangement.starts(start, outputs: bank.rows)
    withScratch(together * planes.size + kernels.lanes) { padded in
      padded.update(repeating: 0, count: together * planes.size + kernels.lanes)
      for first in stride(from: 0, to: count, by: together) {
        let images = first..<min(count, first + together)
        for n in images {
          planes.fill(
            padded + (n - first) * planes.size, from: source, entry: n, channel: 0, of: bank.depth)
        }
        let portions = balanced(images.count * tilesPerImage, limit: block.tiles)
        Tensors.together(over: portions.count, work: images.count * tilesPerImage * tileWork) { p in
          withScratch(block.count) { scratch in
            block.transformInputs(padded, portions[p], scratch)
            block.multiply(portions[p].count, scratch)
            block.transformOutputs(portions[p], scratch, starts, rectifies) { target(first + $0) }
          }
        }
        for n in images { finish(n, padded + (n - first) * planes.size) }
      }
    }
  }

  /// Multiply-adds of a tile.
  private var tileWork: Int { points * bank.depth * bank.rows }

  /// Tiles that go together: as many as lie near a core, or a spare thread's part of them in whole groups.
  private func portion(of tiles: Int) -> Int {
    let share = (tiles + Threads.spare - 1) / Threads.spare
    let limit = arrangement.limit
    return min(blockSize, tiles, (share + limit - 1) / limit * limit)
  }
}

/// What lies in the vectors while the inputs of tiles are multiplied.
enum FilteringArrangement {
  /// Outputs, so that few tiles suffice: tiles are the narrow factor, `limit` to a group of `lanes`.
  case outputs(breadth: Int, lanes: Int, limit: Int)
  /// Tiles, for few outputs: their sums are taken on the way in.
  case tiles(rows: Int, lanes: Int)
  /// Outputs, for few inputs: their sums are taken on the way out and not stored.
  case few(breadth: Int, lanes: Int)

  private static let fewInputs = 4

  init(_ kernels: Kernels, _ bank: FilterBank) {
    func whole(_ count: Int) -> Int { (count + kernels.lanes - 1) / kernels.lanes * kernels.lanes }
    let breadth = whole(bank.rows)
    if 2 * bank.rows <= kernels.lanes {
      self = .tiles(rows: bank.rows, lanes: kernels.lanes)
    } else if bank.depth <= Self.fewInputs {
      self = .few(breadth: breadth, lanes: kernels.lanes)
    } else {
      self = .outputs(breadth: breadth, lanes: whole(kernels.tileRows), limit: kernels.tileRows)
    }
  }

  /// Elements of one group of tiles in a channel.
  var lanes: Int {
    switch self {
    case .outputs(_, let lanes, _), .tiles(_, let lanes), .few(_, let lanes): lanes
    }
  }

  /// Tiles of one group.
  var limit: Int {
    switch self {
    case .outputs(_, _, let limit): limit
    case .tiles(_, let lanes), .few(_, let lanes): lanes
    }
  }

  /// Sums of one tile at a point.
  var breadth: Int {
    switch self {
    case .outputs(let breadth, _, _), .few(let breadth, _): breadth
    case .tiles(let rows, _): rows
    }
  }

  /// Elements of a tile that are stored at a point, on its way in and out.
  func stored(depth: Int) -> Int {
    switch self {
    case .outputs(let breadth, let lanes, let limit): depth * lanes / limit + breadth
    case .few: depth
    case .tiles(let rows, _): rows
    }
  }

  /// Whether the filters of one point lie together.
  var liesByPoint: Bool { if case .outputs = self { true } else { false } }

  /// How filters lie: side by side in vectors, or in one narrow tile.
  func panels(of rows: Int, _ kernels: Kernels) -> [Panel] {
    switch self {
    case .outputs: Panel.panels(of: rows, kernels)
    case .few: Panel.panels(of: rows, kernels, vectors: 1)
    case .tiles: [Panel(rows: 0..<rows, width: rows, start: 0)]
    }
  }

  /// What the sums start from, a vector for each that is stored.
  func starts(_ start: UnsafePointer<Float>?, outputs: Int) -> [Float] {
    switch self {
    case .outputs(let breadth, _, _), .few(let breadth, _):
      (0..<breadth).map { $0 < outputs ? start?[$0] ?? 0 : 0 }
    case .tiles(_, let lanes): (0..<outputs * lanes).map { start?[$0 / lanes] ?? 0 }
    }
  }
}
