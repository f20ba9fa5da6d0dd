internal import CTerminal

/// How standard output ends.
public enum StandardOutput {
  /// Writes what is left; the error number of what was lost, now or earlier, nil where everything was written.
  public static func finish() -> Int32? {
    let problem = standard_output_finish()
    return problem == 0 ? nil : problem
  }

  /// Ends the process as a filter ends whose reader has gone.
  public static func endByBrokenPipe() { end_by_broken_pipe() }
}

/// How many files the process may have open at once.
public enum OpenFiles {
  /// Standard streams, the queues of the system's libraries, a terminal, a model with its data, images, a cache entry.
  public static let needed = 32

  /// At most `wanted`, after the limit was raised as far as that is allowed.
  public static func allowed(_ wanted: Int) -> Int { Int(open_files_allowed(Int32(wanted))) }
}
