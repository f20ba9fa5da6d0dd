internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Jobs
internal import Laboratory
internal import Tensors

/// How an analysis runs; none of it changes a number except the seed.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("seed"), parsing: .unconditional,
    help: "A whole number, 1 unless said; equal seeds give equal numbers.")
  var chosenSeed: UInt64?

  @Option(
    name: .long, parsing: .unconditional, help: "Threads of the engine; all cores by default.",
    transform: WholeNumber.threads)
  var threads: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Memory for the values of passes through the network, such as 512M; 1G by default.",
      valueName: "size"))
  var memory: MemorySize?

  @Flag(name: .customLong("no-cache"), help: "Compute anew, and keep nothing.")
  var noCache = false

  var seed: UInt64 { chosenSeed ?? 1 }

  /// Tells the engine how many threads and how much memory it may use: the program does, libraries never do.
  func boundEngine() {
    if let threads { Threads.use(threads) }
    if let memory { Memory.use(memory.bytes) }
  }

  /// Where outcomes are kept, nil where nothing is; the engine keeps within its bounds from now on.
  func store() -> ResultStore? {
    boundEngine()
    guard !noCache, let folder = ResultStore.standardFolder(ProcessInfo.processInfo.environment) else {
      return nil
    }
    return ResultStore(folder: folder, complain: complain)
  }

  /// What finds outcomes, in the store if they are there, with its progress on standard error.
  func finder(quiet: Bool) -> OutcomeFinder {
    let line = ProgressLine(quiet: quiet)
    return OutcomeFinder(store: store(), interruption: Signals.interruption) { progress in
      guard let progress else { return line.finish() }
      line.show(progress)
    }
  }

  /// The experiment's outcome.
  func outcome<E: Experiment>(of experiment: E, on subject: Subject, quiet: Bool) throws -> E.Outcome {
    try finder(quiet: quiet)(experiment, on: subject)
  }
}

/// A number of bytes with a unit, such as `512M`.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = argument.last.flatMap { units[Character($0.uppercased())] }
    guard let number = Int(shift == nil ? argument : String(argument.dropLast())), number > 0,
      number <= Int.max >> ((shift ?? 0) + 1)
    else { return nil }
    bytes = number << (shift ?? 0)
  }
}
