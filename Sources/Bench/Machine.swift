internal import Foundation

/// The processor as the system names it.
func processorName() -> String {
  let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
  return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    ?? "unknown processor"
}

/// The largest resident memory of this process so far, or since ``forgetMemoryHighWaterMark()``, in bytes.
func memoryHighWaterMark() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
}

/// Begins a new high-water mark at the memory that is resident now, where the system can.
func forgetMemoryHighWaterMark() {
  try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
}

extension Duration {
  var seconds: Double { Double(components.seconds) + 1e-18 * Double(components.attoseconds) }
}

/// Seconds that some work takes.
func seconds(_ work: () throws -> Void) rethrows -> Double { try ContinuousClock().measure(work).seconds }
