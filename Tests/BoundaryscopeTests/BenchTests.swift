import Foundation
import Testing

/// Rates, as scripts read them.
@Suite("Bench")
struct BenchTests {
  let program: Program

  init() throws { program = try Program() }

  @Test("bench prints a rate for every job it is asked for, and the processor's peak")
  func rates() throws {
    let ending = try program.run(
      "bench lenet --jobs forward,fooling --rounds 1 --seconds 4 --threads 1 --json")
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try #require(ending.document() as? [String: Any])
    let rates = try #require(report["rates"] as? [String: Double])
    #expect(Set(rates.keys) == ["forward", "fooling"])
    #expect(rates.values.allSatisfy { $0 > 0 && $0.isFinite })
    let peak = try #require(report["peak"] as? [String: Double])
    #expect(peak["gflops"]! > 0 && peak["share"]! > 0 && peak["share"]! < 3)
    #expect(report["torch"] == nil && report["ratio"] == nil)
  }

  @Test("no job counts more images than there are, and one is refused")
  func fewImages() throws {
    // A record is a label and 3,072 bytes of an image.
    var records = Data((0..<2 * 3073).map { (i: Int) -> UInt8 in UInt8(i * 7 % 251) })
    (records[0], records[3073]) = (1, 2)
    let two = try program.file("two.bin", records)
    let ending = try program.run(
      "bench lenet --jobs forward,gradient,section --rounds 1 --seconds 3 --threads 1 --json --images", [two])
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try #require(ending.document() as? [String: Any])
    let jobs = try #require(report["jobs"] as? [String: [String: Any]])
    let counts = jobs.mapValues { $0["count"] as? Int ?? 0 }
    #expect(counts["forward"] == 2 && counts["gradient"] == 2)
    #expect(counts["section"]! >= 4)
    let one = try program.file("one.bin", records.prefix(3073))
    for words in ["bench lenet --jobs section --images", "bench lenet --scaling --images"] {
      let refused = try program.run(words, [one])
      #expect(refused.status == 65 && refused.errors.contains("one image"), "\(refused.errors)")
    }
  }

  @Test("--count says how many images a run has, and how many points at most a section")
  func count() throws {
    let ending = try program.run(
      "bench lenet --jobs forward,section --count 12 --rounds 1 --seconds 3 --threads 1 --json")
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try #require(ending.document() as? [String: Any])
    let jobs = try #require(report["jobs"] as? [String: [String: Any]])
    #expect(jobs["forward"]?["count"] as? Int == 12 && jobs["section"]?["count"] as? Int == 9)
    let two = try program.file("two.bin", Data(repeating: 3, count: 2 * 3073))
    let few = try program.run("bench lenet --jobs forward --count 12 --images", [two])
    #expect(few.status == 65 && few.errors.contains("2 images, fewer than --count 12"), "\(few.errors)")
    for words in [
      "bench lenet --count 3", "bench lenet --count 9000000000", "bench lenet --count 99999",
      "bench lenet --scaling --count 12",
    ] {
      let refused = try program.run(words)
      #expect(refused.status == 64 && refused.errors.contains("--count"), "\(refused.errors)")
    }
  }

  @Test("bench --scaling goes along every axis, and passes keep their bound on memory")
  func scaling() throws {
    let ending = try program.run("bench lenet --scaling --seconds 4 --threads 1 --json")
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try #require(ending.document() as? [String: Any])
    let axes = try #require(report["axes"] as? [[String: Any]])
    #expect(axes.count == 4)
    for axis in axes {
      let rows = try #require(axis["rows"] as? [[String: Double]])
      #expect(!rows.isEmpty && rows.allSatisfy { $0["rate"]! > 0 && $0["rate"]!.isFinite })
      let values = rows.map { $0["value"]! }
      #expect(values == values.sorted() && Set(values).count == values.count)
    }
    let bounds = try #require(report["bounds"] as? [[String: Double]])
    #expect(!bounds.isEmpty && bounds.allSatisfy { $0["memory"]! <= $0["value"]! })
  }

  @Test("bench refuses a job that there is not, and a Python without PyTorch")
  func refusals() throws {
    let job = try program.run("bench lenet --jobs backward")
    #expect(job.status == 64 && job.errors.contains("backward"))
    let time = try program.run("bench lenet --seconds 0")
    #expect(time.status == 64 && time.errors.contains("--seconds"))
    let rival = try program.run("bench lenet --scaling --against torch")
    #expect(rival.status == 64 && rival.errors.contains("--against"))
    let python = try program.run(
      "bench lenet --jobs forward --rounds 1 --against torch --python /nonexistent/python")
    #expect(python.status == 69 && python.errors.contains("--python"))
  }
}
