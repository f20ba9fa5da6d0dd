internal import ArgumentParser
internal import Foundation
internal import Laboratory
internal import Tensors
internal import Terminal

/// The program: what the arguments ask for, and the status it ends with.
@main
enum Program {
  static func main() {
    reserveStandardStreams()
    FaultReport.begin()
    keepFreedMemory()
    if let problem = shortage() {
      complain(problem)
      // The libraries' own endings wait for threads that wait for memory.
      _exit(ExitStatus.unavailable.rawValue)
    }
    let status = run(Array(CommandLine.arguments.dropFirst()))
    if let problem = StandardOutput.finish() {
      // A reader that has gone has read what it wanted to.
      if problem == EPIPE { StandardOutput.endByBrokenPipe() }
      complain("cannot write to standard output: \(String(cString: strerror(problem)))")
      end(.cannotWrite)
    }
    end(status)
  }

  /// Ends without the libraries' own endings: a job that is not over may be in the middle of one of their functions.
  ///
  /// Standard output is flushed already; whoever holds another stream would keep a flush of all of them waiting.
  private static func end(_ status: ExitStatus) -> Never { _exit(status.rawValue) }

  /// What the system does not let the process have that it cannot start without; nil where all is there.
  private static func shortage() -> String? {
    let files = OpenFiles.allowed(OpenFiles.needed)
    if files < OpenFiles.needed {
      return "ulimit -n allows \(files) open files; boundaryscope needs \(OpenFiles.needed)"
    }
    guard let left = AddressSpace.left, left < AddressSpace.needed else { return nil }
    return
      "ulimit -v leaves this process \(left >> 20) MB of memory; boundaryscope needs \(AddressSpace.needed >> 20) MB"
  }

  static func run(_ arguments: [String]) -> ExitStatus {
    do {
      try refuseMisspelling(of: arguments)
      var command = try Boundaryscope.parseAsRoot(arguments)
      try command.run()
      return .success
    } catch {
      return report(error)
    }
  }
}

/// A first word that is no command, no file and no model, but nearly a command, is not taken for a model's name: what
/// follows it are that command's options.
private func refuseMisspelling(of arguments: [String]) throws {
  guard arguments.count > 1, let word = arguments.first, !word.hasPrefix("-"),
    !Boundaryscope.commandNames.contains(word),
    (try? ModelOptions.path(of: word, try AssetOptions.parse([]))) == nil,
    let meant = Misspelling.nearest(to: word, among: Boundaryscope.commandNames)
  else { return }
  throw Refusal(
    .usage,
    "no command is called '\(word)'; did you mean '\(meant)'? (boundaryscope --help lists all)")
}

/// The command line; `INTERFACE` of what scripts rely on is the list of its subcommands.
struct Boundaryscope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boundaryscope",
    abstract: "An explorer of decision boundaries for image classifiers, in your terminal.",
    discussion: """
      Without a subcommand, the explorer opens: boundaryscope [MODEL] [IMAGES]

        MODEL   an ONNX file, or the name of a bundled model; lenet-shapes by default
        IMAGES  a picture; a folder, zip or tar of class folders or of pictures; CIFAR, IDX, STL-10, .mat, .npy, .npz;
                a CSV list; or a bundled set; the bundled shapes by default

        boundaryscope                                       look at a bundled network
        boundaryscope my.onnx my-pictures/                  look at one of your own
        boundaryscope report my.onnx --images my-pictures/  what to know about it, on one page

      Every analysis that the screens show is a subcommand too; boundaryscope COMMAND --help lists its options.
      Numbers are in pixel units (pixels in [0, 1], Euclidean norms) unless stated otherwise.
      """,
    version: Version.description,
    subcommands: [
      Explore.self, Inspect.self, Predict.self, Evaluate.self, Derive.self, Perturb.self, Noise.self,
      UniversalCommand.self,
      CurvatureCommand.self, NormalsCommand.self, Fool.self, ShapeCommand.self, SectionCommand.self,
      Angles.self,
      WithinCommand.self, DiversityCommand.self,
      Fourier.self, Bands.self, LinearityCommand.self, CertificateCommand.self, PersistenceCommand.self,
      TransferCommand.self, Bounds.self, Merge.self, Scan.self, SpectrumCommand.self, Reproduce.self,
      Film.self,
      Report.self,
      DataCommand.self, CacheCommand.self,
      TourCommand.self, Mirror.self, Config.self, BenchCommand.self, Doctor.self,
    ],
    defaultSubcommand: Explore.self)
}
