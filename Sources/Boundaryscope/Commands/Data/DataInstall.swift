internal import ArgumentParser
internal import Downloads
internal import Drawing
internal import Images
internal import Jobs
internal import Laboratory
internal import Tensors

struct DataInstall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Fetch a set from its publisher, check it and unpack it.",
    discussion: """
      If the connection breaks or you interrupt, what has arrived stays, and the same command goes on from there. \
      Files are checked by their SHA-256. The set goes to boundaryscope/sets in the XDG data directory.
      """)

  @Argument(help: "cifar10, cifar100, mnist or fashion-mnist.")
  var name: String

  @Option(
    name: .long,
    help: ArgumentHelp("A copy on this machine, packed or unpacked.", valueName: "file-or-folder"),
    completion: .file())
  var from: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A folder on another server with the published files.", valueName: "url"))
  var mirror: String?

  @OptionGroup(title: "How it answers") var output: OutputOptions

  struct Outcome: Encodable {
    var name: String
    var path: String
    var train: Int
    var test: Int
  }

  func validate() throws {
    if from != nil, mirror != nil { throw ValidationError("--from and --mirror exclude each other") }
  }

  func run() throws {
    let set = try publishedSet(named: name)
    guard let folder = DataFolder.standard else { throw DownloadError.noDataFolder }
    let progress = ProgressLine(quiet: output.quiet)
    let clock = RunningClock()
    defer { progress.finish() }
    do {
      try Installation(of: set, into: folder, from: from, mirror: mirror).run(Signals.interruption) {
        progress.show(clock.timed(Progress(completed: $1, total: $2, phase: $0)))
      }
    } catch is Interrupted {
      throw Refusal(
        .interrupted, "interrupted; what has arrived is kept, and the same command goes on from there")
    }
    progress.finish()
    let outcome = Outcome(
      name: set.name, path: folder.path(of: set), train: set.trainCount, test: set.testCount)
    try output.answer(outcome) {
      print(
        "\(set.title) is installed: --images \(set.name) (\(Number.grouped(set.testCount)) to judge on), ",
        terminator: "")
      print("\(set.trainName) (\(Number.grouped(set.trainCount)) to train on); \(outcome.path)")
    }
  }
}
