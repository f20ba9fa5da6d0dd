internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Foundation
internal import Laboratory

/// What is kept of earlier runs.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Show how much space the kept results take, limit it, or clear it.",
    discussion: """
      Results, and models unpacked from archives, are kept in boundaryscope in the XDG cache directory. Beyond the
      limit, those unused for the longest time are removed.
      """)

  @Flag(name: .long, help: "Remove every kept result and everything unpacked from archives.")
  var clear = false

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "The space they may take from now on, such as 4G; 1 GB unless set.", valueName: "size"))
  var limit: MemorySize?

  @OptionGroup(title: "How it answers") var output: OutputOptions

  func run() throws {
    guard let folder = ResultStore.standardFolder(ProcessInfo.processInfo.environment) else {
      throw Refusal(.unavailable, "no place for a cache: set HOME or XDG_CACHE_HOME to an absolute path")
    }
    let store = ResultStore(folder: folder)
    do {
      if clear { try store.removeAll() }
      if let limit { try store.setLimit(limit.bytes) }
    } catch {
      throw Refusal(.cannotWrite, "cannot change the cache \(folder): \(error.localizedDescription)")
    }
    let usage = store.usage()
    try output.answer(usage) {
      printRows([
        ("folder", usage.folder), ("entries", Number.grouped(usage.entries)),
        ("size", "\(megabytes(usage.bytes)) of at most \(megabytes(usage.limit))"),
      ])
    }
  }

  private func megabytes(_ bytes: Int) -> String {
    bytes < 10_000_000
      ? "\(Number.figure(Double(bytes) / 1e6, 2)) MB" : "\(Number.grouped(bytes / 1_000_000)) MB"
  }
}
