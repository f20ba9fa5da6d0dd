internal import ArgumentParser

/// Sets of images.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, install, find or export image sets.",
    subcommands: [DataList.self, DataInstall.self, DataPath.self, DataExport.self])
}
