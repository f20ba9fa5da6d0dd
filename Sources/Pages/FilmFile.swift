internal import CanonicalJSON
package import Drawing
internal import Foundation
internal import Images

/// Scenes one after the other, as a file that plays.
package struct FilmFile {
  /// What plays it.
  package enum Format: String, CaseIterable, Sendable {
    /// Browsers and slides.
    case gif
    /// Terminals: an asciicast of version 2.
    case cast

    /// By the end of a file's name; nil for any other.
    package init?(path: String) {
      guard let kind = Self.allCases.first(where: { path.lowercased().hasSuffix("." + $0.rawValue) }) else {
        return nil
      }
      self = kind
    }
  }

  private let scenes: [FigureScene]
  /// Seconds that each scene is seen.
  private let delay: Double
  private let style: FigureStyle

  package init(_ scenes: [FigureScene], delay: Double, style: FigureStyle = FigureStyle(.slides)) {
    precondition(!scenes.isEmpty, "a film of no scenes")
    (self.scenes, self.delay, self.style) = (scenes, delay, style)
  }

  /// Pixels an inch: a film of 24 cm is some 900 pixels wide.
  private static let resolution = 96.0

  /// - Throws: ``PageError`` where what draws pictures is not there, which can be known before any work is done for them.
  package static func checkPictures() throws { _ = try FigureFile.formats([.png]) }

  /// - Throws: ``PageError`` where the library that draws pictures is not there, or memory runs out.
  package func bytes(_ format: Format) throws -> [UInt8] {
    switch format {
    case .gif: try gif()
    case .cast: cast()
    }
  }

  private func gif() throws -> [UInt8] {
    let height = scenes.map { FigureFile($0, titled: "", style: style).sheet.height }.max() ?? 0
    var pictures = try scenes.map { scene in
      let file = FigureFile(scene, titled: "", style: style, height: height)
      return (picture: try file.picture(resolution: Self.resolution), seconds: delay)
    }
    // The last one is looked at longest.
    pictures[pictures.count - 1].seconds = max(2, 4 * delay)
    guard let bytes = GIFFilm(pictures).encoded() else { throw PageError.outOfMemory(kind: "film") }
    return bytes
  }

  /// A line a frame: when it comes, and what the terminal is sent.
  private func cast() -> [UInt8] {
    let size = Size(rows: 36, columns: 120)
    var lines = ["{\"version\": 2, \"width\": \(size.columns), \"height\": \(size.rows)}"]
    for (i, scene) in scenes.enumerated() {
      var canvas = Canvas(size, appearance: Appearance(colors: .direct, glyphs: .blocks))
      canvas.draw(scene, in: canvas.bounds)
      let text = "\u{1B}[H" + canvas.ansiText.replacing("\n", with: "\r\n")
      let quoted =
        (try? CanonicalJSON.encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
      lines.append("[\(Number.fixed(Double(i) * delay, 3)), \"o\", \(quoted)]")
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}
