/// Fuzzy search: the letters of a query in order, not necessarily beside each other.
enum Fuzzy {
  /// How well `query` fits `text`, higher is better; nil where its letters do not occur in order.
  ///
  /// Letters at the beginning of words and beside each other count more; case does not count.
  static func score(_ query: String, in text: String) -> Int? {
    let wanted = query.lowercased().filter { $0 != " " }
    if wanted.isEmpty { return 0 }
    let letters = Array(text.lowercased())
    var best: Int?
    for start in letters.indices where letters[start] == wanted.first {
      if let score = score(Array(wanted), in: letters, from: start), score > best ?? .min { best = score }
    }
    return best
  }

  private static func score(_ wanted: [Character], in letters: [Character], from start: Int) -> Int? {
    var (score, at, last) = (0, start, start - 1)
    for letter in wanted {
      guard let found = letters[at...].firstIndex(of: letter) else { return nil }
      let beginsWord = found == 0 || !letters[found - 1].isLetter && !letters[found - 1].isNumber
      score += 10 + (beginsWord ? 8 : 0) + (found == last + 1 ? 6 : 0) - min(8, found - last - 1)
      (last, at) = (found, found + 1)
    }
    return score - letters.count / 8
  }
}
