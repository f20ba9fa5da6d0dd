internal import ArgumentParser
internal import Foundation
internal import Laboratory
internal import Terminal

/// The program: what the arguments ask for, and the status it ends with.
@main
enum Program {
  static func main() {
    reserveStandardStreams()
    FaultReport.begin()
    let status = run(Array(CommandLine.arguments.dropFirst()))
    guard fflush(nil) == 0 else {
      complain("cannot write to standard output: \(String(cString: strerror(errno)))")
      exit(ExitStatus.cannotWrite.rawValue)
    }
    exit(status.rawValue)
  }

  static func run(_ arguments: [String]) -> ExitStatus {
    do {
      var command = try Boundaryscope.parseAsRoot(arguments)
      try command.run()
      return .success
    } catch {
      return report(error)
    }
  }
}

/// The command line; `INTERFACE` of what scripts rely on is the list of its subcommands.
struct Boundaryscope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boundaryscope",
    abstract: "An explorer of decision boundaries for image classifiers, in your terminal.",
    discussion: """
      Without a subcommand it opens the explorer. Every analysis that the screens show is a subcommand too.
      Numbers are in pixel units: pixels in [0, 1], Euclidean norms, unless they say otherwise.
      """,
    version: "0.1.0",
    subcommands: [
      Explore.self, Inspect.self, Predict.self, Evaluate.self, Derive.self, Perturb.self, Noise.self,
      UniversalCommand.self,
      CurvatureCommand.self, NormalsCommand.self, Fool.self, ShapeCommand.self, SectionCommand.self,
      Angles.self,
      WithinCommand.self, DiversityCommand.self,
      TransferCommand.self, Bounds.self, Scan.self, SpectrumCommand.self, Reproduce.self, Report.self,
      DataCommand.self, CacheCommand.self,
      TourCommand.self, Config.self, BenchCommand.self, Doctor.self,
    ],
    defaultSubcommand: Explore.self)
}
