internal import ArgumentParser
internal import Images
internal import Laboratory

struct DataPath: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Print the path of an installed set.")

  @Argument(help: "cifar10, cifar100, mnist or fashion-mnist.")
  var name: String

  func run() throws {
    let set = try publishedSet(named: name)
    guard let folder = DataFolder.standard, set.isInstalled(in: folder) else {
      throw ImageError.notInstalled(set)
    }
    print(folder.path(of: set))
  }
}
