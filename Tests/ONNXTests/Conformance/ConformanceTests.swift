internal import Foundation
internal import Testing

/// ONNX's own backend tests: every case passes, or stands on the list of exceptions with its reason.
@Suite("Conformance")
struct ConformanceTests {
  @Test(
    "a case passes unless it stands on the list of exceptions",
    arguments: ["node", "simple", "pytorch-converted", "pytorch-operator", "light"])
  func cases(set: String) throws {
    guard let folder = realData("onnx_backend/\(set)") else { return }
    let exceptions = try Self.exceptions()
    let cases = try ConformanceCase.all(in: folder)
    var passed = 0
    for c in cases {
      let problem = c.problem()
      if exceptions[c.description] != nil {
        #expect(problem != nil, "\(c) passes now: take it off the list of exceptions")
      } else {
        #expect(problem == nil, "\(c) \(problem ?? "")")
      }
      passed += problem == nil ? 1 : 0
    }
    #expect(!cases.isEmpty)
    print("conformance, \(set): \(passed) of \(cases.count) pass, \(cases.count - passed) are exceptions")
  }

  @Test("every exception has a reason, and stands there once")
  func list() throws {
    let exceptions = try Self.exceptions()
    #expect(exceptions.values.allSatisfy { $0.count > 8 })
    #expect(!exceptions.isEmpty)
  }

  /// The reason of each case on the list.
  private static func exceptions() throws -> [String: String] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/conformance_exceptions.txt").path
    var reasons: [String: String] = [:]
    var reason = ""
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    where line.first != "#" {
      if line.hasSuffix(":") {
        reason = String(line.dropLast())
      } else {
        for name in line.split(separator: " ") {
          #expect(reasons.updateValue(reason, forKey: String(name)) == nil, "\(name) stands there twice")
        }
      }
    }
    return reasons
  }
}
