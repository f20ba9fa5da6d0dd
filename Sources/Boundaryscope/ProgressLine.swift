internal import Foundation
internal import Glibc
internal import Synchronization

/// One line on standard error that says how far a command is, redrawn in place; silent unless that is a terminal.
final class ProgressLine: Sendable {
  private let isVisible: Bool
  private let started = ContinuousClock.now
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

  init(quiet: Bool) { isVisible = !quiet && isatty(STDERR_FILENO) == 1 }

  func show(_ phase: String, completed: Int, total: Int) {
    guard isVisible, isDue() else { return }
    let share = total > 0 ? min(1, Double(completed) / Double(total)) : 0
    let bar = String(repeating: "=", count: Int(share * 24)).padding(
      toLength: 24, withPad: " ", startingAt: 0)
    let elapsed = Double((ContinuousClock.now - started) / .seconds(1))
    let left = share > 0.02 ? " \(Int((elapsed * (1 - share) / share).rounded(.up))) s left" : ""
    write("\r\u{1B}[K\(phase) [\(bar)] \(completed)/\(total)\(left)")
  }

  func finish() { if isVisible { write("\r\u{1B}[K") } }

  private func isDue() -> Bool {
    lastDrawn.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < .milliseconds(100) { return false }
      last = now
      return true
    }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
