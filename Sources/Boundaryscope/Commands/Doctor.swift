internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Laboratory
internal import Tensors
internal import Terminal

/// What was decided about terminal, kernels and folders, and why.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what was chosen for the terminal, the kernels and the folders, and why.")

  @OptionGroup var assets: AssetOptions
  @OptionGroup(title: "How it looks") var screen: ScreenOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  struct Finding: Encodable {
    var what: String
    var value: String
    var why: String
    /// How to have it otherwise: options, settings of the configuration file, keys, variables.
    var override: String
  }

  func run() throws {
    let configuration = try Configuration.read()
    let findings = terminal(configuration) + engine() + settings(configuration)
    try output.answer(findings) {
      printRows(findings.map { ($0.what, "\($0.value)  (\($0.why); \($0.override))") })
    }
  }

  private func terminal(_ configuration: Configuration) -> [Finding] {
    do {
      let options = screen.options(configuration)
      return try TerminalDecision(.current(), options).reasons.map {
        Finding(what: $0.what, value: $0.value, why: $0.why, override: $0.override)
      } + [link(configuration, options)]
    } catch {
      return [Finding(what: "terminal", value: "not usable", why: "\(error)", override: "TERM")]
    }
  }

  private func link(_ configuration: Configuration, _ options: TerminalOptions) -> Finding {
    let frames = configuration["frames"] ?? "12"
    let colors =
      options.colors == nil ? "; a frame that takes over half a second costs a level of colours" : ""
    return Finding(
      what: "link", value: "at most \(frames) frames a second",
      why:
        "measured while it runs: a frame may fill half of the time until the next one\(colors); screen 8 Jobs shows it",
      override: "config frames, --colors 256 keeps the colours")
  }

  private func settings(_ configuration: Configuration) -> [Finding] {
    let path = Configuration.path
    let exists = path.map { FileManager.default.fileExists(atPath: $0) } ?? false
    let why =
      exists ? "read; options override it" : "not found; boundaryscope config prints one to start from"
    return [
      Finding(
        what: "configuration", value: path ?? "none", why: path == nil ? "HOME is not an absolute path" : why,
        override: "XDG_CONFIG_HOME")
    ]
  }

  private func engine() -> [Finding] {
    let environment = ProcessInfo.processInfo.environment
    let models = Result { try assets.find().models.path }
    return [
      Finding(
        what: "kernels", value: kernelFamily(),
        why: replacedKernelFamily().map { "in place of \($0), which OpenBLAS chose for this processor" }
          ?? "OpenBLAS's choice for this processor",
        override: "OPENBLAS_CORETYPE"),
      Finding(
        what: "threads", value: "\(Threads.count)", why: "cores of this machine", override: "--threads N"),
      Finding(
        what: "models", value: (try? models.get()) ?? "not found",
        why: "the first of option, variable, installation and checkout",
        override: "--assets, BOUNDARYSCOPE_ASSETS"),
      Finding(
        what: "cache", value: ResultStore.standardFolder(environment) ?? "none",
        why: "the XDG cache folder", override: "XDG_CACHE_HOME, --no-cache"),
    ]
  }
}
