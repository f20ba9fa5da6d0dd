/// What became of a set of images that is being installed, as the session reports it.
public enum InstallationNews: Hashable, Sendable {
  case running(phase: String, completed: Int, total: Int)
  case installed
  case cancelled
  /// One sentence that says why.
  case failed(String)
}

/// What becomes of the sets of images that are not here, one at a time.
enum Installing: Hashable, Sendable {
  case none
  /// The set that the next Enter fetches.
  case offered(String)
  /// Being fetched; the share is 0…1.
  case running(set: String, phase: String, share: Double)
}

// Sets of images that are fetched from their publishers.
extension Workspace {
  /// Enter on a set that is not installed says what it would do, and does it at the second time; Enter on the one
  /// that is being fetched ends that.
  mutating func install(_ entry: SetEntry) -> [Command] {
    guard let wanted = entry.installation else { return [] }
    switch catalogue.installing {
    case .running(wanted.name, _, _):
      say("Stopping \(wanted.name); what has arrived is kept.")
      return [.cancelInstallation]
    case .running(let set, _, _):
      say("Still fetching \(set); one set at a time.", problem: true)
    case .offered(wanted.name):
      catalogue.installing = .running(set: wanted.name, phase: "fetch", share: 0)
      return [.install(set: wanted.name)]
    case .offered, .none:
      catalogue.installing = .offered(wanted.name)
      say("\(wanted.name) is not installed. Enter again fetches \(wanted.size); once more stops it.")
    }
    return []
  }

  mutating func installation(of set: String, _ news: InstallationNews) {
    switch news {
    case .running(let phase, let completed, let total):
      let share = total > 0 ? min(1, Double(completed) / Double(total)) : 0
      catalogue.installing = .running(set: set, phase: phase, share: share)
      return
    case .installed: say("\(set) is installed.")
    case .cancelled: say("\(set) stopped; fetching it again resumes where it stopped.")
    case .failed(let sentence): say(sentence, problem: true)
    }
    catalogue.installing = .none
  }

  /// The set, not yet installed, that a model was trained on.
  func missingSet(of model: ModelEntry) -> SetEntry? {
    catalogue.sets.first { $0.installation?.name == model.dataSet }
  }
}
