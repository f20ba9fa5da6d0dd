internal import CanonicalJSON
internal import Drawing
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks
package import Pages

extension TrainingFilm {
  /// What plays a film.
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

  /// Pixels an inch: a film of 24 cm is some 900 pixels wide.
  private static let resolution = 96.0

  /// - Throws: where what draws pictures is not there: before any work is done for them.
  package static func checkPictures() throws { _ = try FigureFile.formats([.png]) }

  /// The film as bytes of a file.
  package func file(_ frames: [Frame], _ format: Format, delay: Double, style: FigureStyle?) throws -> [UInt8]
  {
    let classNames = (0..<last.network.classCount).map(last.className)
    let scenes = frames.indices.map { Self.scene(frames, at: $0, classNames: classNames) }
    switch format {
    case .gif: return try Self.gif(scenes, delay, style ?? FigureStyle(.slides))
    case .cast: return Self.cast(scenes, delay)
    }
  }

  private static func gif(_ scenes: [FigureScene], _ delay: Double, _ style: FigureStyle) throws -> [UInt8] {
    let height = scenes.map { FigureFile($0, titled: "", style: style).sheet.height }.max() ?? 0
    var pictures = try scenes.map { scene in
      let file = FigureFile(scene, titled: "", style: style, height: height)
      return (picture: try file.picture(resolution: resolution), seconds: delay)
    }
    // The last one is looked at longest.
    pictures[pictures.count - 1].seconds = max(2, 4 * delay)
    guard let bytes = GIFFilm(pictures).encoded() else {
      throw PageError.outOfMemory(kind: "film")
    }
    return bytes
  }

  /// A line a frame: when it comes, and what the terminal is sent.
  private static func cast(_ scenes: [FigureScene], _ delay: Double) -> [UInt8] {
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
