import Drawing
import Testing

@testable import Terminal

@Suite struct LinkBudgetTests {
  @Test("A link that keeps up is left alone")
  func fast() {
    var budget = LinkBudget(framesPerSecond: 12, level: .direct, isLevelFixed: false)
    for _ in 0..<100 { budget.note(seconds: 0.002) }
    #expect(budget.level == .direct && abs(budget.framesPerSecond - 12) < 1e-9 && !budget.isLimiting)
    #expect(LinkReport().phrase(budget).isEmpty)
  }

  @Test("A frame fills at most half of the time until the next one")
  func frames() {
    var budget = LinkBudget(framesPerSecond: 12, level: .indexed, isLevelFixed: false)
    budget.note(seconds: 0.4)
    #expect(abs(budget.interval - 0.8) < 1e-9 && budget.isLimiting)
    for _ in 0..<40 { budget.note(seconds: 0.01) }
    #expect(abs(budget.framesPerSecond - 12) < 1e-9)
    budget.note(seconds: 60)
    #expect(budget.interval == 5)
  }

  @Test("Slow frames cost one level of colours after another, down to none, and quick ones bring them back")
  func colors() {
    var budget = LinkBudget(framesPerSecond: 12, level: .direct, isLevelFixed: false)
    var levels: [Appearance.ColorLevel] = []
    for _ in 0..<5 {
      budget.note(seconds: 0.9)
      levels.append(budget.level)
    }
    #expect(levels == [.indexed, .ansi16, .none, .none, .none])
    for _ in 0..<400 { budget.note(seconds: 0.001) }
    #expect(budget.level == .direct)
  }

  @Test("A level that proved too much is tried again later each time")
  func patience() {
    var budget = LinkBudget(framesPerSecond: 12, level: .indexed, isLevelFixed: false)
    var waits: [Int] = []
    budget.note(seconds: 1)
    for _ in 0..<3 {
      var count = 0
      while budget.level == .ansi16 {
        budget.note(seconds: 0.001)
        count += 1
      }
      waits.append(count)
      budget.note(seconds: 0.001)
      budget.note(seconds: 1)
    }
    #expect(waits == [40, 80, 160])
  }

  @Test("Colours that were asked for stay")
  func fixed() {
    var budget = LinkBudget(framesPerSecond: 12, level: .direct, isLevelFixed: true)
    for _ in 0..<5 { budget.note(seconds: 2) }
    #expect(budget.level == .direct && budget.isLimiting)
  }

  @Test("The rate comes from frames that had to wait")
  func rate() throws {
    var report = LinkReport()
    report.note(bytes: 30_000, seconds: 0.001, false)
    #expect(report.rate == nil)
    report.note(bytes: 12_000, seconds: 1, true)
    #expect(report.rate == 12_000 && report.bytes == 42_000 && report.frames == 2)
    var budget = LinkBudget(framesPerSecond: 12, level: .indexed, isLevelFixed: false)
    budget.note(seconds: 1)
    #expect(report.phrase(budget) == "link 12 kB/s, 0.5 fps, 16 colours")
    #expect(report.details(budget).contains("2 frames, 42 kB, waited 1.0 s"))
  }
}
