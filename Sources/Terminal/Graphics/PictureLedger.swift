internal import Drawing

/// Which pictures lie where on the screen, and what has to be sent so that the next frame's do.
struct PictureLedger {
  /// Where a picture lies, its upper left cell and its size in cells.
  struct Place: Hashable {
    let row: Int
    let column: Int
    let size: Size
  }

  private struct Corner: Hashable {
    let row: Int
    let column: Int
  }

  /// What a cell under a picture is to ncurses: colours as ncurses numbers them.
  struct Tile {
    var glyph: UInt32
    var marks: (UInt32, UInt32) = (0, 0)
    var color: Int32 = -1
    var background: Int32 = -1
  }

  /// What goes before the cells of a frame, and what goes after them.
  struct Sequences {
    var before: [UInt8] = []
    var after: [UInt8] = []
  }

  let graphics: GraphicsProtocol
  /// The terminal's own cells, for sixel.
  var cell: CellPixels?
  private let isWrapped: Bool
  private let isDirect: Bool
  private var shown: [Place: PixelPicture] = [:]
  private var wanted: [Place: PixelPicture] = [:]
  /// The places of ``wanted`` by their upper left cells.
  private var corners: [Corner: Place] = [:]
  /// kitty's numbers of the places, which stay as long as a place has pictures: a new one needs no new cells.
  private var numbers: [Place: Int] = [:]
  /// Numbers that places had which have no picture any more.
  private var gone: Set<Int> = []

  /// Places that may have pictures at once: numbers are foregrounds of the 256-colour palette where there are no more.
  private static let most = 200
  /// What lies under pictures of other protocols: no theme has this as its ground.
  private static let underlay: (direct: Int32, indexed: Int32) = (0x1c1c1e, 234)

  init(_ graphics: GraphicsProtocol, cell: CellPixels?, isDirect: Bool, isWrapped: Bool) {
    self.graphics = graphics
    self.cell = cell
    self.isDirect = isDirect
    self.isWrapped = isWrapped
  }

  static let none = PictureLedger(.none, cell: nil, isDirect: false, isWrapped: false)

  /// Everything has to be sent again.
  mutating func forget() { shown = [:] }

  /// Finds the pictures of a canvas, as far as it fits.
  mutating func look(at canvas: Canvas, _ size: Size) {
    (wanted, corners) = ([:], [:])
    guard graphics != .none else { return }
    for row in 0..<min(size.rows, canvas.size.rows) {
      for column in 0..<min(size.columns, canvas.size.columns) {
        guard let tile = canvas[row, column].tile, let picture = canvas.picture(of: tile) else { continue }
        let place = Self.place(of: tile, picture, row, column)
        guard wanted[place] == nil, accepts(place, size) else { continue }
        wanted[place] = picture
        corners[Corner(row: place.row, column: place.column)] = place
      }
    }
    guard graphics == .kitty else { return }
    for (place, number) in numbers where wanted[place] == nil {
      gone.insert(number)
      numbers[place] = nil
    }
    for place in wanted.keys.sorted(by: { ($0.row, $0.column) < ($1.row, $1.column) })
    where numbers[place] == nil {
      numbers[place] = free
      if numbers[place] == nil { wanted[place] = nil }
    }
  }

  private static func place(of tile: PictureTile, _ picture: PixelPicture, _ row: Int, _ column: Int) -> Place
  {
    Place(row: row - Int(tile.row), column: column - Int(tile.column), size: picture.cells)
  }

  /// Pictures that are cut off stay cells; so do those on the last line, below which sixel would scroll.
  private func accepts(_ place: Place, _ size: Size) -> Bool {
    place.row >= 0 && place.column >= 0 && place.column + place.size.columns <= size.columns
      && place.row + place.size.rows <= size.rows - (graphics == .sixel ? 1 : 0)
      && place.size.columns <= KittyGraphics.marks.count && place.size.rows <= KittyGraphics.marks.count
  }

  private var free: Int? {
    let taken = Set(numbers.values)
    return (0..<Self.most).map { number($0) }.first { !taken.contains($0) }
  }

  /// A number is a colour: 24 bits beyond the palette, or one of the palette.
  private func number(_ index: Int) -> Int { isDirect ? 0xB5_0100 + index : 16 + index }

