import Drawing
import Testing

@testable import Explorer

@Suite struct SheetLayoutTests {
  @Test(
    "The cells of a contact sheet lie in their panel, apart from each other, and are nearly square where there is room",
    arguments: [(9, 40), (21, 80), (27, 100), (37, 120), (57, 200), (197, 500)])
  func cells(rows: Int, columns: Int) {
    let layout = SheetLayout(Size(rows: rows, columns: columns))
    #expect(layout.perPage >= 1)
    for side in SectionScreen.Side.allCases {
      let inside = Frame.interior(of: layout.panel(side))
      var taken: Set<Int> = []
      for place in 0..<layout.perPage {
        let cell = layout.cell(place, side)
        #expect(cell.row >= inside.row && cell.row + cell.rows <= inside.row + inside.rows)
        #expect(cell.column >= inside.column && cell.column + cell.columns <= inside.column + inside.columns)
        for row in cell.row..<cell.row + cell.rows {
          for column in cell.column..<cell.column + cell.columns {
            #expect(taken.insert(row * 1000 + column).inserted)
          }
        }
        guard rows >= 21 else { continue }
        let ratio = Double(cell.columns) / Double(2 * (cell.rows - 1))
        #expect((0.7...1.6).contains(ratio), "\(cell)")
      }
    }
  }
}
