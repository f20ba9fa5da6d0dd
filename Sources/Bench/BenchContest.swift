internal import Networks
package import Tensors

/// Times jobs in turn with their rival, each within its share of the time there is.
package struct BenchContest {
  let subject: BenchSubject
  let torch: TorchProcess?
  let rounds: Int
  /// Seconds for one job.
  let share: Double
  let interruption: Interruption
  /// Images of every run; as many as the time allows where it is nil.
  var count: Int?

  /// `share` are the seconds for one job; `count` is the images of every run, as many as the time allows where it is
  /// nil.
  package init(
    _ subject: BenchSubject, against torch: TorchProcess?, rounds: Int, share: Double, count: Int?,
    interruption: Interruption
  ) {
    (self.subject, self.torch, self.rounds) = (subject, torch, rounds)
    (self.share, self.count, self.interruption) = (share, count, interruption)
  }

  /// Images of a run, and of one of the published implementations, which take one at a time: as many where there is time.
  private struct Counts {
    var all: Int
    var singly: Int
  }

  package func measure(_ job: BenchJob, peak: Double) throws -> BenchReport.Job {
    let begin = ContinuousClock.now
    let given = count.map { Counts(all: job == .section ? job.whole($0) : $0, singly: $0) }
    let counts = try given ?? affordable(job)
    let work = try subject.work(job, count: counts.all)
    // What was affordable takes no long time; so many as are given may.
    for name in rivals(job) where begin.duration(to: .now).seconds < 0.5 * share {
      let few = count(name, counts)
      _ = try torch!.seconds(name, count: given == nil ? few : min(16, few), radius: subject.radius)
    }
    forgetMemoryHighWaterMark()
    var ours: [Double] = []
    var theirs: [String: [Double]] = [:]
    var round: Duration
    repeat {
      try interruption.check()
      let start = ContinuousClock.now
      torch?.rest()
      ours.append(try seconds(work))
      for name in rivals(job) {
        let few = count(name, counts)
        let taken = try torch!.seconds(name, count: few, radius: subject.radius)
        theirs[name, default: []].append(taken * Double(counts.all) / Double(few))
      }
      round = start.duration(to: .now)
    } while ours.count < rounds && (begin.duration(to: .now) + round).seconds < share
    return result(job, counts.all, ours, theirs, peak: peak)
  }

  /// How many images a round may take, found with ever more of them: few are not worked on at the rate of many.
  private func affordable(_ job: BenchJob) throws -> Counts {
    let limit = job.count(cost: subject.network.multiplyAdds, limit: subject.images.count)
    let round = 0.7 * share / Double(rounds + 3)
    var counts = Counts(all: job.whole(min(limit, first(job))), singly: min(limit, 2))
    while true {
      let took = try probe(job, counts)
      if took.single > 0 { counts.singly = max(2, min(limit, Int(0.5 * round / took.single))) }
      let affordable = job.whole(max(counts.all, min(limit, Int(0.5 * round / took.each))))
      if affordable < 2 * counts.all {
        return Counts(all: counts.all, singly: min(counts.all, counts.singly))
      }
      counts.all = job.whole(min(affordable, 8 * counts.all))
    }
  }

  /// So few images, up to 16, that they should take no more than a twentieth of the time at 50 GFLOP/s.
  private func first(_ job: BenchJob) -> Int {
    let passes = job.passes(classes: subject.network.classCount) ?? 60
    let affordable = 0.05 * share * 2.5e10 / (passes * Double(max(1, subject.network.multiplyAdds)))
    return Int(max(4, min(16, affordable)))
  }

  /// Seconds an image of a round, ours and the rivals' together, and of one alone.
  private func probe(_ job: BenchJob, _ counts: Counts) throws -> (each: Double, single: Double) {
    let work = try subject.work(job, count: counts.all)
    torch?.rest()
    var each = try secondsOnceWarm { try seconds(work) } / Double(counts.all)
    var single = 0.0
    for name in rivals(job) {
      let few = count(name, counts)
      let taken = try secondsOnceWarm { try torch!.seconds(name, count: few, radius: subject.radius) }
      if name.hasSuffix("published") { single = taken / Double(few) } else { each += taken / Double(few) }
    }
    return (max(each, 1e-9), single)
  }

  /// The second time of two, where the first was short: it has memory to take and threads to wake.
  private func secondsOnceWarm(_ run: () throws -> Double) throws -> Double {
    let first = try run()
    return first < 0.05 * share ? min(first, try run()) : first
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
