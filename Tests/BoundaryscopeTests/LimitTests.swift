import Foundation
import Glibc
import TestSupport
import Testing

/// What the system does not give: memory, files, streams that take what is written.
@Suite("Limits")
struct LimitTests {
  let program: Program

  init() throws { program = try Program() }

  /// How the program ends when a shell starts it, with everything that is set there, and what it says.
  private func shell(_ command: String) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let errors = program.path("\(UUID().uuidString).err")
    process.arguments = ["-c", "ulimit -c 0; " + command.replacing("PROGRAM", with: "\"\(Child.program)\"")]
    #expect(FileManager.default.createFile(atPath: errors, contents: nil))
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    process.environment = program.settings()
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: errors, encoding: .utf8))
  }

  @Test(
    "a standard error that takes nothing changes no status",
    arguments: ["2>/dev/full", "2>&-", "2>&- <&-", "2>&- >&- <&-"])
  func deadErrors(_ redirection: String) throws {
    #expect(try shell("exec PROGRAM predict none.onnx --images shapes \(redirection)").status == 66)
  }

  @Test("standard output that is closed or full is said, and ends with 73")
  func deadOutput() throws {
    for redirection in [">/dev/full", ">&-"] {
      let (status, errors) = try shell("exec PROGRAM data list --json \(redirection)")
      #expect(status == 73 && errors.contains("standard output"), "\(redirection): \(errors)")
    }
  }

  @Test("a file that may not become as long ends with 73, and nothing is left of it")
  func fileSize() throws {
    let output = program.path("r.npy")
    let (status, errors) = try shell(
      "ulimit -f 8; exec PROGRAM perturb lenet-shapes --images shapes --range 0..4 --no-cache --quiet --output \(output)"
    )
    #expect(status == 73 && errors.filter { $0 == "\n" }.count == 1, "\(errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: program.folder).allSatisfy { !$0.contains("npy") })
  }

  @Test("a progress line whose reader has gone ends nothing")
  func goneReader() throws {
    let (status, _) = try shell(
      "(PROGRAM predict none.onnx --images shapes; echo $? >\(program.path("s"))) 2>&1 | true")
    #expect(status == 0)
    for _ in 0..<100 where !FileManager.default.fileExists(atPath: program.path("s")) { usleep(50_000) }
    #expect(try String(contentsOfFile: program.path("s"), encoding: .utf8) == "66\n")
  }

  @Test("too few files are one sentence", arguments: [5, 6, 10, 16])
  func fewFiles(_ count: Int) throws {
    let (status, errors) = try shell(
      "ulimit -n \(count); exec PROGRAM predict lenet-shapes --images shapes --range 0..2")
    #expect(status == 69 && errors.contains("ulimit -n"), "\(count): \(errors)")
    #expect(errors.hasPrefix("boundaryscope: ") && errors.filter { $0 == "\n" }.count == 1, "\(errors)")
    // A soft limit is raised.
    let soft = try shell(
      "ulimit -S -n \(count); exec PROGRAM predict lenet-shapes --images shapes --range 0..2 --no-cache --quiet"
    )
    #expect(soft.status == 0, "\(soft.errors)")
  }

  /// AddressSanitizer reserves terabytes of address space at its start.
  @Test(
    "too little memory is one sentence", .enabled(if: sanitizerSettings["ASAN_OPTIONS"] == nil),
    arguments: [300, 520, 700])
  func memory(_ megabytes: Int) throws {
    let (status, errors) = try shell(
      "ulimit -v \(megabytes << 10); exec timeout 60 PROGRAM predict resnet18-cifar10 --images shapes --range 0..1000 --no-cache --quiet"
    )
    if status == 0 { return }
    #expect(status == 69 && errors.contains("memory"), "\(status) \(errors)")
    #expect(errors.hasPrefix("boundaryscope: ") && errors.filter { $0 == "\n" }.count == 1, "\(errors)")
  }

  @Test("an export of a session that cannot be written ends with 73, and leaves nothing")
  func sessionExport() throws {
    let folder = program.path("out")
    let lines = ["model lenet-shapes", "images shapes", "wait", "save a", "wait"]
    let script = try program.file("own.session", Data((lines.joined(separator: "\n") + "\n").utf8))
    let command = "exec PROGRAM --batch --json --no-cache --play \(script) --output \(folder)"
    #expect(try shell(command).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let sizes = try names.map {
      try #require(try FileManager.default.attributesOfItem(atPath: folder + "/" + $0)[.size] as? Int)
    }
    for name in names { try FileManager.default.removeItem(atPath: folder + "/" + name) }
    // Blocks of 512 bytes: some of the files fit, and not the longest.
    let blocks = (sizes.sorted()[sizes.count / 2] + 511) / 512
    #expect(blocks * 512 < sizes.max()!)
    let (status, errors) = try shell("ulimit -f \(blocks); \(command)")
    #expect(status == 73, "\(errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
