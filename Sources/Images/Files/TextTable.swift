/// A table as text: fields with commas, semicolons or tabs between them, some in quotes; or words, the last of which
/// stands apart.
struct TextTable {
  /// The names of the columns; empty where the first row is one of the others.
  private(set) var header: [String] = []
  private(set) var rows: [[String]] = []

  /// The table in a text; `isHeader` says of the first two rows whether the first names the columns.
  init?(_ text: String, isHeader: ([String], [String]?) -> Bool) {
    let lines = text.split(whereSeparator: \.isNewline).filter {
      !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace)
    }
    guard let first = lines.first else { return nil }
    let separator = [Character("\t"), ";", ","].first { first.contains($0) }
    rows = lines.map { line in separator.map { TextTable.fields(line, $0) } ?? TextTable.words(line) }
    // One column is a list of pictures, with a heading or not, or no table.
    guard let columns = rows.first?.count,
      columns > 1 || rows.prefix(2).contains(where: { PictureFormat.isNamed($0[0]) })
    else { return nil }
    rows.removeAll { $0.count != columns }
    if isHeader(rows[0], rows.dropFirst().first) { header = rows.removeFirst() }
  }

  private static func fields(_ line: Substring, _ separator: Character) -> [String] {
    guard line.contains("\"") else {
      return line.split(separator: separator, omittingEmptySubsequences: false).map { trimmed($0) }
    }
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == separator, !isQuoted {
        fields.append(trimmed(field[...]))
        field = ""
      } else {
        field.append(character)
      }
    }
    return fields + [trimmed(field[...])]
  }

  /// What stands before the last white space, and what behind it: names of files may have spaces.
  ///
  /// What ends in the name of a picture is that name as a whole: the class stands last.
  private static func words(_ line: Substring) -> [String] {
    let line = trimmed(line)[...]
    if PictureFormat.isNamed(String(line)) { return [String(line)] }
    guard let space = line.lastIndex(where: \.isWhitespace) else { return [trimmed(line)] }
    return [trimmed(line[..<space]), trimmed(line[line.index(after: space)...])]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// The column of that name, whatever its case; nil where there is none.
  func column(_ names: Set<String>) -> Int? { header.firstIndex { names.contains($0.lowercased()) } }
}
