internal import Checkup
internal import Drawing

/// A page as pieces with their places, in columns of cells from its upper left corner.
struct PageLayout {
  struct Piece {
    var area: Rectangle
    var content: Content
  }

  enum Content {
    case line([(String, Look)])
    case text(String, Look)
    case table(Table)
    case plot(LinePlot)
    case section(Heatmap)
    case pictures([(image: Int, caption: String)])
    case gauge(JobRecord)
  }

  private(set) var pieces: [Piece] = []
  var rows: Int { pieces.map { $0.area.row + $0.area.rows }.max() ?? 0 }
  let theme: Theme
  private let glyphs: Appearance.GlyphSet
  private let classNames: [String]

  init(_ appearance: Appearance, classNames: [String] = []) {
    (theme, glyphs) = (Theme(appearance), appearance.glyphs)
    self.classNames = classNames
  }
}

extension PageLayout {
  /// Where the next piece of a column goes.
  struct Column {
    var row = 0
    let left: Int
    let columns: Int

    /// Columns side by side from a row on.
    static func side(by count: Int, of columns: Int, from row: Int) -> [Column] {
      let gap = 3
      let width = (columns - gap * (count - 1)) / count
      return (0..<count).map { Column(row: row, left: $0 * (width + gap), columns: width) }
    }
  }

  /// Rows that a picture takes with its caption, and columns.
  static let pictureSize = Size(rows: 7, columns: 13)

  /// How many stand side by side: all six of a page, or three and three.
  static func across(_ columns: Int) -> Int { columns >= 6 * pictureSize.columns ? 6 : 3 }

  mutating func add(_ content: Content, rows: Int, to column: inout Column, indent: Int = 0) {
    let area = Rectangle(
      row: column.row, column: column.left + indent, rows: rows, columns: column.columns - indent)
    pieces.append(Piece(area: area, content: content))
    column.row += rows
  }

  mutating func add(_ text: String, _ look: Look = .plain, to column: inout Column, indent: Int = 0) {
    let rows = Text.wrapped(text, to: column.columns - indent, glyphs).count
    add(.text(text, look), rows: rows, to: &column, indent: indent)
  }

  mutating func add(_ block: ReportPage.Block, to column: inout Column) {
    switch block {
    case .text(let text): add(text, to: &column)
    case .table(let head, let rows, let words):
      add(.table(Table(head, rows, words: words)), rows: rows.count + 1, to: &column)
      column.row += 1
    case .plot(let title, let plot):
      add(.line([(title, theme.title)]), rows: 1, to: &column)
      let legend = plot.series.count > 6 ? 3 : plot.series.count > 3 ? 2 : 0
      add(.plot(plot), rows: min(16, max(10, column.columns / 5)) + legend, to: &column)
      column.row += 1
    case .sections(let planes):
      for plane in planes {
        guard let map = Heatmap(plane.outcome, classNames: classNames, showsDisk: false) else { continue }
        add(.line([(plane.title, theme.title)]), rows: 1, to: &column)
        add(.section(map), rows: min(18, max(12, column.columns / 3)), to: &column)
        column.row += 1
      }
    case .pictures(let pictures):
      let across = Self.across(column.columns)
      let lines = (pictures.count + across - 1) / across
      add(.pictures(pictures), rows: lines * Self.pictureSize.rows, to: &column)
    }
  }
}

extension Table {
  fileprivate init(_ head: [String], _ rows: [[String]], words: Set<Int>) {
    self.init(
      head.enumerated().map { i, title in
        Column(title, alignment: words.contains(i) ? .leading : .trailing, isFlexible: i == 0)
      }, rows: rows, showsHeading: true)
  }
}

// MARK: - Drawing

extension Canvas {
  /// The part of a page that begins with its row `first`.
  mutating func draw(_ page: PageLayout, from first: Int, _ workspace: Workspace) {
    for piece in page.pieces {
      let row = piece.area.row - first
      guard row < size.rows, row + piece.area.rows > 0 else { continue }
      var part = Canvas(piece.area.size, appearance: appearance)
      part.draw(piece.content, workspace)
      put(part, row: row, column: piece.area.column)
    }
  }

  private mutating func draw(_ content: PageLayout.Content, _ workspace: Workspace) {
    switch content {
    case .line(let runs): put(runs, row: 0, column: 0)
    case .text(let text, let look): paragraph(text, in: bounds, look)
    case .table(let table): draw(table, in: bounds)
    case .plot(let plot): draw(plot, in: bounds)
    case .section(let map): draw(map, in: bounds)
    case .gauge(let job): draw(JobGauge(job: job), in: bounds.split(left: min(60, size.columns)).left)
    case .pictures(let pictures): draw(pictures, workspace)
    }
  }

  private mutating func draw(_ pictures: [(image: Int, caption: String)], _ workspace: Workspace) {
    let cell = PageLayout.pictureSize
    let across = PageLayout.across(size.columns)
    for (i, picture) in pictures.enumerated() {
      let (row, column) = (i / across * cell.rows, i % across * cell.columns)
      let caption = Rectangle(row: row + 4, column: column, rows: 2, columns: cell.columns - 1)
      if let thumbnail = workspace.thumbnails[picture.image] {
        draw(
          CellPicture(thumbnail, isCentered: false),
          in: Rectangle(row: row, column: column, rows: 4, columns: 8))
      }
      paragraph(picture.caption, in: caption, theme.muted)
    }
  }
}
