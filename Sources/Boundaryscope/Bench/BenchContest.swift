internal import Networks
internal import Tensors

/// Times jobs in turn with their rival, each within its share of the time there is.
struct BenchContest {
  let subject: BenchSubject
  let torch: TorchProcess?
  let rounds: Int
  /// Seconds for one job.
  let share: Double

  /// Images of a run of the published implementations, which take one at a time.
  private struct Counts {
    var all: Int
    var singly: Int
  }

  func measure(_ job: BenchJob, peak: Double) throws -> BenchReport.Job {
    let counts = try affordable(job)
    let work = try subject.work(job, count: counts.all)
    forgetMemoryHighWaterMark()
    var ours: [Double] = []
    var theirs: [String: [Double]] = [:]
    let begin = ContinuousClock.now
    repeat {
      try Signals.interruption.check()
      ours.append(try seconds(work))
      for name in rivals(job) {
        let few = count(name, counts)
        let taken = try torch!.seconds(name, count: few, radius: subject.radius)
        theirs[name, default: []].append(taken * Double(counts.all) / Double(few))
      }
    } while ours.count < rounds && begin.duration(to: .now).seconds < share
    return result(job, counts.all, ours, theirs, peak: peak)
  }

  /// How many images a round may take; what is made once is made here.
  private func affordable(_ job: BenchJob) throws -> Counts {
    let limit = job.count(cost: subject.network.multiplyAdds, limit: subject.images.count)
    let few = Counts(all: job == .section ? min(limit, 16) : min(limit, 8), singly: 2)
    let probe = try subject.work(job, count: few.all)
    try probe()
    var each = try seconds(probe) / Double(few.all)
    var single = 0.0
    for name in rivals(job) {
      _ = try torch!.seconds(name, count: count(name, few), radius: subject.radius)
      let taken = try torch!.seconds(name, count: count(name, few), radius: subject.radius)
      if name.hasSuffix("published") {
        single = taken / Double(few.singly)
      } else {
        each += taken / Double(few.all)
      }
    }
    let round = 0.7 * share / Double(rounds + 1)
    let singly = single > 0 ? Int(0.4 * round / single) : 0
    let affordable = Int((single > 0 ? 0.6 : 1) * round / max(1e-9, each))
    return Counts(
      all: job.whole(max(few.all, min(limit, affordable))), singly: max(few.singly, min(24, singly, few.all)))
  }

  private func rivals(_ job: BenchJob) -> [String] { torch == nil ? [] : job.torchJobs }

  private func count(_ name: String, _ counts: Counts) -> Int {
    name.hasSuffix("published") ? counts.singly : counts.all
  }

  private func result(
    _ job: BenchJob, _ count: Int, _ ours: [Double], _ theirs: [String: [Double]], peak: Double
  ) -> BenchReport.Job {
    let rate = BenchReport.Rate(count: count, seconds: ours)
    let rates = theirs.mapValues { BenchReport.Rate(count: count, seconds: $0) }
    let gflops = job.passes(classes: subject.network.classCount).map {
      2 * $0 * Double(subject.network.multiplyAdds) * rate.best / 1e9
    }
    return BenchReport.Job(
      count: count, unit: job.unit, rate: rate, gflops: gflops, share: gflops.map { $0 / peak },
      memory: memoryHighWaterMark(), torch: rates, ratio: rates.mapValues { rate.best / $0.best })
  }
}
