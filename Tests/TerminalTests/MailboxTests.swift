import Drawing
import Foundation
import Terminal
import Testing

@Suite struct MailboxTests {
  @Test("Messages of many threads arrive once, each thread's in order")
  func manyThreads() throws {
    let mailbox = Mailbox<[Int]>(waking: try Waker())
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<500 { mailbox.post([thread, number]) }
    }
    let messages = mailbox.drain()
    #expect(messages.count == 4000)
    for thread in 0..<8 { #expect(messages.filter { $0[0] == thread }.map { $0[1] } == Array(0..<500)) }
    #expect(mailbox.drain().isEmpty)
  }

  @Test("A headless display keeps the last canvas")
  func headless() {
    let display = HeadlessDisplay(size: Size(rows: 2, columns: 3))
    var canvas = Canvas(display.size)
    canvas[1, 2] = Cell("x")
    display.show(Canvas(display.size))
    display.show(canvas)
    #expect(display.canvas?.text == "\n  x")
    #expect(display.frames == 2)
  }
}
