internal import CBuild
internal import Tensors

/// What `--version` says: enough to make the same program again, and to know its numbers' last places.
enum Version {
  static let number = "0.1.0"

  static var description: String {
    """
    boundaryscope \(number)
    commit    \(commit ?? "unknown: built in a checkout")
    compiler  Swift \(swift), \(String(cString: build_compiler()))
    OpenBLAS  \(library), kernels \(kernels)
    """
  }

  /// The commit of the checkout that a package was built from; nil where it was built by hand.
  static var commit: String? {
    let commit = String(cString: build_commit())
    return commit.isEmpty ? nil : commit
  }

  private static var swift: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #else
      "6.3"
    #endif
  }

  private static var library: String {
    openBLASConfiguration().split(separator: " ").dropFirst().first.map(String.init) ?? "of unknown version"
  }

  private static var kernels: String {
    let family = kernelFamily()
    return replacedKernelFamily().map { "\(family) in place of \($0), which OpenBLAS chose" } ?? family
  }
}