  /// What the cell is to ncurses where a picture lies over it, the cell to its left known; nil elsewhere.
  func tile(_ cell: Cell, after left: Cell?, row: Int, column: Int) -> Tile? {
    guard let tile = cell.tile, let place = place(tile, row, column) else { return nil }
    guard graphics == .kitty, let number = numbers[place] else {
      return Tile(glyph: 0x20, background: isDirect ? Self.underlay.direct : Self.underlay.indexed)
    }
    let follows = left?.tile.map {
      $0.identity == tile.identity && $0.row == tile.row && $0.column + 1 == tile.column
    }
    var shown = Tile(glyph: KittyGraphics.placeholder, color: Int32(number))
    if follows != true {
      shown.marks = (KittyGraphics.mark(Int(tile.row)) ?? 0, KittyGraphics.mark(Int(tile.column)) ?? 0)
    }
    return shown
  }

  private func place(_ tile: PictureTile, _ row: Int, _ column: Int) -> Place? {
    guard let place = corners[Corner(row: row - Int(tile.row), column: column - Int(tile.column))] else {
      return nil
    }
    return wanted[place]?.identity == tile.identity ? place : nil
  }

  /// What has to be sent with a frame in which these rows changed.
  mutating func sequences(_ canvas: Canvas, changed: Set<Int>) -> Sequences {
    defer { shown = wanted }
    var sequences = Sequences()
    let places = wanted.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }
    guard graphics == .kitty else {
      for (place, picture) in places {
        let rows = place.row..<place.row + place.size.rows
        let damaged = shown[place] == picture ? rows.filter(changed.contains) : Array(rows)
        guard let first = damaged.first, let last = damaged.last else { continue }
        sequences.after += painted(picture, place, first...last, canvas)
      }
      return sequences
    }
    for number in gone.subtracting(numbers.values).sorted() {
      sequences.before += KittyGraphics.delete(number, isWrapped: isWrapped)
    }
    gone = []
    for (place, picture) in places where shown[place] != picture {
      guard let number = numbers[place] else { continue }
      sequences.before += KittyGraphics.transmit(picture, number: number, isWrapped: isWrapped)
    }
    return sequences
  }

  /// Takes every picture from the terminal.
  var farewell: [UInt8] {
    gone.union(numbers.values).sorted().flatMap { KittyGraphics.delete($0, isWrapped: isWrapped) }
  }

  /// A picture's rows from the cursor on, and then the cells that lie over them.
  private func painted(
    _ picture: PixelPicture, _ place: Place, _ rows: ClosedRange<Int>, _ canvas: Canvas
  ) -> [UInt8] {
    var bytes: [UInt8] = Array("\u{1b}7".utf8)
    var rows = rows
    switch graphics {
    case .iterm:
      rows = place.row...place.row + place.size.rows - 1
      bytes += move(place.row, place.column) + InlineImage.sequence(picture)
    case .sixel:
      guard let cell else { return [] }
      let (from, to) = (rows.lowerBound - place.row, rows.upperBound - place.row + 1)
      bytes += move(rows.lowerBound, place.column)
      bytes += Sixel(picture, cell: cell).sequence(rows: from * cell.height..<to * cell.height)
    case .kitty, .none: return []
    }
    return bytes + covers(picture, place, rows, canvas) + Array("\u{1b}[0m\u{1b}8".utf8)
  }

  private func covers(
    _ picture: PixelPicture, _ place: Place, _ rows: ClosedRange<Int>, _ canvas: Canvas
  ) -> [UInt8] {
    var text = ""
    for row in rows {
      let cells = canvas.shownCells(row: row)
      var next = -1
      for column in place.column..<min(cells.count, place.column + place.size.columns) {
        let cell = cells[column]
        guard cell.tile?.identity != picture.identity, cell.glyph != Cell.rightHalf else { continue }
        if next != column { text += String(decoding: move(row, column), as: UTF8.self) }
        text += canvas.ansiText(of: cell)
        next = column + (Text.isWide(cell.glyph) ? 2 : 1)
      }
    }
    return Array(text.utf8)
  }

  private func move(_ row: Int, _ column: Int) -> [UInt8] { Array("\u{1b}[\(row + 1);\(column + 1)H".utf8) }
}
