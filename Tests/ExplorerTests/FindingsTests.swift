import Geometry
import Tensors
import Testing

@testable import Experiments
@testable import Explorer

@Suite("Findings that are kept")
struct FindingsTests {
  private func request(_ image: Int) -> Request {
    Request(Robustness(), Selection(image: image), model: "m", images: "i")
  }

  private func finding(elements: Int) -> Finding {
    Finding(
      Robustness.Outcome(
        count: 1, fooled: 0, refinement: .none, rho: Robustness.Rho(raw: nil, centred: nil), each: [],
        perturbations: Tensor(zeros: [elements])))
  }

  @Test("the oldest go once the arrays take more than their share of the memory, and the newest never")
  func bytes() {
    var findings = Findings()
    let megabyte = finding(elements: 1 << 18)
    for i in 0..<200 { findings.keep(megabyte, for: request(i)) }
    #expect((0..<200).map { findings[request($0)] != nil } == (0..<200).map { $0 >= 72 })
    // One that is found anew counts once.
    for _ in 0..<200 { findings.keep(megabyte, for: request(199)) }
    #expect(findings[request(72)] != nil)
    findings.keep(finding(elements: 1 << 26), for: request(500))
    #expect(findings[request(500)] != nil && findings[request(199)] == nil)
    findings.keep(megabyte, for: request(501))
    #expect(findings[request(501)] != nil && findings[request(500)] == nil)
  }

  @Test("small ones go by their number")
  func count() {
    var findings = Findings()
    for i in 0..<500 { findings.keep(finding(elements: 1), for: request(i)) }
    #expect(findings[request(99)] == nil && findings[request(100)] != nil)
  }
}
