internal import Drawing
internal import Experiments
package import Networks
internal import Tensors

/// What `bench` measured.
package struct BenchReport: Encodable {
  /// Units a second.
  package struct Rate: Encodable {
    let best: Double
    let median: Double
    let worst: Double

    init(count: Int, seconds: [Double]) {
      let taken = Statistics(seconds)
      best = Double(count) / taken.sorted[0]
      median = Double(count) / taken.median
      worst = Double(count) / taken.sorted.last!
    }

    /// By what share of the best rate the rounds differ.
    var spread: Double { 1 - worst / best }
    /// Rounds that differ by more than this were not measured on a quiet machine.
    static let quiet = 0.2
  }

  package struct Job: Encodable {
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

  package struct Peak: Encodable {
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

extension BenchReport {
  /// `peak` are the GFLOP/s of a large product, `program` is a name with its version.
  package init(
    of network: Network, named name: String, _ measured: [(BenchJob, Job)], against torch: TorchProcess?,
    peak: Double, program: String
  ) {
    let jobs = Dictionary(uniqueKeysWithValues: measured.map { ($0.rawValue, $1) })
    let rivals = measured.flatMap { $1.torch.map { ($0.key, $0.value.best) } }
    let ratios = measured.flatMap { $1.ratio.map { ($0.key, $0.value) } }
    self.init(
      model: name, multiplyAdds: network.multiplyAdds, machine: processorName(), threads: Threads.count,
      kernels: "\(Kernels.best.name), OpenBLAS \(kernelFamily())"
        + (replacedKernelFamily().map { " in place of its own choice, \($0)" } ?? ""),
      versions: [program] + (torch.map { [$0.version] } ?? []), rates: jobs.mapValues(\.rate.best),
      peak: Peak(gflops: peak, share: measured.compactMap { $1.gflops }.max().map { $0 / peak } ?? 0),
      torch: torch == nil ? nil : Dictionary(uniqueKeysWithValues: rivals),
      ratio: torch == nil ? nil : Dictionary(uniqueKeysWithValues: ratios), jobs: jobs,
      memory: measured.map(\.1.memory).max() ?? 0)
  }

  /// What was measured on, in names and words.
  package var rows: [(String, String)] {
    [
      ("model", "\(model), \(Number.grouped(multiplyAdds)) multiply-adds per image"),
      ("machine", "\(machine), \(threads) threads, \(kernels)"),
      ("versions", versions.joined(separator: "; ")),
      ("peak", "\(Number.figure(peak.gflops)) GFLOP/s of a large product on every thread"),
      ("memory", "\(Number.grouped(memory >> 20)) MiB at most"),
    ]
  }
}

extension BenchReport.Job {
  /// Its rates in words, ours and the rivals'.
  package func described(as job: BenchJob) -> String {
    let ratios = torch.keys.sorted().map {
      "\($0) \(Number.figure(torch[$0]!.best)) (median \(Number.figure(torch[$0]!.median))): ×\(Number.figure(ratio[$0]!, 3))"
    }
    let share = share.map { ", \(Number.rate($0)) of the peak" } ?? ""
    let doubt =
      rate.spread > BenchReport.Rate.quiet
      ? "\n    the rounds differ by \(Number.rate(rate.spread)): measure again on a quiet machine"
      : ""
    return
      "\(job.rawValue): \(Number.figure(rate.best)) \(unit)/s (median \(Number.figure(rate.median)), \(count) per run)\(share), "
      + "\(Number.grouped(memory >> 20)) MiB" + doubt + ratios.map { "\n    \($0)" }.joined()
  }
}
