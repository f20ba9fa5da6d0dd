/// What became of a set of images that is being installed, as the session reports it.
public enum InstallationNews: Hashable, Sendable {
  case running(phase: String, completed: Int, total: Int)
  case installed
  case cancelled
  /// One sentence that says why.
  case failed(String)
}

// Sets of images that are fetched from their publishers, one at a time.
extension Workspace {
  /// A set that is being fetched.
  struct Installation: Hashable, Sendable {
    var set: String
    var phase = "fetch"
    /// 0…1.
    var share = 0.0
  }

  /// Enter on a set that is not installed says what it would do, and does it at the second time; Enter on the one
  /// that is being fetched ends that.
  mutating func install(_ entry: SetEntry) -> [Command] {
    guard let name = entry.installation?.name else { return [] }
    if let installation {
      guard installation.set == name else {
        say("\(installation.set) is being fetched; one after the other.", problem: true)
        return []
      }
      say("Ending the fetch of \(name); what has come stays.")
      return [.cancelInstallation]
    }
    guard offeredInstallation == name else {
      offeredInstallation = name
      say(
        "\(name) is not installed. Enter again fetches \(entry.installation?.size ?? "it"); Enter once more ends it."
      )
      return []
    }
    offeredInstallation = nil
    installation = Installation(set: name)
    return [.install(set: name)]
  }

  mutating func installation(of set: String, _ news: InstallationNews) {
    switch news {
    case .running(let phase, let completed, let total):
      installation = Installation(
        set: set, phase: phase, share: total > 0 ? min(1, Double(completed) / Double(total)) : 0)
      return
    case .installed: say("\(set) is installed.")
    case .cancelled: say("\(set): ended; fetching it again goes on from where it stopped.")
    case .failed(let sentence): say(sentence, problem: true)
    }
    installation = nil
  }

  /// The set, not yet installed, that a model was trained on.
  func missingSet(of model: ModelEntry) -> SetEntry? {
    sets.first { $0.installation?.name == model.dataSet }
  }
}
