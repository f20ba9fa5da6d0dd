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
