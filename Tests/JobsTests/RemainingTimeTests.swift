import Jobs
import Testing

@Suite("Remaining time")
struct RemainingTimeTests {
  private func progress(_ completed: Int, of total: Int = 100, _ phase: String = "steps") -> Progress {
    Progress(completed: completed, total: total, phase: phase)
  }

  @Test("At a constant rate it is what is left over the rate", arguments: [0.1, 1, 20])
  func constant(rate: Double) throws {
    var time = RemainingTime()
    var last: Double?
    for i in 0...40 { last = time.estimate(progress(i), elapsed: Double(i) / rate) }
    #expect(abs(try #require(last) - 60 / rate) < 1e-6 * 60 / rate)
  }

  @Test("It is unknown before the first unit is done, and where the total is")
  func unknown() {
    var time = RemainingTime()
    #expect(time.estimate(progress(0), elapsed: 0) == nil)
    #expect(time.estimate(progress(0), elapsed: 3) == nil)
    #expect(time.estimate(progress(1, of: 0), elapsed: 4) == nil)
  }

  @Test("A lasting change of rate is believed, a single slow unit is not")
  func smoothing() throws {
    var time = RemainingTime()
    for i in 0...20 { _ = time.estimate(progress(i), elapsed: Double(i)) }
    let slow = time.estimate(progress(21), elapsed: 22.5)
    let hiccup = try #require(slow)
    #expect(hiccup > 79 && hiccup < 110)
    var last: Double?
    for i in 22...40 { last = time.estimate(progress(i), elapsed: 22.5 + 4 * Double(i - 21)) }
    #expect(abs(try #require(last) - 240) < 5)
  }

  @Test("A new phase starts anew")
  func phases() {
    var time = RemainingTime()
    for i in 0...20 { _ = time.estimate(progress(i), elapsed: Double(i)) }
    #expect(time.estimate(progress(0, of: 10, "others"), elapsed: 21) == nil)
    #expect(time.estimate(progress(1, of: 10, "others"), elapsed: 23) == 18)
  }

  @Test("It runs down while nothing new is reported, and never below zero")
  func waiting() {
    var time = RemainingTime()
    _ = time.estimate(progress(0), elapsed: 0)
    #expect(time.estimate(progress(50), elapsed: 10) == 10)
    #expect(time.estimate(progress(50), elapsed: 14) == 6)
    #expect(time.estimate(progress(50), elapsed: 40) == 0)
  }

  private static let plan = JobPlan(
    [.init("boundary points", passes: 100), .init("products", passes: 400), .init("rates", passes: 50)],
    subject: "m", pace: 0.1)

  @Test(
    "A plan tells the whole from the first report on, and stretches to come by the pace of those that are over"
  )
  func planned() throws {
    var time = RemainingTime(Self.plan)
    var last = time.estimate(progress(0, of: 10, "boundary points"), elapsed: 0, pace: 0.1)
    #expect(abs(try #require(last) - 55) < 1e-6)
    // Twice as slow as thought.
    for i in 1...10 {
      last = time.estimate(progress(i, of: 10, "boundary points"), elapsed: 2 * Double(i), pace: 0.1)
    }
    #expect(abs(try #require(last) - 90) < 1)
    #expect(abs(try #require(time.pace) - 0.2) < 1e-9)
    last = time.estimate(progress(0, of: 40, "products"), elapsed: 20, pace: 0.1)
    #expect(abs(try #require(last) - 90) < 1)
    for i in 1...20 {
      last = time.estimate(progress(i, of: 40, "products"), elapsed: 20 + Double(i), pace: 0.1)
    }
    // Half of the products took 20 s, 200 passes; 50 passes are to come at the pace of all.
    let later = 50.0 * 40 / 300
    #expect(abs(try #require(last) - (20 + later)) < 0.5)
  }

  @Test("What is known already is passed over, and what no plan names goes by its own rate")
  func skipped() throws {
    var time = RemainingTime(Self.plan)
    let first = time.estimate(progress(0, of: 40, "products"), elapsed: 0, pace: 0.1)
    #expect(abs(try #require(first) - 45) < 1e-6)
    var other = RemainingTime(Self.plan)
    #expect(other.estimate(progress(0, of: 10, "files"), elapsed: 0, pace: 0.1) == nil)
    #expect(other.estimate(progress(5, of: 10, "files"), elapsed: 1, pace: 0.1) == 1)
  }
}
