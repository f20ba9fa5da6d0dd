internal import ArgumentParser
internal import Drawing
internal import Explorer
internal import Foundation
internal import Laboratory
internal import Terminal

/// The explorer itself.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open the explorer, as boundaryscope does without a subcommand.")

  @Argument(help: "An ONNX file or the name of a bundled model.", completion: .file(extensions: ["onnx"]))
  var model: String?

  @Argument(
    help: ArgumentHelp(
      "Images to open with it: a picture, a folder, a file of records, or a bundled set.", valueName: "images"
    ),
    completion: .file())
  var pictures: String?

  @Option(
    name: .long, help: ArgumentHelp("The same images, named as for the other commands.", valueName: "spec"))
  var images: String?

  @Option(
    name: .customLong("models"),
    help: ArgumentHelp("A folder of more models to list.", valueName: "folder"))
  var modelFolders: [String] = []

  @Option(
    name: .customLong("watch"),
    help: ArgumentHelp(
      "A folder to watch: each model written there while the explorer runs is compared with the open one.",
      valueName: "folder"))
  var watched: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Record everything you do in a session file.", valueName: "file"),
    completion: .file())
  var record: String?

  @Option(
    name: .long, help: ArgumentHelp("Play a session file, with the built-in keys.", valueName: "file"),
    completion: .file())
  var play: String?

  @Flag(
    name: .long,
    help: "With --play: run without a screen and print the last one, or with --json the whole report.")
  var batch = false

  @Flag(name: .long, help: "With --batch: print exactly one JSON document.")
  var json = false

  @Option(
    name: .long, help: ArgumentHelp("With --batch: the folder for exports.", valueName: "folder"))
  var output: String?

  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it looks") var screen: ScreenOptions

  mutating func validate() throws {
    if batch, play == nil { throw ValidationError("--batch plays a session: name it with --play FILE") }
    if !batch, json || output != nil { throw ValidationError("--json and --output need --batch") }
    if images != nil, pictures != nil {
      throw ValidationError("the images are named twice: \(pictures!) and --images")
    }
    if play != nil, record != nil { throw ValidationError("--record and --play exclude each other") }
  }

  func run() throws {
    // A session that is played does the same for everybody.
    let configuration = play == nil ? try Configuration.read() : Configuration()
    var options = try ExploreSetup.options(
      model: model, images: images ?? pictures, modelFolders, watched: watched, assets, runs, configuration)
    options.preprocessing = try preprocessing.profile()
    options.preprocessingArguments = preprocessing.arguments
    options.isUnchosen = options.isUnchosen && play == nil
    options.script = try play.map { try ScriptFile.open($0) }
    guard batch, let script = options.script else {
      return try ExploreSetup.run(options, screen, configuration, recording: record)
    }
    try runBatch(options, script)
  }

  private func runBatch(_ options: SessionOptions, _ script: Script) throws {
    let folder = output ?? "."
    if output != nil {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw Refusal(.cannotWrite, "cannot make the folder \(folder): \(error.localizedDescription)")
      }
    }
    let session = BatchSession(
      options, script, screen.appearance, size: Size(rows: 24, columns: 80), folder: folder)
    let report = session.run()
    if json { try printJSON(report) } else { print(report.screen.joined(separator: "\n")) }
    for sentence in report.problems + report.failedExpectations { complain(sentence) }
    if report.status != .success { throw ExitCode(report.status.rawValue) }
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

  enum Graphics: String, ExpressibleByArgument, CaseIterable { case auto, kitty, iterm, sixel, none }

  @Option(name: .long, help: "How many colours to use.")
  var colors: Colors?

  @Flag(name: .long, help: "ASCII glyphs only.")
  var ascii = false

  @Option(name: .long, help: "What curves are drawn with; octants and sextants need a font that has them.")
  var curves: Dots?

  @Option(
    name: .long,
    help:
      "How pictures are shown: kitty's protocol, iTerm2's inline images, sixel, or in cells only.")
  var graphics: Graphics?

  @Option(name: .long, help: "The terminal's background.")
  var background: Background?

  @Flag(
    name: .long,
    help:
      "For a lecture: thick lines, large names, a clock; other terminals can follow with 'boundaryscope mirror'."
  )
  var present = false

  @Flag(name: .customLong("no-mouse"), help: "Leave the mouse to the terminal.")
  var noMouse = false

  /// What is asked for: by the command line, else by the configuration.
  func options(_ configuration: Configuration) -> TerminalOptions {
    let colors = self.colors?.rawValue ?? configuration["colors"] ?? "auto"
    let glyphs = ascii ? "ascii" : configuration["glyphs"]
    let background = self.background?.rawValue ?? configuration["theme"] ?? (present ? "light" : nil)
    var options = TerminalOptions(
      colors: TerminalOptions.colorLevels[colors], glyphs: glyphs.map { $0 == "ascii" ? .ascii : .blocks },
      dots: curves ?? configuration["curves"].flatMap(Dots.init(rawValue:)),
      background: background.map { $0 == "dark" ? .dark : .light },
      graphics: (graphics?.rawValue ?? configuration["graphics"]).flatMap(GraphicsProtocol.init(rawValue:)),
      mouse: !noMouse && configuration["mouse"] != "off")
    options.isPresented = present
    return options
  }

  /// Without a terminal: 256 colours and block elements unless said.
  var appearance: Appearance {
    Appearance(
      colors: TerminalOptions.colorLevels[colors?.rawValue ?? "256"] ?? .indexed,
      glyphs: ascii ? .ascii : .blocks, background: background == .light ? .light : .dark,
      dots: curves ?? .braille)
  }
}
