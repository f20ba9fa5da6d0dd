import Foundation
import Testing

/// A screen and a command that ask the same find the same, and the screen says which command that is.
@Suite("One question, one value")
struct SameNumbersTests {
  private let program: Program
  private let images: String

  init() throws {
    program = try Program()
    images = program.path("small images.npy")
    let ending = try program.run("data export shapes --range 0..48 --output", [images])
    #expect(ending.status == 0, "\(ending.errors)")
  }

  /// Plays a script and gives the findings that it saved, by the name of the file and their own.
  private func play(_ script: String, by words: String = "explore") throws -> [String: [String: Any]] {
    let file = try program.file("\(UUID().uuidString).session", Data(script.utf8))
    let folder = program.path(UUID().uuidString)
    let ending = try program.run(words + " --batch --play", [file, "--output", folder])
    #expect(ending.status == 0, "\(ending.errors)")
    var all: [String: [String: Any]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".json") {
      let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
      let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      for (i, finding) in try #require(document["findings"] as? [[String: Any]]).enumerated() {
        all["\(name.dropLast(5)) \(i) \(finding["name"] ?? "")"] = finding
      }
    }
    return all
  }

  /// The keys whose values differ.
  private func differences(_ a: [String: Any], _ b: [String: Any]) throws -> [String] {
    func text(_ value: Any?) throws -> Data {
      try JSONSerialization.data(withJSONObject: [value ?? NSNull()], options: .sortedKeys)
    }
    return try b.keys.filter { key in try text(a[key]) != text(b[key]) }.sorted()
  }

  @Test("Every command beside an exported finding finds the same numbers")
  func commands() throws {
    let findings = try play(
      """
      images \(images)
      xi 2
      h 0.7
      wait
      show section
      left sf 2
      right sc 1
      wait
      save section
      show fooling
      do start
      wait
      save fooling
      """)
    #expect(findings.count >= 8)
    try check(findings)
  }

  @Test("so do those of scans, of transfer and of angles between two models")
  func commandsOfSeveral() throws {
    let findings = try play(
      """
      images \(images)
      xi 2
      wait
      show spectrum
      key b b b
      do start
      wait
      save scan
      show transfer
      do start
      wait
      save transfer
      """)
    let commands = findings.values.compactMap { ($0["command"] as? String)?.split(separator: " ")[1] }
    #expect(commands.contains("scan") && commands.contains("transfer") && commands.contains("angles"))
    try check(findings)
  }

  private func check(_ findings: [String: [String: Any]]) throws {
    for (name, finding) in findings.sorted(by: { $0.key < $1.key }) {
      let line = try #require(finding["command"] as? String, "\(name)")
      #expect(line.contains("'\(images)'"))
      let words = line.replacingOccurrences(of: "'\(images)'", with: "IMAGES").split(separator: " ")
        .dropFirst()
      let arguments = words.map { $0 == "IMAGES" ? images : String($0) }
      let ending = try program.run("", arguments + ["--json"])
      #expect(ending.status == 0, "\(line): \(ending.errors)")
      let found = try #require(try ending.document() as? [String: Any])
      let own = try #require(finding["outcome"] as? [String: Any])
      #expect(try differences(found, own).filter { $0 != "index" } == [], "\(line)")
    }
  }

  @Test("Another model and back keeps what the command line says of preprocessing")
  func preprocessing() throws {
    func numbers(_ script: String) throws -> [String: Any] {
      let findings = try play(
        "images \(images)\nxi 2\nwait\n\(script)\nwait\nsave pick",
        by: "explore lenet-shapes --mean 0.2 --std 0.7")
      let finding = try #require(findings["pick 1 perturbation"])
      #expect((finding["command"] as? String)?.contains("--mean 0.2 --std 0.7") == true)
      return try #require(finding["outcome"] as? [String: Any])
    }
    let at = try numbers("image 3")
    #expect(try differences(numbers("image 3\nmodel nin-shapes\nwait\nmodel lenet-shapes"), at) == [])
    let plain = try play("images \(images)\nxi 2\nwait\nimage 3\nwait\nsave pick")
    let other = try #require(plain["pick 1 perturbation"]?["outcome"] as? [String: Any])
    #expect(try differences(other, at) != [])
  }

  @Test("A picture that cannot be read keeps no session waiting")
  func brokenPicture() throws {
    try FileManager.default.createDirectory(
      atPath: program.path("pictures"), withIntermediateDirectories: true)
    let header = Data("P6\n32 32\n255\n".utf8)
    for i in 0..<12 {
      let pixels = Data((0..<3072).map { UInt8(truncatingIfNeeded: $0 &* (i + 7)) })
      _ = try program.file("pictures/\(i + 10).ppm", header + (i == 9 ? pixels.prefix(100) : pixels))
    }
    let script = try program.file(
      "s.session", Data("images \(program.path("pictures"))\nwait".utf8))
    let ending = try program.run("explore --batch --play", [script])
    #expect(ending.status == 0, "\(ending.errors)")
    for line in [
      "predict lenet-shapes", "perturb lenet-shapes", "noise lenet-shapes", "inspect lenet-shapes",
    ] {
      let ending = try program.run("\(line) --json --images", [program.path("pictures")])
      #expect(ending.status == 0, "\(line): \(ending.errors)")
      let isTold = ending.errors.contains("1 picture is left out, 11 are used")
      #expect(isTold || line.hasPrefix("inspect"), "\(line): \(ending.errors)")
    }
  }
}
