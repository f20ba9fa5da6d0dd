import Foundation
import Tensors
import Testing

/// Shards and their merging, by the real program.
@Suite("Shards of commands")
struct ShardCommandTests {
  let program: Program

  init() throws { program = try Program() }

  private func found(_ words: String, parts: Int) throws -> Program.Ending {
    var paths: [String] = []
    for i in 1...parts {
      paths.append(program.path("\(words.hashValue)-\(i).part"))
      let ending = try program.run(words + " --quiet --shard \(i)/\(parts) --output", [paths[i - 1]])
      #expect(ending.status == 0 && ending.text.hasPrefix("part \(i) of \(parts)"), "\(ending.errors)")
    }
    return try program.run("merge --json --quiet", paths)
  }

  @Test(
    "What parts give is what one run gives, byte for byte",
    arguments: [
      "perturb lenet-shapes --images shapes --range 3..33",
      "predict lenet-shapes --images shapes --range 0..31 --logits",
      "fool lenet-shapes --images shapes --range 0..20 --perturbation random:3 --radius 3",
      "within lenet-shapes --images shapes --range 0..10 --basis random:1 --dimension 1,8",
      "shape lenet-shapes --images shapes --range 0..10 --basis random:1 --dimension 1,4 --draws 2 --step 1",
    ])
  func bytes(words: String) throws {
    let one = try program.run(words + " --json --quiet --no-cache")
    let merged = try found(words, parts: 3)
    #expect(one.status == 0 && merged.status == 0, "\(one.errors) \(merged.errors)")
    #expect(merged.output == one.output && !one.output.isEmpty)
  }

  @Test("Arrays and text are those of one run; the batch script does the same as a loop")
  func arrays() throws {
    let words = "perturb lenet-shapes --images shapes --range 0..12"
    let one = try program.run(words + " --quiet --output", [program.path("one.npy")])
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Assets/slurm/array.sh"
    ).standardized.path
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script, "lenet-shapes", "shapes", "0..12"]
    process.environment = program.settings([
      "BOUNDARYSCOPE": Child.program, "PARTS": "4", "FOLDER": program.path("parts"),
    ])
    process.standardOutput = Pipe()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let paths = try FileManager.default.contentsOfDirectory(atPath: program.path("parts")).map {
      program.path("parts/\($0)")
    }
    #expect(paths.count == 4)
    let merged = try program.run("merge --quiet", paths + ["--output", program.path("merged.npy")])
    #expect(merged.output == one.output && one.status == 0, "\(merged.errors)")
    let files = try ["one.npy", "merged.npy"].map { try Data(contentsOf: URL(filePath: program.path($0))) }
    #expect(files[0] == files[1])
  }

  @Test("A job array's part is the one that it names, wherever its numbers begin")
  func slurm() throws {
    let words =
      "predict lenet-shapes --images shapes --range 0..9 --quiet --shard slurm --output \(program.path("x"))"
    for (id, count, least, says) in [("0", "3", "0", "part 1 of 3"), ("16", "3", "14", "part 3 of 3")] {
      let ending = try program.run(
        words,
        environment: [
          "SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_COUNT": count, "SLURM_ARRAY_TASK_MIN": least,
        ])
      #expect(ending.text.hasPrefix(says), "\(ending.text)\(ending.errors)")
    }
    let bare = try program.run(words)
    #expect(bare.status == 64 && bare.complainsOnce, "\(bare.errors)")
    let gap = try program.run(
      words,
      environment: ["SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1"])
    #expect(gap.status == 64 && gap.complainsOnce, "\(gap.errors)")
  }

  @Test("What is no part, no set of parts, or out of range gets one sentence and its status")
  func refusals() throws {
    let words = "predict lenet-shapes --images shapes --range 0..4 --quiet"
    for (options, status) in [
      ("--shard 0/3 --output x", 64), ("--shard 4/3 --output x", 64), ("--shard 2 --output x", 64),
      ("--shard 1/2", 64), ("--shard 5/9 --output \(program.path("y"))", 64),
    ] {
      let ending = try program.run("\(words) \(options)")
      #expect(ending.status == status && ending.complainsOnce, "\(options): \(ending.errors)")
    }
    let part = program.path("a.part")
    _ = try program.run("\(words) --shard 1/2 --output", [part])
    let other = program.path("b.part")
    _ = try program.run(
      "predict nin-shapes --images shapes --range 0..4 --quiet --shard 2/2 --output", [other])
    for paths in [[part], [part, part], [part, other], [program.path("none")], ["/dev/null"]] {
      let ending = try program.run("merge", paths)
      #expect(ending.status == 65 && ending.complainsOnce, "\(paths): \(ending.errors)")
    }
  }

  @Test(
    "A part that was made by hand, with a right digest, is refused in a sentence or taken",
    arguments: [
      "predict lenet-shapes --images shapes --range 0..3",
      "perturb lenet-shapes --images shapes --range 0..3",
      "fool lenet-shapes --images shapes --range 0..3 --perturbation random:1 --radius 3",
    ])
  func hostile(command: String) throws {
    let part = program.path("p.part")
    #expect(try program.run("\(command) --quiet --shard 1/1 --output", [part]).status == 0)
    let bytes = try Data(contentsOf: URL(filePath: part))
    let start = "boundaryscope part 1\n".utf8.count
    let length = bytes[start..<start + 8].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let json = String(decoding: bytes[(start + 8)..<(start + 8 + length)], as: UTF8.self)
    let rest = bytes[(start + 8 + length)..<(bytes.count - 64)]
    // Every number of the document in turn becomes another; those of the outcome stand within a string there.
    let numbers = json.ranges(of: /-?[0-9][0-9.e+-]*/)
    for place in numbers.indices where place % max(1, numbers.count / 24) == 0 {
      for other in ["-1", "4611686018427387904", "null"] {
        let changed = Data(json.replacingCharacters(in: numbers[place], with: other).utf8)
        let size = withUnsafeBytes(of: UInt64(changed.count).littleEndian) { Data($0) }
        let whole = bytes[..<start] + size + changed + rest
        try program.file("h.part", whole + Data(Self.digest(of: whole).utf8))
        let ending = try program.run("merge --quiet", [program.path("h.part")])
        #expect(
          ending.status == 0 || [65, 66].contains(ending.status) && ending.complainsOnce,
          "\(json[numbers[place]]) → \(other): \(ending.status) \(ending.errors)")
      }
    }
  }

  private static func digest(of bytes: Data) -> String {
    var digest = Digest()
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.hexadecimal
  }
}
