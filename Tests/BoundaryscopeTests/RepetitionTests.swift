import Foundation
import Testing

/// Equal commands give equal bytes, however they are run.
@Suite("Repetition")
struct RepetitionTests {
  let program: Program

  init() throws { program = try Program() }

  static let commands = [
    "predict lenet-shapes --images shapes --range 0..20 --logits",
    "perturb lenet-shapes --images shapes --range 0..6",
    "noise lenet-shapes --images shapes --range 0..10 --share 0.3",
    "universal lenet-shapes --images shapes --range 0..8 --radius 2 --passes 1",
    "universal lenet-shapes --images shapes --range 0..8 --method normals --radius 2",
    "curvature lenet-shapes --images shapes --range 0..8 --step 1 --eigenvectors 3 --iterations 8",
    "normals lenet-shapes --images shapes --range 0..8",
    "section lenet-shapes --images shapes --range 0..3 --index 1 --size 9x7",
  ]

  @Test("threads and cache change no byte", arguments: commands)
  func equalBytes(_ command: String) throws {
    let array =
      command.hasPrefix("predict") || command.hasPrefix("noise") || command.hasPrefix("section")
      ? "" : " --output \(program.path("array.npy"))"
    var documents: [Data] = []
    var arrays: [Data?] = []
    for options in ["--no-cache --threads 2", "--threads 1", ""] {
      let ending = try program.run("\(command) --json \(options)\(array)")
      #expect(ending.status == 0, "\(ending.errors)")
      documents.append(ending.output)
      arrays.append(try? Data(contentsOf: URL(filePath: program.path("array.npy"))))
    }
    #expect(documents.allSatisfy { $0 == documents[0] })
    #expect(arrays.allSatisfy { $0 == arrays[0] })
    #expect(array.isEmpty || arrays[0] != nil)
  }

  /// Kernels of OpenBLAS that this processor runs.
  static let kernelFamilies: [String] = {
    let features = Set(
      ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
        .first { $0.hasPrefix("flags") }?.split(separator: " ").map(String.init) ?? [])
    let needs = [
      ("Prescott", "pni"), ("Nehalem", "sse4_2"), ("Sandybridge", "avx"), ("Haswell", "avx2"),
      ("Zen", "avx2"),
      ("SkylakeX", "avx512vl"),
    ]
    return needs.filter { features.contains($0.1) }.map(\.0)
  }()

  @Test(
    "the user's choice of kernels stands, and none changes a logit by more than rounding",
    .enabled(if: !kernelFamilies.isEmpty), arguments: kernelFamilies)
  func kernels(family: String) throws {
    func logits(_ environment: [String: String]) throws -> [Double] {
      let ending = try program.run(
        "predict \(Family.folder)/transformer.onnx --images \(Family.pictures) --json --logits --no-cache",
        environment: environment)
      #expect(ending.status == 0, "\(ending.errors)")
      let answer = try JSONSerialization.jsonObject(with: ending.output) as? [String: Any]
      let images = answer?["predictions"] as? [[String: Any]] ?? []
      return images.flatMap { $0["logits"] as? [Double] ?? [] }
    }
    let (own, usual) = (try logits(["OPENBLAS_CORETYPE": family]), try logits([:]))
    #expect(own.count == usual.count && own.count > 10)
    for (a, b) in zip(own, usual) { #expect(abs(a - b) < 1e-4 * usual.map(abs).max()!) }
    let doctor = try program.run("doctor", environment: ["OPENBLAS_CORETYPE": family])
    #expect(doctor.text.contains(family), "\(doctor.text)")
  }

  @Test("another seed gives another direction")
  func seeds() throws {
    let command = "universal lenet-shapes --images shapes --range 0..2 --method random --radius 1 --json"
    let arrays = try (1...2).map { seed in
      _ = try program.run("\(command) --seed \(seed) --output", [program.path("\(seed).npy")])
      return try Data(contentsOf: URL(filePath: program.path("\(seed).npy")))
    }
    #expect(arrays[0] != arrays[1])
  }

  @Test("a kept outcome is used, and --no-cache leaves nothing behind")
  func cache() throws {
    let command = "perturb lenet-shapes --images shapes --range 0..2 --json"
    _ = try program.run("\(command) --no-cache")
    #expect(!FileManager.default.fileExists(atPath: program.path("cache")))
    _ = try program.run(command)
    #expect(FileManager.default.fileExists(atPath: program.path("cache/boundaryscope/results")))
  }

  @Test(
    "a cache that cannot be written is told once, and everything works",
    arguments: ["/dev/null", "/proc/none"])
  func unwritableCache(_ folder: String) throws {
    let command = "universal lenet-shapes --images shapes --range 0..8 --method normals --radius 2 --json"
    let with = try program.run(command)
    let without = try program.run(command, environment: ["XDG_CACHE_HOME": folder])
    #expect(without.status == 0)
    #expect(without.output == with.output)
    #expect(without.complainsOnce && without.errors.contains(folder), "\(without.errors)")
  }

  @Test("a damaged cache counts as none")
  func damagedCache() throws {
    let command = "normals lenet-shapes --images shapes --range 0..4 --json"
    let first = try program.run(command)
    let cache = try #require(FileManager.default.enumerator(atPath: program.path("cache")))
    for case let name as String in cache where name.hasSuffix(".json") || name.hasSuffix(".f32") {
      try program.file("cache/\(name)", Data([1, 2, 3]))
    }
    let second = try program.run(command)
    #expect(second.status == 0 && second.output == first.output)
    #expect(second.errors.isEmpty, "\(second.errors)")
  }
}
