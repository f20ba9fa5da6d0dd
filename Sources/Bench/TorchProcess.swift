internal import CanonicalJSON
package import Foundation
internal import Glibc
internal import Laboratory
package import Networks
package import Tensors

/// A Python with PyTorch that runs the same jobs on the same network when asked, line by line.
package final class TorchProcess {
  private struct Versions: Decodable {
    let torch: String
    let python: String
  }

  private struct Answer: Decodable { let seconds: Double }

  /// Of PyTorch and Python.
  private(set) var version = ""
  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())
  private let folder: URL
  private let interruption: Interruption

  /// Starts `python` with the script in a folder of its own; a refusal says what is missing.
  package init(
    python: String, script: URL, network: Network, images: Tensor, batch: Int, interruption: Interruption
  ) throws {
    self.interruption = interruption
    folder = FileManager.default.temporaryDirectory.appending(
      path: "boundaryscope-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do {
      try TorchNetwork(network).write(to: folder, images: images, batch: batch)
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [python, script.path, folder.path, "\(Threads.count)"]
      process.standardInput = input
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      guard let line = readLine(), let versions = try? CanonicalJSON.decoder.decode(Versions.self, from: line)
      else {
        throw Refusal(
          .unavailable,
          "'\(python)' has no PyTorch: name a Python that has it with --python PATH or BOUNDARYSCOPE_PYTHON")
      }
      version = "PyTorch \(versions.torch), Python \(versions.python)"
    } catch {
      end()
      throw error
    }
  }

  /// Seconds that a job takes on the first `count` images.
  func seconds(_ job: String, count: Int, radius: Double) throws -> Double {
    let isSent = send("\(job) \(count) \(radius)\n")
    if isSent { try waitForAnswer() }
    guard isSent, let line = readLine(),
      let answer = try? CanonicalJSON.decoder.decode(Answer.self, from: line)
    else {
      throw Refusal(.unavailable, "PyTorch stopped during the job '\(job)': run bench without --against")
    }
    return answer.seconds
  }

  /// Returns once the process has come to rest: its threads look out for work for some time after a job, on cores that
  /// would be missing to whoever is timed next.
  package func rest() {
    let limit = ContinuousClock.now + .seconds(1)
    var (before, after) = (-1, processorTime)
    while before != after && ContinuousClock.now < limit {
      usleep(30_000)
      (before, after) = (after, processorTime)
    }
  }

  /// Of all its threads, in the system's ticks of some 10 ms; 0 where the system does not tell.
  private var processorTime: Int {
    let path = "/proc/\(process.processIdentifier)/stat"
    let fields = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: ")").last?.split(
      separator: " ")
    guard let fields, fields.count > 12 else { return 0 }
    return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
  }

  /// Whether the process could be told; to write to one that has ended would end us too, by SIGPIPE.
  private func send(_ words: String) -> Bool {
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    return (try? input.fileHandleForWriting.write(contentsOf: Data(words.utf8))) != nil
  }

  /// Returns once there is something to read, or the process has ended; throws at an interruption.
  private func waitForAnswer() throws {
    var ready = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
    repeat { try interruption.check() } while poll(&ready, 1, 100) == 0
  }

  /// Ends the process and removes its folder.
  package func end() {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
    try? FileManager.default.removeItem(at: folder)
  }

  private func readLine() -> Data? {
    var line = Data()
    while let byte = try? output.fileHandleForReading.read(upToCount: 1), let first = byte.first {
      if first == UInt8(ascii: "\n") { return line }
      line.append(first)
    }
    return nil
  }
}
