import CTerminal
import Drawing
import Foundation
import Synchronization
import TestSupport
import Testing

/// A program in a terminal of its own: what it writes, what its terminal's modes are, how it ends.
final class PseudoTerminal {
  /// What waitpid said, in order.
  private final class Changes: Sendable {
    let statuses = Mutex<[Int32]>([])
  }

  private(set) var output: [UInt8] = []
  let originalModes: termios
  private var master: Int32
  private let slave: Int32
  let process: pid_t
  private let changed = wake_open()
  private let changes = Changes()
  /// Whether it says what it is when it is asked, as terminals do.
  private let answers: Bool
  private var hasAnswered = false

  /// The program with these arguments, or a shell that runs `script` with the program as its first argument.
  init(
    _ arguments: [String] = [], program: String = "TerminalProbe", script: String? = nil,
    environment: [String: String] = [:], size: Size = Size(rows: 24, columns: 80), answers: Bool = true
  ) throws {
    self.answers = answers
    var (master, slave): (Int32, Int32) = (-1, -1)
    var window = winsize(ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    var name = [CChar](repeating: 0, count: 256)
    try #require(openpty(&master, &slave, &name, nil, &window) == 0)
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.master = master
    self.slave = slave
    originalModes = Self.modes(slave)
    let path = Self.products.appending(path: program).path
    let words = script.map { ["sh", "-m", "-c", $0, "sh", path] + arguments } ?? [path] + arguments
    let defaults = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    process = try Self.spawn(
      script == nil ? path : "/bin/sh", words,
      defaults.merging(sanitizerSettings) { $1 }.merging(environment) { $1 },
      terminal: name)
    watch()
  }

  deinit {
    kill(process, SIGKILL)
    for descriptor in [master, slave] where descriptor >= 0 { close(descriptor) }
  }

  /// Programs lie beside the one that runs the tests.
  private static let products: URL = {
    // Expected faults leave no core files.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent()
  }()

  private static func spawn(
    _ path: String, _ words: [String], _ environment: [String: String], terminal: [CChar]
  ) throws -> pid_t {
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
    // POSIX_SPAWN_SETSID, which is not imported: the first terminal that the leader of a session opens controls it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | 0x80)
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process: pid_t = 0
    try #require(posix_spawn(&process, path, &actions, &attributes, arguments, variables) == 0)
    return process
  }

  private func watch() {
    let (process, changed, changes) = (process, changed, changes)
    Thread {
      var status: Int32 = 0
      while waitpid(process, &status, WUNTRACED) == process {
        let now = status
        changes.statuses.withLock { $0.append(now) }
        wake_post(changed)
        if now & 0xff != 0x7f { return }
      }
    }.start()
  }

  var text: String { String(decoding: output, as: UTF8.self) }

  static func modes(_ descriptor: Int32) -> termios {
    var modes = termios()
    tcgetattr(descriptor, &modes)
    return modes
  }

  /// Whether the terminal's modes are those of before the program.
  var areModesRestored: Bool {
    var (before, now) = (originalModes, Self.modes(slave))
    return memcmp(&before, &now, MemoryLayout<termios>.size) == 0
  }

  func type(_ text: String) { type(Array(text.utf8)) }

  func type(_ bytes: [UInt8]) {
    _ = write(master, bytes, bytes.count)
  }

  func signal(_ number: Int32) { kill(process, number) }

  func resize(_ size: Size) {
    var window = winsize(ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &window)
  }

  /// The connection drops.
  func hangUp() {
    close(master)
    master = -1
  }

  /// Takes what the program writes until it has written `text` after the first `start` bytes.
  func wait(for text: String, after start: Int = 0, _ location: SourceLocation = #_sourceLocation) throws {
    let wanted = Data(text.utf8)
    try pump(location) { Data(self.output.dropFirst(start)).range(of: wanted) != nil }
  }

  /// The status as shells see it, 128 and more for signals.
  func waitForEnd(_ location: SourceLocation = #_sourceLocation) throws -> Int32 {
    try pump(location) { self.end != nil }
    while takeOutput(waiting: 0) {}
    let status = try #require(end)
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  private var end: Int32? { changes.statuses.withLock { $0.last { $0 & 0xff != 0x7f } } }

  private func pump(_ location: SourceLocation, until isDone: () -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while !isDone() {
      _ = takeOutput(waiting: 1000)
      if ContinuousClock.now > deadline {
        Issue.record("nothing more came after: \(text.suffix(300))", sourceLocation: location)
        throw CancellationError()
      }
    }
  }

  /// Takes what the program has written; false when there was nothing.
  func takeOutput(waiting milliseconds: Int32) -> Bool {
    var ends = [
      pollfd(fd: master, events: Int16(POLLIN), revents: 0),
      pollfd(fd: changed, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&ends, 2, milliseconds) > 0 else { return false }
    if ends[1].revents != 0 {
      var count: UInt64 = 0
      _ = read(changed, &count, 8)
    }
    guard ends[0].revents & Int16(POLLIN) != 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let n = read(master, &bytes, bytes.count)
    if n > 0 { output.append(contentsOf: bytes[..<n]) }
    if answers, !hasAnswered, Data(output).range(of: Data("\u{1b}[c".utf8)) != nil {
      hasAnswered = true
      type("\u{1b}[?62;22c")
    }
    return n > 0
  }
}
