internal import Drawing
internal import Experiments
internal import Explorer
internal import Foundation
internal import Images
internal import Tensors

/// Writes what is on the screen into the working directory, never over a file that is there.
struct Exporter: Sendable {
  /// The message that says where, or why not.
  func write(_ kind: ExportKind) -> Message {
    do {
      switch kind {
      case .numbers(let name, let finding): return .exported(try writeNumbers(finding, name))
      case .screen(let name, let format, let canvas): return .exported(try writeScreen(canvas, format, name))
      }
    } catch {
      return .refused("\(error)")
    }
  }

  private func writeNumbers(_ finding: Finding, _ name: String) throws -> String {
    let path = free("boundaryscope-\(name)", "json")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try writeFile(try encoder.encode(finding), to: path)
    for (array, tensor) in finding.outcome.arrays where tensor.shape.count > 0 {
      try NPY.write(tensor, to: "\(path.dropLast(5))-\(array).npy")
    }
    return path
  }

  private func writeScreen(
    _ canvas: Canvas, _ format: ExportKind.ScreenFormat, _ name: String
  ) throws -> String {
    switch format {
    case .text: return try writeText(canvas.text + "\n", name, "txt")
    case .ansi: return try writeText(canvas.ansiText + "\n", name, "ansi")
    case .svg: return try writeText(canvas.svg, name, "svg")
    case .png:
      let path = free("boundaryscope-\(name)", "png")
      try PNG.write(Images.Picture(Raster.image(of: canvas)), to: path)
      return path
    }
  }

  private func writeText(_ text: String, _ name: String, _ suffix: String) throws -> String {
    let path = free("boundaryscope-\(name)", suffix)
    try writeFile(Data(text.utf8), to: path)
    return path
  }

  /// The first name in the row `name`, `name-2`, `name-3`, … that no file has.
  private func free(_ name: String, _ suffix: String) -> String {
    let names = ["\(name).\(suffix)"] + (2...9999).map { "\(name)-\($0).\(suffix)" }
    return names.first { !FileManager.default.fileExists(atPath: $0) }
      ?? "\(name)-\(UUID().uuidString).\(suffix)"
  }
}

/// Writes a whole file or none.
func writeFile(_ data: Data, to path: String) throws { try OutputFile.write(Array(data), to: path) }

extension Images.Picture {
  init(_ image: RGBImage) {
    self.init(width: image.width, height: image.height, channels: 3, bytes: image.bytes)
  }
}
