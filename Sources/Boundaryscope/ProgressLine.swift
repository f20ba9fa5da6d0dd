internal import Foundation
internal import Glibc
internal import Synchronization

/// One line on standard error that says how far a command is, redrawn in place; silent unless that is a terminal.
final class ProgressLine: Sendable {
  private let isVisible: Bool
  private struct Times {
    /// When the first report of a run came.
    var started: ContinuousClock.Instant?
    var drawn: ContinuousClock.Instant?
  }

  private let times = Mutex(Times())

  init(quiet: Bool) { isVisible = !quiet && isatty(STDERR_FILENO) == 1 }

  func show(_ phase: String, completed: Int, total: Int) {
    guard isVisible, let elapsed = due() else { return }
    let share = total > 0 ? min(1, Double(completed) / Double(total)) : 0
    let bar = String(repeating: "=", count: Int(share * 24)).padding(
      toLength: 24, withPad: " ", startingAt: 0)
    let left = share > 0.02 ? " \(Int((elapsed * (1 - share) / share).rounded(.up))) s left" : ""
    writeError("\r\u{1B}[K\(phase) [\(bar)] \(completed)/\(total)\(left)")
  }

  /// Takes the line away; the next report begins another run.
  func finish() {
    times.withLock { $0 = Times() }
    if isVisible { writeError("\r\u{1B}[K") }
  }

  /// Seconds since the run began, where the line may be drawn anew: ten times a second.
  private func due() -> Double? {
    times.withLock { times in
      let now = ContinuousClock.now
      if let drawn = times.drawn, now - drawn < .milliseconds(100) { return nil }
      times.drawn = now
      times.started = times.started ?? now
      return times.started.map { (now - $0) / .seconds(1) }
    }
  }

}
