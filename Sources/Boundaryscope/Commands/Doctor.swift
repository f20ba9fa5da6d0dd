internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Tensors
internal import Terminal

/// What was decided about terminal, kernels and folders, and why.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what was decided about the terminal, the kernels and the folders, and why.")

  @OptionGroup var assets: AssetOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var output: OutputOptions

  struct Finding: Encodable {
    var what: String
    var value: String
    var why: String
  }

  func run() throws {
    let configuration = try Configuration.read()
    let findings = terminal(configuration) + engine() + settings(configuration)
    try output.answer(findings) {
      let names = findings.map { ($0.what, "\($0.value)  (\($0.why))") }
      printRows(names)
    }
  }

  private func terminal(_ configuration: Configuration) -> [Finding] {
    do {
      return try TerminalDecision(.current(), screen.options(configuration)).reasons.map {
        Finding(what: $0.what, value: $0.value, why: $0.why)
      }
    } catch {
      return [Finding(what: "terminal", value: "not usable", why: "\(error)")]
    }
  }

  private func settings(_ configuration: Configuration) -> [Finding] {
    let path = Configuration.path
    let exists = path.map { FileManager.default.fileExists(atPath: $0) } ?? false
    let why =
      exists ? "read; options win over it" : "not there; boundaryscope config prints one to begin with"
    return [Finding(what: "configuration", value: path ?? "none", why: path == nil ? "HOME is not set" : why)]
  }

  private func engine() -> [Finding] {
    let environment = ProcessInfo.processInfo.environment
    let models = Result { try assets.find().models.path }
    return [
      Finding(what: "kernels", value: kernelFamily(), why: "OpenBLAS; OPENBLAS_CORETYPE chooses others"),
      Finding(what: "threads", value: "\(Threads.count)", why: "cores of this machine; --threads N"),
      Finding(
        what: "models", value: (try? models.get()) ?? "not found",
        why: "--assets, BOUNDARYSCOPE_ASSETS, a checkout"),
      Finding(
        what: "cache", value: ResultStore.standardFolder(environment) ?? "none",
        why: "XDG_CACHE_HOME; --no-cache"),
    ]
  }
}
