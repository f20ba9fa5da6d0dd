internal import ArgumentParser
internal import Drawing
internal import Figures
internal import Pages

/// How figures are drawn that go into files.
struct FigureOptions: ParsableArguments {
  @Option(name: .long, help: "Type and lines for a paper, for slides, or for dark slides.")
  var style: SheetStyle.Name?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "The width of a figure in centimetres; by default the style's: on paper 8.5, or 17.4 for a wide one.",
      valueName: "cm"), transform: Self.centimetres)
  var width: Double?

  @Option(
    name: .long, help: ArgumentHelp("The font of figures; DejaVu Sans by default.", valueName: "name"))
  var font: String?

  var chosen: FigureStyle { FigureStyle(style ?? .paper, width: width, font: font) }

  /// Whether anything was said of it.
  var isChosen: Bool { style != nil || width != nil || font != nil }

  /// `8.5` or `8.5cm`, 2 to 100.
  static func centimetres(_ text: String) throws -> Double {
    let number = text.hasSuffix("cm") ? String(text.dropLast(2)) : text
    guard let value = Double(number), (2...100).contains(value) else {
      throw ValidationError("\(text): a width is 2 to 100 centimetres, such as 8.5 or 8.5cm")
    }
    return value
  }
}
