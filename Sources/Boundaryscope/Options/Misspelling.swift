internal import ArgumentParser

/// Words that were most likely meant by others.
enum Misspelling {
  /// The nearest of some words: a third of its letters may be wrong, missing, too many or swapped; nil where none is near.
  static func nearest(to word: String, among known: [String]) -> String? {
    let word = Array(word.lowercased())
    let near = known.map { (name: $0, distance: distance(word, Array($0.lowercased()))) }
    guard let best = near.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= max(1, best.name.count / 3) ? best.name : nil
  }

  /// Letters to change, add, remove or swap with the next one (optimal string alignment).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    for i in 1...a.count {
      for j in 1...b.count {
        let change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        rows[i][j] = min(change, rows[i - 1][j] + 1, rows[i][j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}

extension Boundaryscope {
  /// As they are typed.
  static var commandNames: [String] {
    configuration.subcommands.map { $0.configuration.commandName ?? $0._commandName } + ["help"]
  }
}
