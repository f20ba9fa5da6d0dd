import Foundation
import Testing

/// The Python module's own tests, with the program that was built.
@Suite("Python module")
struct PythonModuleTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Assets/python")

  /// `BOUNDARYSCOPE_PYTHON`, else the system's.
  private static let python =
    ProcessInfo.processInfo.environment["BOUNDARYSCOPE_PYTHON"] ?? "/usr/bin/python3"

  private static func run(_ words: [String], _ environment: [String: String] = [:]) throws -> (Int32, String)
  {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  static let hasNumPy = (try? run(["-c", "import numpy"]).0) == 0

  @Test("Its tests pass", .enabled(if: hasNumPy, "python3 has no NumPy"))
  func module() throws {
    let (status, text) = try Self.run(
      ["-B", "-m", "unittest", "discover", "-s", "tests"], ["BOUNDARYSCOPE_PROGRAM": Child.program])
    #expect(status == 0, "\(text.suffix(4000))")
  }

  @Test("It can be read by the oldest Python that it names", .enabled(if: hasNumPy, "python3 has no NumPy"))
  func syntax() throws {
    let check = """
      import ast, pathlib
      for path in pathlib.Path('boundaryscope').glob('*.py'): ast.parse(path.read_text(), feature_version=(3, 9))
      """
    #expect(try Self.run(["-c", check]).0 == 0)
  }
}
