import Drawing
import Foundation
import Images
import Pages
import Synchronization
import TestSupport
import Testing

@testable import Explorer
@testable import Laboratory

/// Files that a session reads and writes.
@Suite("Files")
struct FileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = "\(folder.path)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test("A configuration that is read says what holds; an error names its line")
  func configuration() throws {
    let read = try Configuration("# mine\n\nseed = 7\ncolors = 256\ntheme = auto\n", path: "c")
    #expect(read["seed"] == "7" && read["colors"] == "256" && read["theme"] == nil && read["model"] == nil)
    for (text, line) in [("seed = -1", 1), ("\nframes = 0", 2), ("a\n", 1), ("\n\nhue = red", 3)] {
      let refusal = #expect(throws: Refusal.self) { try Configuration(text, path: "c") }
      #expect(refusal?.description.hasPrefix("c:\(line): ") == true, "\(refusal?.description ?? "")")
    }
  }

  @Test("The configuration that is printed reads as what it was made from")
  func documented() throws {
    let configuration = try Configuration("seed = 7\nglyphs = ascii\nkey quit = ^X", path: "c")
    let again = try Configuration(configuration.documented, path: "c")
    #expect(again.values == configuration.values && again.documented == configuration.documented)
  }

  @Test("A script that is no text, or not there, is refused in a sentence")
  func scripts() throws {
    let path = "\(folder.path)/binary"
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: path))
    #expect(throws: Refusal.self) { try ScriptFile.open(path) }
    let missing = #expect(throws: Refusal.self) { try ScriptFile.open(path + "-none") }
    #expect(missing?.status == .noSuchFile)
    #expect(try ScriptFile.open(try file("s", "wait\nshow section\n")).name.hasSuffix("/s"))
  }

  @Test("The bundled tour is a tour, and another has to have steps")
  func tours() throws {
    #expect(try TourFile.open(nil, in: BundledAssets.folder).steps.count == 10)
    #expect(throws: Refusal.self) { try TourFile.open(file("t", "show section\n"), in: nil) }
    #expect(throws: Refusal.self) { try TourFile.open(nil, in: nil) }
  }

  @Test("Assets are a folder with models in it")
  func assets() throws {
    #expect(try Assets.find(BundledAssets.folder.path).models.lastPathComponent == "models")
    let refusal = #expect(throws: Refusal.self) { try Assets.find(folder.path) }
    #expect(refusal?.description.hasPrefix("--assets '\(folder.path)'") == true)
  }

  @Test("A text in a picture's file is where PNG says, with its checksum, and the picture stays")
  func text() throws {
    let picture = Images.Picture(width: 2, height: 1, channels: 3, bytes: [1, 2, 3, 4, 5, 6])
    let plain = PNG.encode(picture)
    let described = PNGText.inserting("ξ = 3", into: plain)
    let path = "\(folder.path)/p.png"
    try Data(described).write(to: URL(filePath: path))
    #expect(try Images.Picture(contentsOf: path).bytes == picture.bytes)
    // Behind signature and header: length, "iTXt", "Description", five zeros, the text.
    let content = Array("iTXtDescription".utf8) + [0, 0, 0, 0, 0] + Array("ξ = 3".utf8)
    #expect(Array(described[37..<37 + content.count]) == content)
    let sum = described[37 + content.count..<41 + content.count].reduce(0) { $0 << 8 | UInt32($1) }
    #expect(sum == Self.checksum(content))
    #expect(described.count == plain.count + content.count + 8)
  }

  /// CRC-32 of ISO 3309, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { c, _ in c & 1 == 1 ? 0xEDB8_8320 ^ c >> 1 : c >> 1 }
    }
  }

  @Test("An export goes under a name that nothing bears, neither a file nor an array of an earlier one")
  func exportNames() throws {
    let exporter = Exporter(folder: folder.path)
    let export = Export(
      name: "section", formats: [.text], canvas: Canvas(Size(rows: 1, columns: 3)),
      provenance: Explorer(appearance: .plain).provenance, findings: [])
    #expect(try exporter.files(export) == "\(folder.path)/section.txt")
    #expect(try exporter.files(export) == "\(folder.path)/section-2.txt")
    let other = try TemporaryFolder()
    try Data().write(to: URL(filePath: "\(other.path)/section-left-margins.npy"))
    #expect(try Exporter(folder: other.path).files(export) == "\(other.path)/section-2.txt")
  }

  @Test(
    "A figure is exported as PDF, SVG with real text, and PNG; a screen without one as its cells, and never as PDF"
  )
  func exportFigure() throws {
    let plot = LinePlot(
      [.init("S_c", x: [1, 2], y: [3, 4]), .init("random", x: [1, 2], y: [1, 1])], horizontalTitle: "ξ, px")
    var export = Export(
      name: "fooling", formats: [.pdf, .svg, .png], canvas: Canvas(Size(rows: 2, columns: 3)),
      figure: .one(plot),
      provenance: Explorer(appearance: .plain).provenance, findings: [])
    #expect(try Exporter(folder: folder.path).files(export) == "\(folder.path)/fooling{.pdf,.svg,.png}")
    let svg = try String(contentsOfFile: "\(folder.path)/fooling.svg", encoding: .utf8)
    #expect(svg.contains(">S<tspan") && svg.contains("ξ, px") && svg.contains("&quot;seed&quot;"))
    #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/fooling.pdf")).starts(with: Data("%PDF".utf8)))
    let picture = try Images.Picture(contentsOf: "\(folder.path)/fooling.png")
    // 8.5 cm at 300 pixels an inch.
    #expect(picture.width == 1004)
    export.figure = nil
    export.name = "pick"
    #expect(try Exporter(folder: folder.path).files(export) == "\(folder.path)/pick{.svg,.png}")
    export.formats = [.pdf]
    #expect(throws: Refusal.self) { try Exporter(folder: folder.path).files(export) }
  }

  @Test("A film is exported beside its screen, and alone only where it has two pictures")
  func exportFilm() throws {
    let scene = FigureScene.one(LinePlot([.init("", x: [1, 2], y: [3, 4])]))
    var export = Export(
      name: "training", formats: [.text, .gif], canvas: Canvas(Size(rows: 1, columns: 3)),
      provenance: Explorer(appearance: .plain).provenance, findings: [])
    export.film = [scene, scene]
    #expect(try Exporter(folder: folder.path).files(export) == "\(folder.path)/training{.txt,.gif}")
    #expect(
      try Data(contentsOf: URL(filePath: "\(folder.path)/training.gif")).starts(with: Data("GIF89a".utf8)))
    export.film = [scene]
    export.name = "short"
    #expect(try Exporter(folder: folder.path).files(export) == "\(folder.path)/short.txt")
    export.formats = [.gif]
    #expect(throws: Refusal.self) { try Exporter(folder: folder.path).files(export) }
  }

  @Test("A watched folder tells of a file that was written, and of nothing once the watch has ended")
  func watch() throws {
    let told = Mutex<Set<String>>([])
    let arrived = DispatchSemaphore(value: 0)
    let watch = FolderWatch()
    watch.begin([URL(filePath: folder.path)]) { _, names in
      told.withLock { $0.formUnion(names) }
      arrived.signal()
    }
    _ = try file("a.onnx", "1")
    #expect(arrived.wait(timeout: .now() + 20) == .success)
    #expect(told.withLock { $0 } == ["a.onnx"])
    watch.end()
    _ = try file("b.onnx", "1")
    #expect(arrived.wait(timeout: .now() + 1) == .timedOut)
  }

  @Test("A watched folder tells again of what it is asked to")
  func watchAgain() throws {
    let told = Mutex<[Set<String>]>([])
    let arrived = DispatchSemaphore(value: 0)
    let watch = FolderWatch()
    watch.begin([URL(filePath: folder.path)]) { _, names in
      told.withLock { $0.append(names) }
      arrived.signal()
    }
    watch.tellAgain(of: ["a.onnx"], in: URL(filePath: folder.path))
    #expect(arrived.wait(timeout: .now() + 20) == .success)
    #expect(told.withLock { $0 } == [["a.onnx"]])
    watch.end()
  }

  @Test("A model is whole while it is the file that was inspected, and no more once it is written again")
  func whole() throws {
    let path = "\(folder.path)/net.onnx"
    let model = BundledAssets.folder.appending(path: "models/lenet-shapes.onnx")
    try Data(contentsOf: model).write(to: URL(filePath: path))
    let library = Library(folders: [URL(filePath: folder.path)])
    #expect(!library.isWhole(path))
    #expect(library.models(inspected: true).map(\.problem) == [nil])
    #expect(library.isWhole(path))
    // A profile beside it changes what is said of it.
    _ = try file("net.json", #"{"classes": ["a"]}"#)
    #expect(!library.isWhole(path))
    #expect(library.models(inspected: true)[0].problem != nil)
    usleep(20_000)
    truncate(path, 1000)
    #expect(!library.isWhole(path))
    #expect(library.models(inspected: true)[0].problem != nil && library.isWhole(path))
    unlink(path)
    #expect(library.models(inspected: true).isEmpty && !library.isWhole(path))
  }
}
