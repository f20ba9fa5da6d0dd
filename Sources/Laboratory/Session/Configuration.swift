internal import Drawing
package import Explorer
internal import Files
internal import Foundation

/// The configuration file: what a person wants at every start.
///
/// Options of the command line win over it.
///
/// `boundaryscope/config` in the XDG configuration directory; a line is `NAME = VALUE`, or `key ACTION = KEYS`.
package struct Configuration {
  var values: [String: String] = [:]
  package private(set) var keys = KeyMap()

  /// A name that the file may hold.
  struct Entry {
    let name: String
    let standard: String
    /// What it may be; empty for anything.
    let values: [String]
    let meaning: String
  }

  static let entries = [
    Entry(
      name: "model", standard: "lenet-shapes", values: [],
      meaning: "The model to open first: a file or the name of a listed model."),
    Entry(name: "images", standard: "shapes", values: [], meaning: "The images to open with it."),
    Entry(name: "models", standard: "", values: [], meaning: "A folder of further models to list."),
    Entry(name: "seed", standard: "1", values: [], meaning: "The same seed gives the same numbers."),
    Entry(
      name: "colors", standard: "auto", values: ["auto", "none", "8", "16", "256", "true"],
      meaning: "How many colours to use; with auto, NO_COLOR and COLORTERM decide."),
    Entry(
      name: "glyphs", standard: "auto", values: ["auto", "ascii", "blocks"],
      meaning: "ASCII only, or block elements and line drawing too."),
    Entry(
      name: "curves", standard: "auto", values: ["auto"] + Dots.allCases.map(\.rawValue),
      meaning: "How to draw curves: in Braille, unless the terminal's font lacks it."),
    Entry(
      name: "graphics", standard: "auto", values: ["auto", "kitty", "iterm", "sixel", "none"],
      meaning: "How to show pictures: in pixels where the terminal takes them, else in cells."),
    Entry(
      name: "theme", standard: "auto", values: ["auto", "dark", "light"],
      meaning: "The terminal's background; with auto, COLORFGBG decides."),
    Entry(
      name: "mouse", standard: "on", values: ["on", "off"], meaning: "Clicks, wheel and drags; m toggles."),
    Entry(
      name: "frames", standard: "12", values: [],
      meaning: "Maximum frames per second while work reports, 0.2 to 60; fewer on a slow link."),
  ]

  package subscript(name: String) -> String? {
    values[name].flatMap { $0 == "auto" || $0.isEmpty ? nil : $0 }
  }

  /// Reads a file's text; errors name the line.
  init(_ text: String, path: String) throws {
    for (i, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      do {
        try take(line)
      } catch {
        throw Refusal(.badData, "\(path):\(i + 1): \(error)")
      }
    }
  }

  package init() {}

  private mutating func take(_ line: String) throws {
    guard let sign = line.range(of: "=") else {
      throw ConfigurationError("'\(line)' is not a setting; write NAME = VALUE")
    }
    let name = line[..<sign.lowerBound].trimmingCharacters(in: .whitespaces)
    let value = line[sign.upperBound...].trimmingCharacters(in: .whitespaces)
    if name.hasPrefix("key ") {
      let action = name.dropFirst(4).trimmingCharacters(in: .whitespaces)
      return try keys.bind(action, to: Self.withoutRemark(value))
    }
    guard let entry = Self.entries.first(where: { $0.name == name }) else {
      let names = Self.entries.map(\.name).joined(separator: ", ")
      throw ConfigurationError("no setting is called '\(name)'; settings are \(names), and key ACTION")
    }
    try entry.check(value)
    values[name] = value
  }

  /// The keys of a line, without the title that stands behind them where the file was printed.
  private static func withoutRemark(_ keys: String) -> String {
    (" " + keys).range(of: " # ").map { String((" " + keys)[..<$0.lowerBound]) } ?? keys
  }

  /// The person's file; the built-in settings where there is none.
  package static func read() throws -> Configuration {
    guard let path else { return Configuration() }
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try RegularFile.contents(of: path, atMost: 1 << 20)
    } catch .missing {
      return Configuration()
    } catch {
      throw Refusal(.badData, "\(path): \(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal(
        .badData, "\(path): this is not UTF-8 text; boundaryscope config prints what it may hold")
    }
    return try Configuration(text, path: path)
  }

  /// Where the file lies; nil where there is no home.
  package static var path: String? { UserFolder.configuration.path().map { $0 + "/config" } }
}

/// What is wrong with a line of the configuration.
struct ConfigurationError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Configuration.Entry {
  func check(_ value: String) throws {
    if !values.isEmpty, !values.contains(value) {
      throw ConfigurationError("\(name) = \(value): choose from \(values.joined(separator: ", "))")
    }
    if name == "seed", UInt64(value) == nil {
      throw ConfigurationError("seed = \(value): give a whole number")
    }
    if name == "frames", !(Double(value).map { (0.2...60).contains($0) } ?? false) {
      throw ConfigurationError("frames = \(value): give a number between 0.2 and 60")
    }
  }
}

// MARK: - The file as it documents itself

extension Configuration {
  /// The whole file with what holds now; settings that are as built in are comments.
  package var documented: String {
    var lines = [
      "# Boundaryscope. Command-line options override this file; boundaryscope config prints it.", "",
    ]
    for entry in Self.entries {
      let may = entry.values.isEmpty ? "" : " One of: \(entry.values.joined(separator: ", "))."
      lines.append("# \(entry.meaning)\(may)")
      let value = values[entry.name]
      lines.append("\(value == nil ? "# " : "")\(entry.name) = \(value ?? entry.standard)")
      lines.append("")
    }
    lines.append("# Keys: key ACTION = KEYS, separated by spaces; none removes an action's keys.")
    lines.append("# Keys are a letter, ^A, F2, Enter, Space, Tab, Esc, Up, PgDn, Home, Del and so on.")
    for (name, standard, title) in KeyMap.actions {
      let chosen = keys.keys(of: name)
      let setting = "key \(name) = \(chosen ?? standard)"
      let pad = String(repeating: " ", count: max(1, 40 - setting.count))
      lines.append("\(chosen == nil ? "# " : "")\(setting)\(title.isEmpty ? "" : pad + "# " + title)")
    }
    return lines.joined(separator: "\n")
  }
}
