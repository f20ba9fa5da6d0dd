/// What the link to the terminal has carried, and how fast it took it.
public struct LinkReport: Sendable {
  /// One frame.
  struct Frame {
    let bytes: Int
    let since: ContinuousClock.Instant
    /// Whether the terminal would not take all of it at once.
    var wasBlocked = false

    init(bytes: Int, since: ContinuousClock.Instant) {
      self.bytes = bytes
      self.since = since
    }
  }

  /// Frames and their bytes since the start.
  public private(set) var frames = 0
  /// Bytes of all those frames, once repeated colours are left out.
  public private(set) var bytes = 0
  /// Bytes of the last frame, and seconds until the terminal had taken them.
  public private(set) var lastBytes = 0
  /// Seconds from the first write of the last frame until the terminal had taken all of it.
  public private(set) var lastSeconds = 0.0
  /// Seconds that frames waited in all.
  public private(set) var blockedSeconds = 0.0
  /// Bytes a second that the link carries, smoothed over the frames that had to wait; nil while none had.
  public private(set) var rate: Double?

  public init() {}

  mutating func note(_ frame: Frame) {
    note(bytes: frame.bytes, seconds: (ContinuousClock.now - frame.since) / .seconds(1), frame.wasBlocked)
  }

  /// Takes a frame; one that had to wait tells how fast the link is.
  mutating func note(bytes: Int, seconds: Double, _ wasBlocked: Bool) {
    frames += 1
    self.bytes += bytes
    (lastBytes, lastSeconds) = (bytes, seconds)
    // A short wait is that of the reader, not of the link.
    guard wasBlocked, seconds > 0.005 else { return }
    blockedSeconds += seconds
    let measured = Double(bytes) / seconds
    rate = rate.map { 0.6 * $0 + 0.4 * measured } ?? measured
  }
}
