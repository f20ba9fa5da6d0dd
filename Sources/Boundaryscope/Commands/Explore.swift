internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Foundation
internal import Glibc
internal import Terminal

/// The explorer itself.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open the explorer (what happens without a subcommand).")

  @Argument(help: "An ONNX file or the name of a bundled model.", completion: .file(extensions: ["onnx"]))
  var model = "lenet-shapes"

  @Option(
    name: .long, help: ArgumentHelp("Images to open with it, as for the other commands.", valueName: "spec"))
  var images = "shapes"

  @Option(
    name: .customLong("models"),
    help: ArgumentHelp("A folder of further models to list.", valueName: "folder"))
  var modelFolders: [String] = []

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var screen: ScreenOptions

  func run() throws {
    let options = try sessionOptions()
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw Refusal(
        .unavailable,
        "the explorer needs a terminal; without one use inspect, predict, derive, perturb, noise, universal, curvature, "
          + "normals, fool or section, which print (boundaryscope --help)")
    }
    do {
      let status = Session(try TerminalSession(screen.options), options).run()
      if status != .success { throw ExitCode(status.rawValue) }
    } catch let failure as TerminalFailure {
      throw Refusal(.unavailable, "\(failure)")
    }
  }

  private func sessionOptions() throws -> SessionOptions {
    var options = SessionOptions(
      model: try ModelOptions.path(
        of: model, assets, meaning: "command (boundaryscope --help lists them), no file and no bundled model"),
      images: images)
    options.preprocessing = try preprocessing.profile()
    options.folders = ((try? assets.find().models).map { [$0] } ?? []) + (try modelFolders.map(Self.folder))
    options.folders += ModelFolder.own.map { [$0.folder] } ?? []
    options.seed = runs.seed
    options.store = runs.store()
    return options
  }

  private static func folder(_ path: String) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw Refusal(.noSuchFile, "--models \(path): no such folder")
    }
    return URL(filePath: path)
  }
}

/// How the explorer looks; what is not said is decided by the terminal and its environment.
struct ScreenOptions: ParsableArguments {
  enum Colors: String, ExpressibleByArgument, CaseIterable {
    case auto, none
    case eight = "8"
    case sixteen = "16"
    case indexed = "256"
    case direct = "true"
  }

  enum Background: String, ExpressibleByArgument, CaseIterable { case dark, light }

  @Option(name: .long, help: "How many colours to use.")
  var colors = Colors.auto

  @Flag(name: .long, help: "ASCII glyphs alone.")
  var ascii = false

  @Option(name: .long, help: "The terminal's background.")
  var background: Background?

  @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
  var noMouse = false

  var options: TerminalOptions {
    TerminalOptions(
      colors: TerminalOptions.colorLevels[colors.rawValue], glyphs: ascii ? .ascii : nil,
      background: background.map { $0 == .dark ? .dark : .light }, mouse: !noMouse)
  }
}
