import Explorer
import Jobs
import Testing

@testable import Laboratory

@Suite("Dialogue of a session")
struct DialogueTests {
  @Test("What a command answers comes after the commands that were given with it")
  func order() {
    let (first, second) = (JobID(1), JobID(2))
    var arranged: [[[JobID]]] = []
    Dialogue.hold(from: .tick(seconds: 0)) { message in
      switch message {
      case .tick: [.copy("a"), .arrange([[first]])]
      default: [.arrange([[second], [first]])]
      }
    } perform: { command in
      switch command {
      case .copy: return .said("copied", isProblem: false)
      case .arrange(let groups): arranged.append(groups)
      default: Issue.record("no other command was given")
      }
      return nil
    }
    #expect(arranged == [[[first]], [[second], [first]]])
  }
}
