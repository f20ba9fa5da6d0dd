internal import ArgumentParser
internal import Bench
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks
internal import Tensors

/// How fast every kind of work runs here, beside PyTorch and the processor's peak.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast each kind of work runs here, beside PyTorch and the processor's peak.",
    discussion: """
      Without a model, it takes the bundled LeNet. The names lenet, nin, vgg-16 and resnet-18 stand for the paper's
      architectures with seeded random weights. Images are seeded noise unless --images names some. PyTorch runs the
      same weights and images with as many threads, in turn with boundaryscope.
      """)

  enum Rival: String, ExpressibleByArgument { case torch }

  @Argument(help: "An ONNX file, a bundled model, or lenet, nin, vgg-16, resnet-18.")
  var model = "lenet-cifar10"

  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, help: "What to compare with: torch.")
  var against: Rival?

  @Option(name: .long, help: ArgumentHelp("A Python interpreter with PyTorch.", valueName: "path"))
  var python: String?

  @Option(name: .long, help: "Which jobs, separated by commas; all by default.")
  var jobs: String?

  @Option(
    name: .long, help: "How many times at most each job runs, in turn with its rival.",
    transform: WholeNumber.rounds)
  var rounds = 5

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Least time for all jobs, approximately; more time allows more images per run and steadier figures.",
      valueName: "number"))
  var seconds = 50.0

  @Option(
    name: .long,
    help: "Images per run, or points of a section; by default as many as the time allows.",
    transform: WholeNumber.images)
  var count: Int?

  @Flag(
    name: .long,
    help: "Show instead how rates and memory scale with threads, images, image size and directions.")
  var scaling = false

  @Option(name: .long, help: "Images to work on, such as a CIFAR binary file.", completion: .file())
  var images: String?

  mutating func validate() throws {
    if !(seconds >= 1 && seconds <= 86_400) {
      throw ValidationError("--seconds \(seconds): expected a number between 1 and 86400")
    }
    if scaling && against != nil {
      throw ValidationError("--scaling measures this program alone: leave out --against")
    }
    if let count {
      if !(4...Self.mostUnits).contains(count) {
        throw ValidationError("--count \(count): expected a number between 4 and \(Self.mostUnits)")
      }
      if scaling { throw ValidationError("--scaling chooses its own counts: leave out --count") }
    }
    for name in chosen where BenchJob(rawValue: name) == nil {
      throw ValidationError(
        "--jobs \(name): expected one of \(BenchJob.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }

  private static let mostUnits = 100_000
  /// Elements of images that are seeded noise: half a gigabyte.
  private static let mostNoise = 1 << 27

  private var chosen: [String] {
    jobs?.split(separator: ",").map(String.init) ?? BenchJob.allCases.map(\.rawValue)
  }

  private var jobsWanted: [BenchJob] { chosen.compactMap(BenchJob.init(rawValue:)) }

  func run() throws {
    let begin = ContinuousClock.now
    try Signals.interruption.check()
    runs.boundEngine()
    let (network, name, pictures) = try subject()
    guard pictures.count > 1 else {
      throw Refusal(.badData, "--images \(images ?? ""): one image; bench needs two or more")
    }
    if let count, count > pictures.count, jobsWanted.contains(where: { $0 != .section }) {
      throw Refusal(
        .badData, "--images \(images ?? ""): \(pictures.count) images, fewer than --count \(count)")
    }
    if scaling { return try answerScaling(network, name, pictures) }
    let jobs = jobsWanted
    let most = min(pictures.count, imagesNeeded(network))
    let subject = try BenchSubject(network, images: pictures[0..<most], seed: runs.seed)
    // Before PyTorch is there to take a core.
    var peaks = [measurePeak()]
    let rival = try against.map { _ in try torch(subject) }
    defer { rival?.end() }
    var measured: [(BenchJob, BenchReport.Job)] = []
    // Line by line as they come, or with the rest where nothing is wanted before the answer.
    let showsEach = !output.quiet && !output.json
    for (i, job) in jobs.enumerated() {
      let left = max(1, seconds - begin.duration(to: .now) / .seconds(1))
      let contest = BenchContest(
        subject, against: rival, rounds: rounds, share: left / Double(jobs.count - i), count: count,
        interruption: Signals.interruption)
      measured.append((job, try contest.measure(job, peak: peaks.max()!)))
      rival?.rest()
      peaks.append(measurePeak())
      if showsEach { print(measured.last!.1.described(as: job)) }
    }
    let found = BenchReport(
      of: network, named: name, measured, against: rival, peak: peaks.max()!,
      program: "boundaryscope \(Boundaryscope.configuration.version)")
    try output.answer(found) {
      if !showsEach { for (job, found) in measured { print(found.described(as: job)) } }
      printRows(found.rows)
    }
  }

  private func answerScaling(_ network: Network, _ name: String, _ pictures: Tensor) throws {
    let scaling = BenchScaling(
      share: seconds / 4, seed: runs.seed, interruption: Signals.interruption)
    let found = try scaling.report(network, name, pictures)
    try output.answer(found) { found.describe() }
  }

  /// As many images as the job that takes most can work on.
  private func imagesNeeded(_ network: Network) -> Int {
    if let count, jobsWanted.contains(where: { $0 != .section }) { return count }
    let limit = min(4096, max(64, 12_000_000 / network.imageShape.count))
    let jobs = scaling ? [.forward] : jobsWanted
    return max(
      2, jobs.filter { $0 != .section }.map { $0.count(cost: network.multiplyAdds, limit: limit) }.max() ?? 2)
  }

  private func subject() throws -> (Network, String, Tensor) {
    let network: Network
    let name: String
    if let paper = PaperNetwork(named: model) {
      network = try paper.network(seed: runs.seed)
      name = "\(paper.rawValue), random weights"
      if let images {
        let fitting = Fitting(resize: nil, crop: nil, shape: network.imageShape.entry)
        let set = try openDataSet(images, fitting: fitting)
        return (network, name, try set.images(0..<set.count))
      }
    } else {
      let open = try OpenModel(
        path: try ModelOptions.path(of: model, assets), options: try preprocessing.profile())
      (network, name) = (open.classifier.network, open.classifier.name)
      if let images { return (network, name, try open.images(images, nil).images) }
    }
    let (needed, most) = (imagesNeeded(network), Self.mostNoise / network.imageShape.count)
    if count != nil && needed > most {
      throw Refusal(
        .usage,
        "--count \(needed): seeded noise makes at most \(most) images of \(network.imageShape.entry); "
          + "name more with --images")
    }
    var generator = SeededGenerator(seed: runs.seed, stream: 3)
    let shape = network.imageShape.batch(of: needed)
    let noise = (0..<shape.count).map { _ in Float(generator.uniform()) }
    return (network, name, Tensor(shape: shape, elements: noise))
  }

  private func torch(_ subject: BenchSubject) throws -> TorchProcess {
    let script = try assets.find().folder.appending(path: "bench/torch_rates.py")
    let named = python ?? ProcessInfo.processInfo.environment["BOUNDARYSCOPE_PYTHON"] ?? "python3"
    let batch = subject.network.multiplyAdds < 100_000_000 ? 256 : 64
    return try TorchProcess(
      python: named, script: script, network: subject.network, images: subject.images, batch: batch,
      interruption: Signals.interruption)
  }
}
