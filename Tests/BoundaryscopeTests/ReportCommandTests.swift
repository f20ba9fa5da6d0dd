import Foundation
import Testing

/// `report` as people and pipelines call it.
@Suite("The report's command")
struct ReportCommandTests {
  let program: Program

  init() throws { program = try Program() }

  private static let words =
    "report lenet-shapes --images shapes --range 0..120 --seconds 3 --no-cache --quiet"

  @Test(
    "Every format holds the verdict; a file is whole or not there",
    arguments: ["text", "html", "markdown", "json"])
  func formats(format: String) throws {
    let ending = try program.run("\(Self.words) --format \(format)")
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.text.contains("No sign of trouble in what was tried."))
    if format == "json" {
      let tree = try JSONSerialization.jsonObject(with: Data(ending.text.utf8)) as? [String: Any]
      for key in [
        "schema", "verdict", "signs", "accuracy", "distance", "skipped", "seconds", "preprocessing",
      ] {
        #expect(tree?[key] != nil, "\(key)")
      }
    }
    let lost = try program.run("\(Self.words) --format \(format) --output /nowhere/page")
    #expect(lost.status == 73 && lost.complainsOnce)
  }

  @Test("A PDF goes to a pipe or a file, of one model or several, and is one")
  func pdf() throws {
    let piped = try program.run("\(Self.words) --format pdf")
    #expect(piped.status == 0 && piped.output.starts(with: Data("%PDF-".utf8)), "\(piped.errors)")
    let file = program.path("page.pdf")
    let words =
      "report lenet-shapes lenet-cure-shapes --images shapes --range 0..40 --seconds 2 --no-cache --quiet"
    let ending = try program.run("\(words) --format pdf --output \(file)")
    #expect(ending.status == 0 && ending.output.isEmpty, "\(ending.errors)")
    let bytes = try #require(FileManager.default.contents(atPath: file))
    #expect(bytes.starts(with: Data("%PDF-".utf8)) && bytes.suffix(6) == Data("%%EOF\n".utf8))
    let lost = try program.run("\(Self.words) --format pdf --output /nowhere/page.pdf")
    #expect(lost.status == 73 && lost.complainsOnce)
  }

  @Test(
    "Limits: silent where they hold, status 1 and a sentence where one is broken, 65 and 66 where they are none"
  )
  func limits() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func ending(_ json: String) throws -> Program.Ending {
      let file = folder.appending(path: "limits.json")
      try Data(json.utf8).write(to: file)
      return try program.run("\(Self.words) --check \(file.path)")
    }
    #expect(try ending(#"{"accuracy": 0.5, "signs": ["any"]}"#).status == 0)
    let broken = try ending(#"{"accuracy": 0.999}"#)
    #expect(broken.status == 1 && broken.complainsOnce && broken.errors.contains("0.999"), "\(broken.errors)")
    for wrong in ["[1", #"{"acuracy": 1}"#, #"{"accuracy": "much"}"#] {
      let refused = try ending(wrong)
      #expect(refused.status == 65 && refused.complainsOnce, "\(wrong): \(refused.errors)")
    }
    #expect(try program.run("\(Self.words) --check \(folder.path)/none.json").status == 66)
  }

  @Test("Two models are compared; a folder without models, and one model alone, are refused in a sentence")
  func comparison() throws {
    let options = "--images shapes --range 0..120 --seconds 6 --no-cache --quiet"
    let ending = try program.run("report lenet-shapes lenet-cure-shapes \(options) --json")
    #expect(ending.status == 0, "\(ending.errors)")
    let tree = try JSONSerialization.jsonObject(with: Data(ending.text.utf8)) as? [String: Any]
    #expect((tree?["models"] as? [Any])?.count == 2 && (tree?["comparisons"] as? [Any])?.count == 1)
    let empty = try program.run("report lenet-shapes /dev \(options)")
    #expect(empty.status == 66 && empty.complainsOnce, "\(empty.errors)")
  }
}
