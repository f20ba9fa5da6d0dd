import Networks
import Tensors
import Testing

@testable import Checkup
@testable import Experiments

@Suite("Verdict")
struct VerdictTests {
  private func sound() -> Evidence {
    var findings = Evidence()
    findings.classNames = ["a", "b", "c", "d", "e"]
    let truth = (0..<500).map { $0 % 5 }
    findings.confusion = Confusion(
      truth: truth, labels: truth.enumerated().map { $0 % 17 == 0 ? ($1 + 1) % 5 : $1 }, classes: 5)
    return findings
  }

  @Test("Nothing found is said so, with what was not tried")
  func nothing() {
    var findings = sound()
    findings.skipped = ["curvature (--seconds 90 has room for it)"]
    #expect(findings.verdict.count == 1)
    #expect(findings.verdict[0].sentence == "No sign of trouble in what was tried.")
    #expect(findings.verdict[0].action.contains("curvature"))
    #expect(findings.signs.allSatisfy { !$0.found })
  }

  @Test("Sentences come in the order of their consequence, five at most, each with evidence and action")
  func order() {
    var findings = sound()
    findings.confusion = Confusion(
      truth: (0..<500).map { $0 % 5 }, labels: (0..<500).map { [0, 3, 2, 1, 0][$0 % 5] }, classes: 5)
    findings.isInTrainingMode = true
    findings.passesStraight = true
    findings.calibration = Calibration(
      probabilities: [Double](repeating: 0.99, count: 200), isRight: (0..<200).map { $0 % 2 == 0 },
      logits: (0..<200).map { _ in [4, 0] }, truth: (0..<200).map { $0 % 2 })
    let told = findings.verdict
    #expect(told.count >= 4 && told.count <= 5)
    #expect(told.allSatisfy { !$0.evidence.isEmpty && !$0.action.isEmpty })
    let ranks = findings.signs.filter(\.found).map(\.rank)
    #expect(ranks == ranks.sorted())
    #expect(told[0].sentence == "Two classes are swapped.")
  }

  @Test("A network that answers every image alike is told so, and nothing of masked gradients")
  func constant() {
    var findings = sound()
    findings.logits = [[Float]](repeating: [0.5, 0.25, 0, -1, 2], count: 30)
    #expect(findings.isConstant)
    #expect(findings.verdict[0].sentence == "The network gives every image the same answer.")
    #expect(!findings.signs.contains { $0.name == "masked gradients" || $0.name == "dead input" })
    findings.logits[7][2] += 1e-3
    #expect(!findings.isConstant)
    #expect(findings.signs.contains { $0.name == "same answer to every image" && !$0.found })
    findings.logits = [[1, 2], [1, 2]]
    #expect(!findings.isConstant, "two images tell nothing")
  }

  @Test("Nothing is concluded while the pixels are in doubt")
  func doubt() {
    var findings = sound()
    findings.isInTrainingMode = true
    func entry(_ accuracy: Double, given: Bool) -> ReadingJudgement.Entry {
      ReadingJudgement.Entry(
        reading: PixelReading("bgr", channels: "bgr"), fit: nil, isGiven: given, count: 64,
        accuracy: accuracy, interval: nil, confidence: 1,
        entropy: 0)
    }
    findings.judgement = ReadingJudgement.Outcome(
      count: 64, labelled: 64, judged: [entry(0.9, given: false), entry(0.3, given: true)], isSuspect: true)
    #expect(findings.isInDoubt)
    #expect(findings.verdict.count == 1)
    #expect(findings.verdict[0].sentence.contains("pixels"))
  }
}
