internal import ArgumentParser
internal import Explorer
internal import Foundation
internal import Glibc
internal import Laboratory
internal import Tensors
internal import Terminal

/// How the explorer comes from options and configuration to a screen; shared by the commands that open it.
enum ExploreSetup {
  /// What it starts with; `model` and `images` are nil where the command line does not say.
  static func options(
    model: String?, images: String?, _ modelFolders: [String], watched: [String] = [], _ assets: AssetOptions,
    _ runs: RunOptions,
    _ configuration: Configuration
  ) throws -> SessionOptions {
    var options = SessionOptions(
      model: try ModelOptions.path(
        of: model ?? configuration["model"] ?? "lenet-shapes", assets,
        meaning: "command (boundaryscope --help lists all), file or bundled model",
        near: Boundaryscope.commandNames),
      images: images ?? configuration["images"] ?? "shapes")
    options.areImagesNamed = images != nil || configuration["images"] != nil
    options.isUnchosen =
      model == nil && images == nil && configuration["model"] == nil && configuration["images"] == nil
    let bundled = try? assets.find()
    options.assets = bundled?.folder
    options.folders =
      (bundled.map { [$0.models] } ?? []) + (try modelFolders.map { try folder($0, saidBy: "--models") })
    let watched = try watched.map { try folder($0, saidBy: "--watch") }
    options.folders += watched
    options.watched = Set(watched)
    options.folders += try configuration["models"].map { [try folder($0, saidBy: "models =")] } ?? []
    options.folders += ModelFolder.own.map { [$0.folder] } ?? []
    options.seed = runs.chosenSeed ?? configuration["seed"].flatMap(UInt64.init) ?? 1
    options.framesPerSecond = configuration["frames"].flatMap(Double.init) ?? options.framesPerSecond
    options.keys = configuration.keys
    options.store = runs.store()
    return options
  }

  /// Opens the terminal and stays until the person leaves.
  static func run(
    _ options: SessionOptions, _ screen: ScreenOptions, _ configuration: Configuration, recording: String?
  ) throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw Refusal(
        .unavailable,
        "the explorer needs a terminal; without one use --play FILE --batch, or inspect, predict, derive, perturb, "
          + "noise, universal, curvature, normals, fool or section, which print (boundaryscope --help)")
    }
    // The engine gives way to the thread that answers keys.
    Threads.prepare { WorkerThread.prepare() }
    let recorder = try recording.map { try Recorder(path: $0) }
    do {
      let terminal = try TerminalSession(screen.options(configuration))
      var options = options
      if screen.present { options.mirrors = options.mirrors ?? .whole }
      let session = Session(terminal, options, recorder)
      let status = session.run()
      for failure in session.failedExpectations { complain("\(failure)") }
      if status != .success { throw ExitCode(status.rawValue) }
      if let problem = session.recordingProblem { throw problem }
      if !session.failedExpectations.isEmpty { throw ExitCode(ExitStatus.badData.rawValue) }
    } catch let failure as TerminalFailure {
      throw Refusal(.unavailable, "\(failure)")
    }
  }

  private static func folder(_ path: String, saidBy source: String) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw Refusal(.noSuchFile, "\(source) \(path): no such folder")
    }
    return URL(filePath: path)
  }
}
