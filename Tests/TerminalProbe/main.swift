// Opens a terminal session, shows a picture and the last input, and ends in the way that a key asks for.
import Drawing
import Foundation
import Terminal

let arguments = CommandLine.arguments.dropFirst()
var options = TerminalOptions()
if let name = arguments.first(where: { $0.hasPrefix("colors=") }) {
  options.colors = TerminalOptions.colorLevels[String(name.dropFirst(7))]
}
if arguments.contains("ascii") { options.glyphs = .ascii }

let session: TerminalSession
do {
  session = try TerminalSession(options)
} catch {
  FileHandle.standardError.write(Data("probe: \(error)\n".utf8))
  exit(error.exitStatus)
}
let mailbox = Mailbox<String>(waking: session.waker)
var last = "nothing"
var history: [String] = []
var isDone = false
var step = 0

func overflow(_ depth: Int) -> Int {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { memory in
    memory.initialize(repeating: depth)
    return overflow(memory[depth % 64] + 1) + memory[63]
  }
}

func inThread(_ work: @escaping @Sendable () -> Void) {
  Thread(block: work).start()
}

@MainActor func act(on key: Key) {
  switch key {
  case .character("q"): isDone = true
  case .character("t"): print([1, 2, 3][Int(arguments.count) + 7])
  case .character("w"): inThread { fatalError("the worker has a fault") }
  case .character("d"): DispatchQueue.global().async { fatalError("the queue has a fault") }
  case .character("o"): print(overflow(1))
  case .character("O"): inThread { print(overflow(1)) }
  case .character("D"):
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + 0.01) { print(overflow(1)) }
  case .character("e"): exit(3)
  case .character("a"): abort()
  case .character("m"): session.reportsMouse.toggle()
  case .character("p"): FileHandle.standardError.write(Data("noise on stderr\n".utf8))
  case .character("h"):
    last = "hangs"
    show()
    // Asleep, for the thread sanitizer delivers no signal to a thread that never calls anything.
    while true { usleep(1000) }
  case .control("z"): session.suspend()
  case .character("s"): step += 1
  case .character("b"): inThread { mailbox.post("a worker's message") }
  default: break
  }
}

@MainActor func show() {
  let size = session.display.size
  var canvas = Canvas(size, appearance: session.display.appearance)
  Picture(step: step, isNoise: arguments.contains("noise")).draw(on: &canvas)
  let detail = arguments.contains("still") ? "" : "last: \(last) "
  let line = "ready \(size.rows)x\(size.columns) \(detail)"
  for (column, glyph) in line.unicodeScalars.enumerated() { canvas[0, column] = Cell(glyph, style: .reverse) }
  session.display.show(canvas)
}

show()
while !isDone, session.ending == nil {
  for input in session.inputs(waiting: nil) {
    last = "\(input)"
    history.append(last)
    if case .key(let key) = input, !arguments.contains("deaf") { act(on: key) }
  }
  if let message = mailbox.drain().last {
    last = message
    history.append(message)
  }
  if session.ending == nil { show() }
}
session.close()
if session.ending != .hungUp {
  for input in history { print("input: \(input)") }
  print("TERMINFO: \(ProcessInfo.processInfo.environment["TERMINFO"] ?? "not set")")
  print("ended: \(session.ending.map { "\($0)" } ?? "by key")")
}
exit(session.ending?.exitStatus ?? 0)
