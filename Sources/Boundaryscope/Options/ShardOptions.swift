internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Synchronization

/// Which part of the images a machine looks at.
struct ShardOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Process only one part of the images, such as 2/16, and write it to --output; merge joins the parts. slurm: the part \
      that SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT name.
      """, valueName: "i/n"))
  var shard: ShardChoice?
}

/// A command that finds parts; `merge` runs no other on a part's word.
protocol ShardedCommand: ParsableCommand {
  var shards: ShardOptions { get }
}

/// I/N, or what a job array says.
enum ShardChoice: ExpressibleByArgument {
  case part(Shard)
  case slurm

  init?(argument: String) {
    if argument == "slurm" {
      self = .slurm
      return
    }
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], let shard = Shard(number, of: count)
    else { return nil }
    self = .part(shard)
  }

  /// - Throws: a ``Refusal`` where no job array has started this process.
  func chosen(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Shard {
    switch self {
    case .part(let shard): return shard
    case .slurm:
      func number(_ name: String) -> Int? { environment["SLURM_ARRAY_TASK_" + name].flatMap { Int($0) } }
      // Arrays begin with any number: --array=0-15 and --array=1-16 have the same parts.
      guard let id = number("ID"), let count = number("COUNT"),
        let shard = Shard(id - (number("MIN") ?? 1) + 1, of: count)
      else {
        throw Refusal(
          .usage,
          "--shard slurm needs SLURM_ARRAY_TASK_ID, _COUNT and _MIN of a job array without gaps; --shard 2/16 names a part directly"
        )
      }
      return shard
    }
  }
}

/// The parts that `merge` joins; the command that found them runs again and takes them for its outcome.
enum Merging {
  private static let joined = Mutex<PartFiles?>(nil)

  static var parts: PartFiles? { joined.withLock { $0 } }

  static func begin(_ parts: PartFiles) { joined.withLock { $0 = parts } }
}

extension RunOptions {
  /// The experiment's outcome, or that of one part, which is written and ends the command; while parts are merged, theirs.
  func outcome<E: ShardedExperiment>(
    of experiment: E, on subject: Subject, _ shards: ShardOptions, _ output: OutputOptions
  ) throws -> E.Outcome {
    boundEngine()
    if let parts = Merging.parts { return try parts.joined(experiment, on: subject) }
    guard let shard = try shards.shard?.chosen() else {
      return try outcome(of: experiment, on: subject, quiet: output.quiet)
    }
    guard let path = output.output else {
      throw ValidationError("--shard needs --output PART, the file for the part")
    }
    let images = E.extent(of: subject)
    let range = shard.range(of: images)
    guard !range.isEmpty else {
      throw Refusal(
        .usage,
        "part \(shard.number) of \(shard.count) of \(images) images is empty: take at most \(images) parts")
    }
    let part = E.part(of: subject, range)
    let found = try outcome(of: experiment, on: part, quiet: output.quiet)
    let bytes = try PartFile.bytes(
      found, of: experiment, shard: shard, part: part, whole: subject, version: Version.number,
      command: Self.command)
    try OutputFile.write(bytes, to: path)
    print(
      "part \(shard.number) of \(shard.count): images \(range.lowerBound)..\(range.upperBound) of \(images), \(path)"
    )
    throw ExitCode.success
  }

  /// The words of this command that say what is found: neither which part, nor where it goes, nor how fast.
  private static var command: [String] {
    let valued: Set = ["--shard", "--output", "--threads", "--memory"]
    let flags: Set = ["--quiet", "--json", "--no-cache"]
    var (kept, rest) = ([String](), CommandLine.arguments.dropFirst()[...])
    while let word = rest.popFirst() {
      if valued.contains(word) {
        rest = rest.dropFirst()
      } else if !flags.contains(word), !valued.contains(where: { word.hasPrefix($0 + "=") }) {
        kept.append(word)
      }
    }
    return kept
  }
}
