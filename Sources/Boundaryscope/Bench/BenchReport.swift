internal import Foundation

/// What `bench` measured.
struct BenchReport: Encodable {
  /// Units a second.
  struct Rate: Encodable {
    let best: Double
    let median: Double

    init(count: Int, seconds: [Double]) {
      let sorted = seconds.sorted()
      best = Double(count) / sorted[0]
      median = Double(count) / sorted[sorted.count / 2]
    }
  }

  struct Job: Encodable {
    let count: Int
    let unit: String
    let rate: Rate
    let gflops: Double?
    let share: Double?
    /// Largest resident memory of this process during the job, in bytes.
    let memory: Int
    var torch: [String: Rate] = [:]
    var ratio: [String: Double] = [:]
  }

  struct Peak: Encodable {
    /// Of a large product of matrices on every thread, with the best kernels there are.
    let gflops: Double
    /// Of the job that comes nearest.
    let share: Double
  }

  let model: String
  let multiplyAdds: Int
  let machine: String
  let threads: Int
  let kernels: String
  let versions: [String]
  /// Best rate of each job, units a second.
  let rates: [String: Double]
  let peak: Peak
  /// Best rate of PyTorch in each job; null where it was not asked.
  let torch: [String: Double]?
  /// Best against best.
  let ratio: [String: Double]?
  let jobs: [String: Job]
  /// Largest resident memory of this process during the jobs, in bytes.
  let memory: Int
}

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
