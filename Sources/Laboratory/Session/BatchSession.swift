internal import Dispatch
package import Drawing
internal import Experiments
package import Explorer
internal import Jobs
internal import Terminal

/// The explorer without a screen: plays a script to its end as fast as the work goes.
package final class BatchSession {
  private let mailbox = Mailbox<Message>()
  private let arrived = DispatchSemaphore(value: 0)
  private let laboratory: Laboratory
  private let exporter: Exporter
  private var explorer: Explorer
  private var size: Size
  private var problems: [Problem] = []
  private var written: [String] = []

  package init(
    _ options: SessionOptions, _ script: Script, _ appearance: Appearance, size: Size, folder: String
  ) {
    let (mailbox, arrived) = (mailbox, arrived)
    laboratory = Laboratory(options) {
      mailbox.post($0)
      arrived.signal()
    }
    exporter = Exporter(folder: folder)
    explorer = Explorer(appearance: appearance, seed: options.seed)
    self.size = size
    explorer.play(script)
  }

  private struct Problem {
    let sentence: String
    let status: ExitStatus
    /// What was asked for in vain.
    var opening: Opening?
  }

  /// What is there at the end.
  package struct Report: Encodable {
    let size: Size
    /// The screen at the end, a string a line.
    package let screen: [String]
    let provenance: Provenance
    let written: [String]
    /// What was refused or failed on the way.
    package let problems: [String]
    /// What the script expected and did not come.
    package let failedExpectations: [String]
    /// That of the first problem, or of what was expected and did not come.
    package let status: ExitStatus

    private enum CodingKeys: CodingKey {
      case size, screen, provenance, written, problems, failedExpectations
    }
  }

  package func run() -> Report {
    deliver(.input(.resized(size)))
    laboratory.begin()
    while explorer.isPlaying {
      _ = arrived.wait(timeout: .now() + .milliseconds(20))
      for message in mailbox.drain() { deliver(message) }
      deliver(.tick(seconds: 0.02))
    }
    laboratory.end()
    let screen = explorer.view(size).text.split(separator: "\n", omittingEmptySubsequences: false)
    return Report(
      size: size, screen: screen.map(String.init), provenance: explorer.provenance, written: written,
      problems: problems.map(\.sentence),
      failedExpectations: explorer.failedExpectations.map(\.description),
      status: problems.first?.status ?? (explorer.failedExpectations.isEmpty ? .success : .badData))
  }

  private func deliver(_ message: Message) {
    Dialogue.hold(from: message, update: update, perform: perform)
  }

  private func update(_ message: Message) -> [Command] {
    note(message)
    let commands = explorer.update(message)
    size = explorer.size
    return commands
  }

  private func note(_ message: Message) {
    switch message {
    case .refused(let sentence): note(sentence, .badData)
    case .notOpened(let opening, let sentence):
      note(sentence, laboratory.status(of: opening) ?? .badData, opening)
    case .otherOpened(let path, _): problems.removeAll { $0.opening == .other(path) }
    case .notSubmitted(let request, let sentence): note("\(request.title): \(sentence)", .badData)
    case .job(let update):
      if case .failed(let reason) = update.state { note("\(update.title): \(reason)", .badData) }
    case .imagesWanted(let offer): note(offer.text, .noSuchFile)
    case .said(let sentence, isProblem: true): note(sentence, .cannotWrite)
    case .exported(let path): written.append(path)
    default: break
    }
  }

  private func note(_ sentence: String, _ status: ExitStatus, _ opening: Opening? = nil) {
    problems.append(Problem(sentence: sentence, status: status, opening: opening))
  }

  /// What cannot be written is a problem of its own kind.
  private func export(_ export: Export) -> Message {
    let message = exporter.write(export)
    if case .refused(let sentence) = message { return .said(sentence, isProblem: true) }
    return message
  }

  /// Does it, and says what comes of it at once.
  private func perform(_ command: Command) -> Message? {
    switch command {
    case .openModel(let path): laboratory.openModel(path)
    case .openImages(let spec): laboratory.openImages(spec)
    case .complete(let path, let models): laboratory.complete(path, models: models)
    case .openOther(let path): laboratory.openOther(path)
    case .openArray(let path): laboratory.openArray(path)
    case .hold(let models, let images, let seen): laboratory.hold(models: models, images: images, seen: seen)
    case .look(let s, let t): laboratory.look(s: s, t: t)
    case .thumbnails(let range): laboratory.showThumbnails(range)
    case .run(let request): return laboratory.submit(request).map { .submitted($0, request) }
    case .recall(let requests): laboratory.recall(requests)
    case .cancel(let id): laboratory.cancel(id)
    case .arrange(let groups): laboratory.arrange(groups)
    case .cancelAll: laboratory.cancelAll()
    case .read(let path, let reading): laboratory.read(path, reading)
    case .keepReading(let path, let reading): laboratory.keepReading(path, reading)
    case .export(let export): return self.export(export)
    case .openTour: laboratory.openTour(at: 0)
    case .install(let set): laboratory.install(set)
    case .cancelInstallation: laboratory.cancelInstallation()
    case .copy, .keepPlace, .setMouse, .redraw, .suspend, .quit: break
    }
    return nil
  }
}
