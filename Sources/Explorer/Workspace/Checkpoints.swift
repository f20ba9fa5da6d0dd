internal import Foundation

/// The checkpoints of a training: the models of one folder by their names, numbers in them as numbers.
extension Workspace {
  /// Those beside the open model that can be used, itself among them.
  var checkpoints: [ModelEntry] {
    guard let open = subject.model?.entry else { return [] }
    let folder = URL(filePath: open.path).deletingLastPathComponent().standardizedFileURL
    return catalogue.models
      .filter {
        $0.problem == nil && URL(filePath: $0.path).deletingLastPathComponent().standardizedFileURL == folder
      }
      .sorted { $0.name.compare($1.name, options: .numeric) == .orderedAscending }
  }

  /// Opens the one so many places after the open model; the screen, the image and the numbers stay.
  mutating func open(checkpoint steps: Int) -> [Command] {
    let all = checkpoints
    guard all.count > 1, let place = all.firstIndex(where: { $0.path == subject.model?.entry.path }) else {
      say(
        "No other model of this folder is listed; --watch FOLDER lists the checkpoints of a training run.",
        problem: true)
      return []
    }
    let next = place + steps
    guard all.indices.contains(next) else {
      say("\(all[place].name) is the \(steps < 0 ? "first" : "last") of \(all.count) models in its folder.")
      return []
    }
    say("\(all[next].name), \(next + 1) of \(all.count)")
    return open(model: all[next].path)
  }
}
