package import Explorer

/// How a message is worked off: what a command answers at once is a message of its own, and follows when all commands
/// that came with the command are done.
///
/// Were it taken at once, the commands that follow from it would overtake those that the message still has, and an older
/// order of the jobs would replace a newer one.
package enum Dialogue {
  package static func hold(
    from message: Message, update: (Message) -> [Command], perform: (Command) -> Message?
  ) {
    var messages = [message]
    while !messages.isEmpty {
      messages += update(messages.removeFirst()).compactMap(perform)
    }
  }
}
