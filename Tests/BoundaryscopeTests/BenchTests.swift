import Foundation
import Testing

/// Rates, as scripts read them.
@Suite("Bench")
struct BenchTests {
  let program: Program

  init() throws { program = try Program() }

  @Test("bench prints a rate for every job it is asked for, and the processor's peak")
  func rates() throws {
    let ending = try program.run("bench lenet --jobs forward,fooling --rounds 1 --threads 1 --json")
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try #require(ending.document() as? [String: Any])
    let rates = try #require(report["rates"] as? [String: Double])
    #expect(Set(rates.keys) == ["forward", "fooling"])
    #expect(rates.values.allSatisfy { $0 > 0 && $0.isFinite })
    let peak = try #require(report["peak"] as? [String: Double])
    #expect(peak["gflops"]! > 0 && peak["share"]! > 0 && peak["share"]! < 3)
    #expect(report["torch"] == nil && report["ratio"] == nil)
  }

  @Test("bench refuses a job that there is not, and a Python without PyTorch")
  func refusals() throws {
    let job = try program.run("bench lenet --jobs backward")
    #expect(job.status == 64 && job.errors.contains("backward"))
    let python = try program.run(
      "bench lenet --jobs forward --rounds 1 --against torch --python /nonexistent/python")
    #expect(python.status == 69 && python.errors.contains("--python"))
  }
}
