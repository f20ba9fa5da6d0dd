/// Why a page cannot be drawn, in one sentence.
package enum PageError: Error, CustomStringConvertible {
  /// Cairo, which draws PDF and PNG, is not installed.
  case noCairo(kind: String)
  case outOfMemory(kind: String)

  package var description: String {
    switch self {
    case .noCairo(let kind):
      "\(kind) needs cairo, which is not installed: apt-get install libcairo2, or choose another format"
    case .outOfMemory(let kind): "memory ran out while drawing the \(kind)"
    }
  }
}
