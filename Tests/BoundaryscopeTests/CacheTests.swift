import Foundation
import Glibc
import Testing

/// What the program keeps of earlier runs.
@Suite("Cache")
struct CacheTests {
  let program: Program

  init() throws { program = try Program() }

  private func usage(_ options: String = "") throws -> [String: Any] {
    let ending = try program.run("cache --json \(options)")
    #expect(ending.status == 0 && ending.errors.isEmpty, "\(ending.errors)")
    return try #require(ending.document() as? [String: Any])
  }

  @Test("cache says what is kept, limits it and clears it")
  func limits() throws {
    #expect(try usage()["entries"] as? Int == 0)
    #expect(try program.run("perturb lenet-shapes --images shapes --range 0..3 --json").status == 0)
    let kept = try usage()
    #expect(kept["entries"] as? Int == 1 && kept["limit"] as? Int == 1_000_000_000)
    // r and the normals of three images of 3×32×32.
    #expect((kept["bytes"] as? Int ?? 0) > 2 * 3 * 3072 * 4)
    #expect(try usage("--limit 1M")["limit"] as? Int == 1 << 20)
    let cleared = try usage("--clear")
    #expect(cleared["entries"] as? Int == 0 && cleared["bytes"] as? Int == 0)
    #expect(cleared["limit"] as? Int == 1 << 20)
  }
}

/// A fault of the program.
@Suite("Faults")
struct FaultTests {
  let program: Program

  init() throws { program = try Program() }

  @Test("end a command with one sentence and status 70", arguments: [SIGILL, SIGSEGV, SIGTRAP, SIGABRT])
  func fault(signal: Int32) throws {
    let errors = program.path("fault.err")
    let child = try Child(
      "curvature lenet-shapes --images shapes --range 0..100 --step 1 --no-cache".split(separator: " ")
        .map(String.init), program.settings(), output: "/dev/null", errors: errors)
    usleep(500_000)
    child.signal(signal)
    #expect(try child.status(within: 60) == 70)
    let text = try String(contentsOfFile: errors, encoding: .utf8)
    #expect(text.hasPrefix("boundaryscope: a fault of the program ended it (SIG"), "\(text)")
    #expect(text.filter { $0 == "\n" }.count == 1, "\(text)")
  }
}
