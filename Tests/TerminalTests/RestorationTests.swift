import Foundation
import TestSupport
import Testing

/// The terminal is as before whatever ends the program.
@Suite(.serialized) struct RestorationTests {
  struct Ending: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var keys = ""
    var signal: Int32?
    let status: Int32
    /// What the person reads afterwards on the ordinary screen.
    var message = ""
  }

  static let endings = [
    Ending(testDescription: "the key q", keys: "q", status: 0, message: "ended: by key"),
    Ending(testDescription: "SIGINT", signal: SIGINT, status: 130, message: "ended: interrupted"),
    Ending(testDescription: "control and C", keys: "\u{3}", status: 130, message: "ended: interrupted"),
    Ending(testDescription: "SIGTERM", signal: SIGTERM, status: 143, message: "ended: terminated"),
    Ending(testDescription: "SIGHUP while the terminal is there", signal: SIGHUP, status: 129),
    Ending(testDescription: "SIGQUIT", signal: SIGQUIT, status: 131),
    Ending(testDescription: "a trap", keys: "t", status: 132, message: "Index out of range"),
    Ending(testDescription: "a worker's trap", keys: "w", status: 132, message: "the worker has a fault"),
    Ending(
      testDescription: "a trap in a dispatch queue", keys: "d", status: 132, message: "the queue has a fault"),
    Ending(testDescription: "stack overflow", keys: "o", status: 139, message: "SIGSEGV"),
    Ending(testDescription: "a worker's stack overflow", keys: "O", status: 139, message: "SIGSEGV"),
    Ending(testDescription: "a dispatch timer's stack overflow", keys: "D", status: 139, message: "SIGSEGV"),
    Ending(testDescription: "abort", keys: "a", status: 134, message: "SIGABRT"),
    Ending(testDescription: "exit(3)", keys: "pe", status: 3, message: "noise on stderr"),
  ]

  /// The thread sanitizer gives threads stacks of its own making, whose overflow no handler sees.
  private static let possible = endings.filter {
    sanitizerSettings["TSAN_OPTIONS"] == nil || !$0.testDescription.contains("'s stack overflow")
  }

  @Test("The terminal is restored", arguments: possible)
  func restored(ending: Ending) throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    let shown = PrivateModes(after: terminal.output).on
    #expect(shown.isSuperset(of: [PrivateModes.alternateScreen, PrivateModes.drags, PrivateModes.pastes]))
    #expect(!shown.contains(PrivateModes.cursor))
    #expect(!terminal.areModesRestored, "the program reads single keys")
    let start = terminal.output.count
    if let signal = ending.signal { terminal.signal(signal) } else { terminal.type(ending.keys) }
    // arm64 raises SIGTRAP where x86-64 raises SIGILL.
    let status = try terminal.waitForEnd()
    #expect(status == ending.status || (ending.status == 132 && status == 133))
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
    let afterwards = Self.afterLeaving(terminal.output[start...])
    #expect(ending.message.isEmpty || afterwards.contains(ending.message))
  }

  /// What was written after the alternate screen was left.
  static func afterLeaving(_ output: ArraySlice<UInt8>) -> String {
    let text = Data(output)
    guard let leave = text.range(of: Data("\u{1b}[?1049l".utf8), options: .backwards) else { return "" }
    return String(decoding: text[leave.upperBound...], as: UTF8.self)
  }

  @Test("A second interrupt ends a program that does not answer the first")
  func impatience() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    terminal.type("h")
    try terminal.wait(for: "hangs")
    // Signals that are pending already are not counted: repeat until one is the second.
    repeat { terminal.signal(SIGINT) } while !terminal.takeOutput(waiting: 10)
    #expect(try terminal.waitForEnd() == 130)
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
  }

  @Test("A dropped connection ends the program")
  func droppedConnection() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    terminal.hangUp()
    #expect(try terminal.waitForEnd() == 129)
  }

  @Test("What is printed meanwhile is kept from the screen and shown afterwards")
  func keptOutput() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    terminal.type("pm")
    try terminal.wait(for: "\u{1b}[?1002l")
    #expect(!terminal.text.contains("noise"))
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    #expect(Self.afterLeaving(terminal.output[...]).contains("noise on stderr"))
  }
}
