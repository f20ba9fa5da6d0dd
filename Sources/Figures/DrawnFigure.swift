internal import CanonicalJSON
internal import Drawing
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
package import Pages
internal import Terminal

/// A figure of the paper as it came out: its data, its picture and what is seen in it.
package struct DrawnFigure {
  /// The data, with the paragraph and the parameters beside it.
  package struct Document: Encodable {
    let figure: String
    let model: [String]
    let parameters: [String: String]
    let data: any Encodable
    let paragraph: String

    enum CodingKeys: CodingKey {
      case figure
      case model
      case parameters
      case data
      case paragraph
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(figure, forKey: .figure)
      try container.encode(model, forKey: .model)
      try container.encode(parameters, forKey: .parameters)
      try data.encode(to: container.superEncoder(forKey: .data))
      try container.encode(paragraph, forKey: .paragraph)
    }
  }

  let title: String
  package let document: Document
  /// Of the picture in cells.
  let size: Size
  let scene: FigureScene

  /// The picture under its title on a canvas of its own.
  func canvas(_ size: Size, _ appearance: Appearance) -> Canvas {
    var canvas = Canvas(size, appearance: appearance)
    let (head, rest) = canvas.bounds.split(top: 2)
    canvas.put(title, row: head.row, column: 1, canvas.theme.title, width: size.columns - 2)
    let caption = document.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    canvas.put(
      caption.joined(separator: " · "), row: 1, column: 1, canvas.theme.muted, width: size.columns - 2)
    canvas.draw(scene, in: rest)
    return canvas
  }

  /// For standard output: colours on a terminal, glyphs alone elsewhere, and the paragraph below.
  package func printed(onTerminal isTerminal: Bool) -> String {
    let decision = isTerminal ? try? TerminalDecision(.current()) : nil
    let appearance = decision?.appearance ?? .plain
    let canvas = canvas(size, appearance)
    return (appearance.colors > .none ? canvas.ansiText : canvas.text) + "\n\n" + wrapped
  }

  private var wrapped: String {
    Text.wrapped(document.paragraph, to: min(100, size.columns)).joined(separator: "\n")
  }

  /// NAME.json, NAME.txt, and NAME.pdf, .svg and .png as they are asked for.
  ///
  /// - Throws: ``Refusal`` where a file cannot be written, or what draws its kind is not there.
  package func write(
    to folder: String, named name: String, _ formats: [FigureFile.Format], style: FigureStyle
  ) throws {
    try OutputFile.write(Array(try CanonicalJSON.encoder.encode(document)), to: "\(folder)/\(name).json")
    let plain = canvas(size, .plain).text + "\n\n" + wrapped + "\n"
    try OutputFile.write(Array(plain.utf8), to: "\(folder)/\(name).txt")
    let file = FigureFile(scene, titled: title, style: style, describedBy: document.paragraph)
    for format in formats {
      try OutputFile.write(try file.bytes(format), to: "\(folder)/\(name).\(format.rawValue)")
    }
  }
}
