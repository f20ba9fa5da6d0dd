import Drawing
import Testing

@Suite struct AxisTests {
  @Test(
    "Ticks are round, inside the axis, in order, and no more than asked for by more than one",
    arguments: [
      (0.0, 1.0), (-3, 3), (0.013, 0.0147), (-1e-6, 4e-6), (1e5, 9e7), (-0.3, 12.7), (99.5, 100.5),
      (0.1234, 0.1235), (1e17, 1e17),
    ])
  func linear(range: (Double, Double)) {
    let axis = Axis(range.0...range.1)
    for count in 1...12 {
      let ticks = axis.ticks(count)
      #expect(ticks.count <= count + 1)
      #expect(ticks.allSatisfy { axis.position($0.value) > -1e-5 && axis.position($0.value) < 1 + 1e-5 })
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
      #expect(Set(labels(ticks)).count == ticks.count, "\(ticks)")
      if count >= 3 { #expect(ticks.count >= 2, "\(range) \(count) \(ticks)") }
    }
  }

  private func labels(_ ticks: [Axis.Tick]) -> [String] { ticks.map(\.label) }

  @Test("Known ranges have the ticks a person would choose")
  func known() {
    #expect(labels(Axis(0...1).ticks(5)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(Axis(-3...3).ticks(3)) == ["-2", "0", "2"])
    #expect(labels(Axis(1...50, scale: .logarithmic).ticks(4)) == ["1", "3", "10", "30"])
    #expect(labels(Axis(1...1000, scale: .logarithmic).ticks(4)) == ["1", "10", "100", "1000"])
  }

  @Test("An axis around values holds them, and positions run from 0 to 1")
  func around() {
    let axis = Axis(around: [0.21, 0.9, .nan], includesZero: true)
    #expect(axis.lower == 0 && axis.upper == 1)
    #expect(axis.position(0.5) == 0.5)
    let decades = Axis(1...100, scale: .logarithmic)
    #expect(abs(decades.position(10) - 0.5) < 1e-12)
    #expect(decades.position(-1) == -.infinity)
    #expect(Axis(2...2).lower < 2 && Axis(2...2).upper > 2)
    #expect(Axis(-1...5, scale: .logarithmic).scale == .linear)
  }

  @Test(
    "Numbers read as written by hand",
    arguments: [
      (0.0, "0"), (1, "1.00"), (-0.5, "-0.500"), (1234, "1234"), (0.00012, "1.20e-4"), (3.2e9, "3.20e9"),
      (99.96, "100.0"),
    ])
  func short(value: Double, text: String) {
    #expect(Number.short(value) == text)
  }

  @Test(
    "Figures have no zeros at their end, rates a tenth of a per cent and the ends of their interval",
    arguments: [
      (Number.figure(2.4), "2.4"), (Number.figure(3), "3"), (Number.figure(0.123456), "0.1235"),
      (Number.figure(100), "100"), (Number.figure(-1.5e-7), "-1.5e-7"), (Number.figure(2e9), "2e9"),
      (Number.figure(0), "0"), (Number.figure(.nan), "–"), (Number.figure(9.9996), "10"),
      (Number.figure(0.0204, 2), "0.02"), (Number.rate(0.806), "80.6 %"),
      (Number.rate(0.5, [0.4, 0.612]), "50.0 % [40.0, 61.2]"), (Number.rate(0.5, []), "50.0 %"),
      (Number.grouped(1_234_567), "1,234,567"), (Number.grouped(-123), "-123"), (Number.grouped(999), "999"),
    ])
  func figures(text: String, expected: String) { #expect(text == expected) }

  @Test("Numbers that are none, tiny or huge have a text too")
  func odd() {
    #expect(Number.fixed(.nan, 2) == "–" && Number.fixed(-.infinity, 0) == "−∞")
    #expect(
      Number.fixed(-0.001, 2) == "0.00" && Number.fixed(2.5, 0) == "3" && Number.fixed(1.005, 1) == "1.0")
    #expect(Number.signed(0.31, 2) == "+0.31" && Number.signed(-1, 1) == "-1.0")
    #expect(Number.duration(0.44) == "0.4 s" && Number.duration(75) == "1 min 15 s")
    #expect(Number.duration(7500) == "2 h 05 min" && Number.duration(.nan) == "–")
    #expect(Number.percent(0.806, 1) == "80.6 %")
  }
}
