internal import CanonicalJSON
internal import Drawing
internal import Experiments
internal import Explorer
internal import Foundation
internal import Images
internal import Pages
internal import Tensors

/// Writes what is seen into a folder, never over a file that is there.
struct Exporter: Sendable {
  /// Where files go.
  var folder = "."

  /// The message that says where, or why not.
  func write(_ export: Export) -> Message {
    do {
      return .exported(try files(export))
    } catch {
      return .refused("\(error)")
    }
  }

  /// Writes all formats under one name, or nothing; returns what people read about it.
  func files(_ export: Export) throws -> String {
    let stem = free(export.name)
    if export.formats == [.pdf], export.figure == nil {
      throw Refusal(
        .unavailable, "this screen has no figure yet; PNG, SVG and text hold the screen itself")
    }
    if export.formats == [.gif], export.film.count < 2 {
      throw Refusal(
        .unavailable, "no film: the Training screen has one, once it shows the planes of two checkpoints")
    }
    let parameters = try text(of: Parameters(export))
    var written: [String] = []
    do {
      for format in Export.Format.allCases where export.formats.contains(format) {
        try write(export, format, to: stem, parameters, &written)
      }
    } catch {
      for path in written { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
    let suffixes = written.map { String($0.dropFirst(stem.count)) }
    return suffixes.count == 1 ? written[0] : "\(stem){\(suffixes.joined(separator: ","))}"
  }

  private func write(
    _ export: Export, _ format: Export.Format, to stem: String, _ parameters: String,
    _ written: inout [String]
  ) throws {
    let canvas = export.canvas
    func put(_ text: String, _ suffix: String) throws {
      try OutputFile.write(Array(text.utf8), to: stem + suffix)
      written.append(stem + suffix)
    }
    if let kind = FigureFile.Format(rawValue: format.rawValue), let figure = export.figure {
      // The screen itself stands in where a library is missing, unless the figure alone was asked for.
      let isDrawn = export.formats.count == 1 || (try? FigureFile.formats([kind])) != nil
      if isDrawn {
        let file = FigureFile(
          figure, titled: export.name, style: FigureStyle(), describedBy: parameters)
        try OutputFile.write(try file.bytes(kind), to: "\(stem).\(kind.rawValue)")
        return written.append("\(stem).\(kind.rawValue)")
      }
    }
    switch format {
    case .pdf: break
    case .png:
      guard canvas.size.rows > 0, canvas.size.columns > 0 else { return }
      let bytes = PNG.encode(Images.Picture(Raster.image(of: canvas)))
      try OutputFile.write(PNGText.inserting(parameters, into: bytes), to: stem + ".png")
      written.append(stem + ".png")
    case .svg: try put(canvas.svg(describedBy: parameters), ".svg")
    case .text: try put("\(canvas.text)\n\n\(parameters)\n", ".txt")
    case .ansi: try put("\(canvas.ansiText)\n\n\(parameters)\n", ".ansi")
    case .numbers: try writeNumbers(export, stem, &written)
    case .gif: try writeFilm(export, stem, &written)
    }
  }

  /// A second for three checkpoints; it is left out where a library is missing, unless it alone was asked for.
  private func writeFilm(_ export: Export, _ stem: String, _ written: inout [String]) throws {
    guard export.film.count > 1 else { return }
    if export.formats.count > 1, (try? FilmFile.checkPictures()) == nil { return }
    do {
      try OutputFile.write(FilmFile(export.film, delay: 0.3).bytes(.gif), to: stem + ".gif")
      written.append(stem + ".gif")
    } catch  where export.formats.count > 1 {
      return
    }
  }

  private func writeNumbers(_ export: Export, _ stem: String, _ written: inout [String]) throws {
    var document = Document(provenance: export.provenance, findings: [])
    let place = written.count
    for part in export.findings {
      var arrays: [String: String] = [:]
      for (array, tensor) in part.finding.outcome.arrays.sorted(by: { $0.key < $1.key })
      where tensor.shape.count > 0 {
        let path = "\(stem)-\(part.name)-\(array).npy"
        try NPY.write(tensor, to: path)
        arrays[array] = URL(filePath: path).lastPathComponent
        written.append(path)
      }
      document.findings.append(Document.Part(part, arrays))
    }
    try OutputFile.write(Array(try Self.encoder([.prettyPrinted]).encode(document)), to: stem + ".json")
    written.insert(stem + ".json", at: place)
  }

  private func text(of parameters: Parameters) throws -> String {
    String(decoding: try Self.encoder([]).encode(parameters), as: UTF8.self)
  }

  static func encoder(_ more: JSONEncoder.OutputFormatting) -> JSONEncoder {
    let encoder = CanonicalJSON.encoder
    encoder.outputFormatting.formUnion(more)
    return encoder
  }

  /// The first of `name`, `name-2`, `name-3`, … under which nothing lies: no file, and no array that belongs to one.
  private func free(_ name: String) -> String {
    let taken = Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    let prefix = folder == "." ? "" : folder + "/"
    for i in 1... {
      let stem = i == 1 ? name : "\(name)-\(i)"
      if !taken.contains(where: { $0.hasPrefix(stem + ".") || $0.hasPrefix(stem + "-") }) {
        return prefix + stem
      }
    }
    return prefix + name
  }
}

// MARK: - What stands in the files

extension Exporter {
  /// What every picture carries: where its numbers come from.
  private struct Parameters: Encodable {
    let screen: Provenance
    let requests: [String: Request]
    /// The command lines that find the same numbers, where there are any.
    let commands: [String: String]

    init(_ export: Export) {
      screen = export.provenance
      requests = Dictionary(export.findings.map { ($0.name, $0.request) }) { first, _ in first }
      commands = Dictionary(export.findings.compactMap { part in part.command.map { (part.name, $0) } }) {
        first, _ in first
      }
    }
  }

  private struct Document: Encodable {
    let provenance: Provenance
    var findings: [Part]

    struct Part: Encodable {
      let name: String
      let request: Request
      /// The command line that finds the same numbers; absent where none does.
      let command: String?
      let isPartial: Bool
      let outcome: Finding
      /// File names of the arrays, beside this one.
      let arrays: [String: String]

      init(_ part: Export.Part, _ arrays: [String: String]) {
        (name, request, isPartial) = (part.name, part.request, part.isPartial)
        command = part.command
        (outcome, self.arrays) = (part.finding, arrays)
      }
    }
  }
}
