internal import Foundation
internal import Geometry
package import Networks
package import Tensors

/// How rates and memory grow: with threads, images, directions and the images' size, and under a bound on memory.
package struct BenchScaling {
  /// Seconds for one axis.
  let share: Double
  let seed: UInt64
  let interruption: Interruption

  /// `share` are the seconds for one axis.
  package init(share: Double, seed: UInt64, interruption: Interruption) {
    (self.share, self.seed, self.interruption) = (share, seed, interruption)
  }

  package func report(_ network: Network, _ name: String, _ images: Tensor) throws -> ScalingReport {
    let threads = Threads.count
    defer { Threads.use(threads) }
    // First, while nothing is resident that another job has left.
    let bounds = try underBounds()
    let subject = try BenchSubject(network, images: images, seed: seed)
    return ScalingReport(
      model: name, machine: processorName(), threads: threads,
      axes: [
        try overThreads(subject, upTo: threads), try overImages(subject), try overDirections(subject),
        try overExtents(),
      ], bounds: bounds)
  }

  /// The rows of one axis, as many as there is time for, at least one.
  private func rows(_ values: [Int], _ row: (Int) throws -> ScalingReport.Row) rethrows -> [ScalingReport.Row]
  {
    var rows: [ScalingReport.Row] = []
    let begin = ContinuousClock.now
    for value in values where begin.duration(to: .now).seconds < share || rows.isEmpty {
      rows.append(try row(value))
    }
    return rows
  }

  private func row(_ value: Int, units: Int, _ work: () throws -> Void) throws -> ScalingReport.Row {
    try interruption.check()
    try work()
    forgetMemoryHighWaterMark()
    var best = try seconds(work)
    for _ in 0..<2 where best < share / 20 { best = min(best, try seconds(work)) }
    return .init(value: value, rate: Double(units) / best, memory: memoryHighWaterMark())
  }

  /// So many images as take about a second on one thread at 50 GFLOP/s.
  private func count(_ subject: BenchSubject) -> Int {
    max(16, min(subject.images.count, Int(2.5e10 / Double(max(1, subject.network.multiplyAdds)))))
  }

  private func overThreads(_ subject: BenchSubject, upTo most: Int) throws -> ScalingReport.Axis {
    let count = min(count(subject), subject.images.count)
    let values = Array(Set([1, 2, 4, 8, 16, 32, 64, 128].filter { $0 < most } + [most])).sorted()
    let work = try subject.work(.gradient, count: count)
    defer { Threads.use(most) }
    let rows = try rows(values) { threads in
      Threads.use(threads)
      return try row(threads, units: count, work)
    }
    return .init(name: "threads", unit: "gradients/s", of: "\(count) images", rows: rows)
  }

  private func overImages(_ subject: BenchSubject) throws -> ScalingReport.Axis {
    let most = min(subject.images.count, 4 * count(subject))
    let rows = try rows([1, 4, 16, 64, 256, 1024, 4096].filter { $0 <= most }) { n in
      try row(n, units: n, try subject.work(.gradient, count: n))
    }
    return .init(name: "images n", unit: "gradients/s", of: "n images", rows: rows)
  }

  /// Lanczos steps of the average Hessian until m eigenvectors are sound: 4·m products.
  private func overDirections(_ subject: BenchSubject) throws -> ScalingReport.Axis {
    let count = min(8, subject.images.count)
    let margin = Margin.region(own: Array(subject.labels[0..<count]))
    let average = try AverageHessian(
      subject.network, at: subject.images[0..<count], margin: margin, product: .secant(step: 1))
    let rows = try rows([1, 2, 4, 8, 16, 32]) { m in
      try row(m, units: 1) {
        let vectors = (0..<4 * m).map { Array(subject.directions.entryElements($0 % count)) }
        for v in vectors { _ = try average.product(v) }
      }
    }
    return .init(
      name: "directions m", unit: "subspaces/s", of: "4·m products over \(count) images", rows: rows)
  }

  private func overExtents() throws -> ScalingReport.Axis {
    let rows = try rows([32, 64, 128, 224]) { extent in
      let subject = try deep(extent, count: 4)
      return try row(extent, units: 4, try subject.work(.gradient, count: 4))
    }
    return .init(name: "extent", unit: "gradients/s", of: "4 images of the ResNet-18", rows: rows)
  }

  private func deep(_ extent: Int, count: Int) throws -> BenchSubject {
    let network = try PaperNetwork.resnet18.network(seed: seed, extent: extent)
    var generator = SeededGenerator(seed: seed, stream: 3)
    let shape = network.imageShape.batch(of: count)
    let noise = (0..<shape.count).map { _ in Float(generator.uniform()) }
    return try BenchSubject(network, images: Tensor(shape: shape, elements: noise), seed: seed)
  }

  /// What the gradients of larger images take under several bounds, beyond what was resident before.
  private func underBounds() throws -> [ScalingReport.Row] {
    let (bound, subject) = (Memory.bound, try deep(64, count: 16))
    defer { Memory.use(bound) }
    let work = try subject.work(.gradient, count: 16)
    Memory.use(1)
    try work()  // weights are laid out for the kernels once
    forgetMemoryHighWaterMark()
    let before = memoryHighWaterMark()
    return try rows([32 << 20, 128 << 20, 1 << 30]) { bytes in
      Memory.use(bytes)
      let row = try row(bytes, units: 16, work)
      return .init(value: bytes, rate: row.rate, memory: row.memory - before)
    }
  }
}
