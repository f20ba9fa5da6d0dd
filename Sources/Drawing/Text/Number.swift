internal import Glibc

/// Numbers as text, without locale.
public enum Number {
  /// A number with `digits` digits after the point; `–` for what is not a number.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    guard abs(value) < 1e15 else { return "\(value)" }
    let scale = pow(10, Double(max(0, digits)))
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = String(Int(scaled) / Int(scale))
    guard digits > 0 else { return sign + whole }
    let rest = String(Int(scaled) % Int(scale))
    return sign + whole + "." + String(repeating: "0", count: digits - rest.count) + rest
  }

  /// A number with about `digits` significant digits, in powers of ten when it is very large or small.
  public static func short(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
    let power = Int(log10(abs(value)).rounded(.down))
    if power >= 6 || power < -3 {
      return fixed(value / pow(10, Double(power)), max(0, digits - 1)) + "e\(power)"
    }
    return fixed(value, max(0, digits - 1 - power))
  }

  /// The same without zeros at the end, for sentences and tables of figures.
  package static func figure(_ value: Double, _ digits: Int = 4) -> String {
    let text = short(value, digits: digits)
    var mantissa = text.prefix { $0 != "e" }
    let power = text.dropFirst(mantissa.count)
    guard mantissa.contains(".") else { return text }
    while mantissa.last == "0" { mantissa.removeLast() }
    if mantissa.last == "." { mantissa.removeLast() }
    return String(mantissa + power)
  }

  /// A whole number in groups of three.
  package static func grouped(_ n: Int) -> String {
    var digits = Array(String(n))
    for i in stride(from: digits.count - 3, to: n < 0 ? 1 : 0, by: -3) { digits.insert(",", at: i) }
    return String(digits)
  }

  /// With its sign always.
  public static func signed(_ value: Double, _ digits: Int) -> String {
    (value >= 0 ? "+" : "") + fixed(value, digits)
  }

  /// A share as per cent.
  public static func percent(_ share: Double, _ digits: Int = 0) -> String {
    fixed(share * 100, digits) + " %"
  }

  /// A rate as per cent, to a tenth.
  package static func rate(_ share: Double) -> String { percent(share, 1) }

  /// A rate with the ends of its interval.
  package static func rate(_ share: Double, _ interval: [Double]) -> String {
    guard interval.count == 2 else { return rate(share) }
    return rate(share) + " [\(fixed(100 * interval[0], 1)), \(fixed(100 * interval[1], 1))]"
  }

  /// A time: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    if seconds < 1 { return fixed(max(0, seconds), 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    let minutes = whole % 3600 / 60
    return "\(whole / 3600) h \(minutes < 10 ? "0" : "")\(minutes) min"
  }
}
