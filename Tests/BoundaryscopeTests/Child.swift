import Foundation
import Glibc
import Testing

/// One process of the program.
final class Child {
  /// Its status as shells see it, 128 and more for signals; written before `ended` is signalled.
  private final class Outcome: @unchecked Sendable {
    var status: Int32 = 0
    let ended = DispatchSemaphore(value: 0)
  }

  private let outcome = Outcome()
  private let process: pid_t

  /// Beside the program that runs the tests.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "boundaryscope").path

  /// Starts it; `output` and `errors` are files that it opens for writing.
  init(_ arguments: [String], _ environment: [String: String], output: String, errors: String) throws {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // The threads of the test library block signals, which the program must not inherit.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_NOCTTY, 0o600)
    let words = ([Self.program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    try #require(posix_spawn(&process, Self.program, &actions, &attributes, words, variables) == 0)
    self.process = process
    watch()
  }

  private func watch() {
    let (process, outcome) = (process, outcome)
    Thread {
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      outcome.status = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
      outcome.ended.signal()
    }.start()
  }

  func signal(_ number: Int32) { kill(process, number) }

  /// Waits for the end; a process that takes longer is ended, and that is an issue.
  func status(within seconds: Int, _ location: SourceLocation = #_sourceLocation) throws -> Int32 {
    if outcome.ended.wait(timeout: .now() + .seconds(seconds)) == .timedOut {
      Issue.record("the program still runs after \(seconds) s", sourceLocation: location)
      signal(SIGKILL)
      outcome.ended.wait()
    }
    return outcome.status
  }
}
