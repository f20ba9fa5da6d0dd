public import Drawing

/// How many frames and colours a link can carry, by what the last frames took: a frame may fill half of the time
/// until the next one, and a frame that takes longer than half a second costs a level of colours.
///
/// Links that keep up are left alone. Once 40 frames in a row were taken at once, one level comes back; where that
/// was too much, the next attempt waits twice as long.
public struct LinkBudget: Sendable {
  private static let slowest = 0.5
  /// The longest time between two frames, in seconds.
  private static let longestInterval = 5.0

  /// Frames a second at most, on any link.
  public let wantedFrames: Double
  /// The most colours: what the terminal has, or what was asked for.
  public let fullLevel: Appearance.ColorLevel
  /// Whether colours stay as they were asked for.
  public let isLevelFixed: Bool
  /// The colours to draw with now.
  public private(set) var level: Appearance.ColorLevel
  /// Seconds that frames take, smoothed.
  public private(set) var seconds = 0.0
  /// Frames that were taken at once, since one was not.
  private var easy = 0
  /// Whether the present level came back and has not proved itself.
  private var isOnTrial = false
  private var patience = 40

  public init(framesPerSecond: Double, level: Appearance.ColorLevel, isLevelFixed: Bool) {
    wantedFrames = min(60, max(0.2, framesPerSecond))
    fullLevel = level
    self.level = level
    self.isLevelFixed = isLevelFixed
  }

  /// Frames a second while only work reports.
  public var framesPerSecond: Double { 1 / interval }

  /// Seconds from one such frame to the next.
  public var interval: Double { min(Self.longestInterval, max(1 / wantedFrames, 2 * seconds)) }

  /// Whether the link holds anything back.
  public var isLimiting: Bool { level != fullLevel || 2 * seconds > 1 / wantedFrames }

  /// Takes the time in which the link took the last frame.
  public mutating func note(seconds latest: Double) {
    guard latest.isFinite, latest >= 0 else { return }
    // Slower at once, faster by and by.
    seconds = max(latest, 0.7 * seconds + 0.3 * latest)
    guard !isLevelFixed else { return }
    if latest > Self.slowest { lower() } else if latest < Self.slowest / 20 { raise() } else { easy = 0 }
  }

  private mutating func lower() {
    if isOnTrial { patience = min(1280, 2 * patience) }
    (easy, isOnTrial) = (0, false)
    guard let less = Appearance.ColorLevel(rawValue: level.rawValue - 1), less >= .ansi8 else { return }
    // Eight colours are hardly more to send than sixteen, and say less.
    level = less == .ansi8 ? .none : less
  }

  private mutating func raise() {
    easy += 1
    if easy >= 40 { isOnTrial = false }
    guard level < fullLevel, easy >= patience else { return }
    (easy, isOnTrial) = (0, true)
    level =
      level == .none ? min(.ansi16, fullLevel) : Appearance.ColorLevel(rawValue: level.rawValue + 1) ?? level
  }
}

extension LinkReport {
  /// The link in a few words for the footer, such as `12 kB/s, 2 fps, 256 colours`; empty on a link that keeps up.
  public func phrase(_ budget: LinkBudget) -> String {
    guard budget.isLimiting else { return "" }
    let speed = rate.map { "link \(Self.size($0))/s, " } ?? ""
    let colors =
      budget.level == budget.fullLevel ? "" : ", \(budget.level == .none ? "no" : budget.level.title) colours"
    return "\(speed)\(Self.frames(budget)) fps\(colors)"
  }

  /// What the link has carried, in a sentence.
  public func details(_ budget: LinkBudget) -> String {
    let milliseconds = Int((1000 * lastSeconds).rounded())
    let waited = blockedSeconds > 0 ? ", waited \((10 * blockedSeconds).rounded() / 10) s" : ""
    let speed = rate.map { ", \(Self.size($0))/s" } ?? ""
    return
      "link: \(frames) frames, \(Self.size(Double(bytes)))\(waited)\(speed); last \(Self.size(Double(lastBytes)))"
      + " in \(milliseconds) ms; at most \(Self.frames(budget)) fps, "
      + "\(budget.level == .none ? "no" : budget.level.title) colours"
  }

  private static func frames(_ budget: LinkBudget) -> String {
    let frames = (10 * budget.framesPerSecond).rounded() / 10
    return frames == frames.rounded() ? "\(Int(frames))" : "\(frames)"
  }

  static func size(_ bytes: Double) -> String {
    bytes < 1000
      ? "\(Int(bytes)) B" : bytes < 10_000_000 ? "\(Int(bytes / 1000)) kB" : "\(Int(bytes / 1e6)) MB"
  }
}
