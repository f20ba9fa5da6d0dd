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
    let starts = arrangement.starts(start, outputs: bank.rows)
    withScratch(together * planes.size + kernels.lanes) { padded in
      (padded + together * planes.size).update(repeating: 0, count: kernels.lanes)
      for first in stride(from: 0, to: count, by: together) {
        let images = first..<min(count, first + together)
        planes.fill(padded, from: source, entries: images, new: first == 0)
        apply(padded, images.count, starts, rectifies) { target(first + $0) }
        for n in images { finish(n, padded + (n - first) * planes.size) }
      }
    }
  }

  /// All tiles of so many padded images: some tiles a thread, or where they are too few some points a thread.
  ///
  /// Few inputs are not worth a stage of their own: there each thread transforms them anew for some of the outputs.
  private func apply(
    _ padded: UnsafePointer<Float>, _ images: Int, _ starts: [Float], _ rectifies: Bool,
    target: (_ image: Int) -> UnsafeMutablePointer<Float>
  ) {
    let tiles = images * tilesPerImage
    let portion = portion(of: tiles)
    let portions = balanced(tiles, limit: portion)
    if portions.count < Threads.spare, arrangement.liesByPoint {
      let block = FilteringBlock(self, tiles: tiles)
      return withScratch(block.count) { scratch in
        block.applyInStages(padded, scratch, starts, rectifies, target: target)
      }
    }
    let block = FilteringBlock(self, tiles: portion)
    let shares = arrangement.liesByPoint ? 1 : Threads.spare / portions.count
    let vectors = Array(0..<block.outputVectors).shared(among: shares).map(\.indices)
    together(over: portions.count * vectors.count, work: tiles * tileWork) { i in
      let (portion, outputs) = (portions[i / vectors.count], vectors[i % vectors.count])
      withScratch(block.count) { scratch in
        block.transformInputs(padded, portion, scratch)
        block.multiply(portion.count, scratch)
        block.transformOutputs(portion, vectors: outputs, scratch, starts, rectifies, target: target)
      }
    }
  }

  /// Multiply-adds of a tile.
  var tileWork: Int { points * bank.depth * bank.rows }

  /// Tiles that go together: as many as lie near a core, or a spare thread's part of them in whole groups.
  private func portion(of tiles: Int) -> Int {
    let limit = arrangement.limit
    return min(blockSize, tiles, (Threads.share(of: tiles) + limit - 1) / limit * limit)
  }
}
