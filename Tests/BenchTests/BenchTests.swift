import Foundation
import Laboratory
import Networks
import Tensors
import TestSupport
import Testing

@testable import Bench

/// What is measured, and on what.
@Suite("Benchmarks")
struct BenchmarkTests {
  private func subject(_ network: Network, count: Int) throws -> BenchSubject {
    var generator = SeededGenerator(seed: 2)
    let shape = network.imageShape.batch(of: count)
    let pixels = (0..<shape.count).map { _ in Float(generator.uniform()) }
    return try BenchSubject(network, images: Tensor(shape: shape, elements: pixels), seed: 1)
  }

  @Test("The paper's networks have the parameters and costs of their layers")
  func networks() throws {
    let lenet = try PaperNetwork.lenet.network(seed: 1)
    // 5×5 convolutions of 32² and 16² places, then 4096-384-192-10.
    let dense = 4096 * 384 + 384 * 192 + 192 * 10
    #expect(lenet.multiplyAdds == 1024 * 64 * 75 + 256 * 64 * 1600 + dense)
    #expect(lenet.classCount == 10 && lenet.imageShape.extents == [1, 3, 32, 32])
    #expect(PaperNetwork(named: "VGG16") == .vgg16 && PaperNetwork(named: "resnet-18") == .resnet18)
    #expect(PaperNetwork(named: "resnet") == nil)
  }

  @Test("Equal seeds make equal networks")
  func seeds() throws {
    let image = Tensor(shape: [1, 3, 32, 32], elements: .init(repeating: 0.4, count: 3072))
    let logits = try [1, 1, 2].map { try PaperNetwork.lenet.network(seed: $0).logits(image).elements }
    #expect(logits[0] == logits[1] && logits[0] != logits[2])
  }

  @Test("Rates are of the shortest and of the median time")
  func rates() {
    let rate = BenchReport.Rate(count: 12, seconds: [4, 1, 3, 2])
    #expect(rate.best == 12 && rate.median == 12 / 2.5 && rate.worst == 3 && rate.spread == 0.75)
  }

  @Test("Counts go in eights, for a section in squares")
  func counts() {
    #expect(BenchJob.forward.whole(31) == 24 && BenchJob.forward.whole(5) == 5)
    #expect(BenchJob.section.whole(31) == 25)
    #expect(BenchJob.gradient.passes(classes: 10) == 2 && BenchJob.jacobian.passes(classes: 7) == 8)
    #expect(BenchJob.deepfool.passes(classes: 10) == nil)
  }

  @Test("A contest without a rival measures every job", arguments: BenchJob.allCases)
  func contest(job: BenchJob) throws {
    let subject = try subject(SmallNetworks.smooth(seed: 3), count: 8)
    let contest = BenchContest(
      subject, against: nil, rounds: 2, share: 1, count: 8, interruption: Interruption())
    let measured = try contest.measure(job, peak: 100)
    #expect(measured.count == (job == .section ? 4 : 8) && measured.rate.best >= measured.rate.median)
    #expect(measured.torch.isEmpty && measured.ratio.isEmpty)
  }

  @Test("Rounds that differ by more than a fifth are said to")
  func doubt() {
    func described(_ seconds: [Double]) -> String {
      BenchReport.Job(
        count: 12, unit: "images", rate: .init(count: 12, seconds: seconds), gflops: nil, share: nil,
        memory: 0
      ).described(as: .forward)
    }
    #expect(described([1, 1.3, 1.1]).contains("the rounds differ by 23"))
    #expect(!described([1, 1.2, 1.1]).contains("differ"))
  }

  @Test("An interruption ends a contest")
  func interruption() throws {
    let interruption = Interruption()
    interruption.interrupt()
    let contest = BenchContest(
      try subject(SmallNetworks.smooth(seed: 3), count: 8), against: nil, rounds: 2, share: 1, count: 8,
      interruption: interruption)
    #expect(throws: Interrupted.self) { try contest.measure(.forward, peak: 100) }
  }
}

/// A rival process, whatever becomes of it.
@Suite("Rival")
struct RivalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rival(_ script: String) throws -> TorchProcess {
    let path = URL(filePath: "\(folder.path)/rival.sh")
    try Data(script.utf8).write(to: path)
    let network = try PaperNetwork.lenet.network(seed: 1)
    let images = Tensor(shape: [2, 3, 32, 32], elements: .init(repeating: 0.5, count: 6144))
    return try TorchProcess(
      python: "sh", script: path, network: network, images: images, batch: 2, interruption: Interruption())
  }

  private static let greeting = #"echo '{"torch": "2.0", "python": "3.11"}'"#

  @Test("It is asked line by line")
  func answers() throws {
    let rival = try rival(
      "\(Self.greeting)\nwhile read job count radius; do echo \"{\\\"seconds\\\": $count}\"; done\n")
    defer { rival.end() }
    #expect(rival.version == "PyTorch 2.0, Python 3.11")
    #expect(try rival.seconds("forward", count: 7, radius: 1) == 7)
    #expect(try rival.seconds("gradient", count: 9, radius: 1) == 9)
  }

  @Test("One that ends while it is asked, or before, is told of in a sentence")
  func death() throws {
    let dying = try rival("\(Self.greeting)\nread job\n")
    let first = #expect(throws: Refusal.self) { try dying.seconds("forward", count: 1, radius: 1) }
    let second = #expect(throws: Refusal.self) { try dying.seconds("gradient", count: 1, radius: 1) }
    for refusal in [first, second] {
      #expect(refusal?.status == .unavailable && refusal?.description.hasPrefix("PyTorch stopped") == true)
    }
    dying.end()
    #expect(throws: Refusal.self) { try rival("exit 1\n") }
  }

  @Test("A network is written for it layer by layer; a layer that it does not know is named")
  func network() throws {
    let images = Tensor(shape: [2, 3, 32, 32], elements: .init(repeating: 0.5, count: 6144))
    let url = URL(filePath: folder.path)
    try TorchNetwork(PaperNetwork.lenet.network(seed: 1)).write(to: url, images: images, batch: 2)
    let json = try Data(contentsOf: url.appending(path: "network.json"))
    let plan = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    let layers = try #require(plan["layers"] as? [[String: Any]])
    let kinds = layers.compactMap { $0["kind"] as? String }
    #expect(kinds.first == "affine" && kinds.filter { $0 == "convolution" }.count == 2)
    #expect(kinds.filter { $0 == "dense" }.count == 3 && kinds.last == "dense")
    let numbers = try Data(contentsOf: url.appending(path: "numbers.f32")).count / 4
    let weights = 64 * 75 + 64 + 64 * 1600 + 64 + 4096 * 384 + 384 + 384 * 192 + 192 + 192 * 10 + 10
    #expect(numbers == weights + 6)
    let refusal = #expect(throws: Refusal.self) { try TorchNetwork(SmallNetworks.smooth(seed: 3)) }
    #expect(refusal?.description.contains("does not know") == true)
  }
}
