internal import ArgumentParser
internal import Explorer
internal import Foundation
internal import Laboratory

/// The explorer with a tour in it.
struct TourCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tour",
    abstract:
      "Walk through the paper's argument in ten steps, on the bundled networks, or take a tour of your own.",
    discussion: """
      It resumes where you left it. A tour is a text file: 'step TITLE', 'say TEXT', and instructions such as
      'model lenet-shapes', 'show section', 'image 3', 'xi 2.4', 'right random 7', 'do start', one per line.
      """)

  @Argument(help: "A tour file; the bundled tour by default.", completion: .file())
  var file: String?

  @Option(
    name: .long, help: "The step to start with, from 1; by default where you left it.",
    transform: WholeNumber.number)
  var step: Int?

  @Flag(name: .long, help: "Only read the file and say what is wrong with it.")
  var check = false

  @Flag(
    name: .long, help: "Keep the words to this terminal; an audience follows with 'boundaryscope mirror'.")
  var notes = false

  @Option(
    name: .customLong("models"),
    help: ArgumentHelp("A folder of more models that the tour may open.", valueName: "folder"))
  var modelFolders: [String] = []

  @OptionGroup var assets: AssetOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it looks") var screen: ScreenOptions

  func run() throws {
    let folder = try? assets.find().folder
    let tour = try TourFile.open(file, in: folder)
    if let step, !(1...tour.steps.count).contains(step) {
      throw Refusal(.usage, "--step \(step): this tour has the steps 1 to \(tour.steps.count)")
    }
    if check { return print("\(tour.name): a tour of \(tour.steps.count) steps") }
    let configuration = try Configuration.read()
    var options = try ExploreSetup.options(
      model: nil, images: nil, modelFolders, assets, runs, configuration)
    options.tour = file
    options.mirrors = notes ? .withoutNotes : screen.present ? .whole : nil
    options.tourStep = step.map { $0 - 1 } ?? TourFile.place(of: tour.name)
    try ExploreSetup.run(options, screen, configuration, recording: nil)
  }
}
