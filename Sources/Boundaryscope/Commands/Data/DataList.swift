internal import ArgumentParser
internal import Drawing
internal import Images

struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the sets that --images knows by name.")

  @OptionGroup(title: "How it answers") var output: OutputOptions

  struct Entry: Encodable {
    var name: String
    var count: Int
    var isInstalled: Bool
    /// Of the files to fetch; 0 for a set that the program draws.
    var bytes: Int
    var classes: [String]
    var path: String?
  }

  func run() throws {
    let entries = Self.drawn() + Self.published()
    try output.answer(entries) {
      printRows(entries.map { ($0.name, "\(Number.grouped($0.count)) images  \(remark(on: $0))") })
    }
  }

  private func remark(on entry: Entry) -> String {
    if entry.bytes == 0 { return entry.classes.joined(separator: " ") }
    if let path = entry.path { return "installed in \(path)" }
    let megabytes = Double(entry.bytes) / 1e6
    let name = entry.name.hasSuffix("-train") ? String(entry.name.dropLast(6)) : entry.name
    return "not installed: boundaryscope data install \(name) (\(Number.figure(megabytes, 3)) MB)"
  }

  private static func drawn() -> [Entry] {
    ShapesSet.names.compactMap { ShapesSet(named: $0) }.map {
      Entry(name: $0.name, count: $0.count, isInstalled: true, bytes: 0, classes: $0.classNames)
    }
  }

  private static func published() -> [Entry] {
    PublishedSet.all.flatMap { set in
      let folder = DataFolder.standard.flatMap { set.isInstalled(in: $0) ? $0 : nil }
      return [(set.name, set.testCount), (set.trainName, set.trainCount)].map { name, count in
        Entry(
          name: name, count: count, isInstalled: folder != nil, bytes: set.bytes, classes: set.classNames,
          path: folder?.path(of: set))
      }
    }
  }
}
