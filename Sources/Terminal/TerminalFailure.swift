/// Why there is no screen, in one sentence that says what would help.
public struct TerminalFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  /// `EX_UNAVAILABLE` of sysexits.h.
  public let exitStatus: Int32 = 69

  public init(_ description: String) { self.description = description }
}
