/// Why the program ends, as scripts see it (the values of sysexits.h, and the shell's 128 + 2).
package enum ExitStatus: Int32 {
  case success = 0
  /// A limit that a model has to keep is broken.
  case limitBroken = 1
  case usage = 64
  case badData = 65
  case noSuchFile = 66
  case unavailable = 69
  case failure = 70
  case cannotWrite = 73
  case hungUp = 129
  case interrupted = 130
  case terminated = 143
}
