internal import CTerminal

/// The addresses that the process may have, where they are limited (`ulimit -v`).
public enum AddressSpace {
  /// For the threads and the buffers that the system's libraries take before any work; they wait for ever without.
  public static let needed = 192 << 20

  /// Bytes that may still be had; nil where there is no limit.
  public static var left: Int? {
    let left = address_space_left()
    return left < 0 ? nil : Int(left)
  }
}

/// How many files the process may have open at once.
public enum OpenFiles {
  /// Standard streams, the queues of the system's libraries, a terminal, a model with its data, images, a cache entry.
  public static let needed = 32

  /// At most `wanted`, after the limit was raised as far as that is allowed.
  public static func allowed(_ wanted: Int) -> Int { Int(open_files_allowed(Int32(wanted))) }
}
