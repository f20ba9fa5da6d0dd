internal import Drawing
internal import Foundation
internal import Glibc
internal import Jobs
internal import Synchronization

/// One line on standard error that says how far a command is, redrawn in place; silent unless that is a terminal.
final class ProgressLine: Sendable {
  private let isVisible: Bool
  private let drawn = Mutex<ContinuousClock.Instant?>(nil)

  init(quiet: Bool) { isVisible = !quiet && isatty(STDERR_FILENO) == 1 }

  func show(_ progress: Jobs.Progress) {
    guard isVisible, isDue() else { return }
    let (share, phase) = (progress.fraction, progress.phase)
    let bar = String(repeating: "=", count: Int(share * 24)).padding(
      toLength: 24, withPad: " ", startingAt: 0)
    let left = progress.remaining.map { " \(Number.duration($0)) left" } ?? ""
    let count = progress.total > 0 ? "\(progress.completed)/\(progress.total)" : "\(progress.completed)"
    writeError("\r\u{1B}[K\(phase) [\(bar)] \(count)\(left)")
  }

  /// Takes the line away; the next report begins another run.
  func finish() {
    drawn.withLock { $0 = nil }
    if isVisible { writeError("\r\u{1B}[K") }
  }

  /// Whether the line may be drawn anew: ten times a second.
  private func isDue() -> Bool {
    drawn.withLock { drawn in
      let now = ContinuousClock.now
      if let last = drawn, now - last < .milliseconds(100) { return false }
      drawn = now
      return true
    }
  }
}
