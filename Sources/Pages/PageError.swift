/// Why a page cannot be drawn, in one sentence.
package enum PageError: Error, CustomStringConvertible {
  /// Cairo, which draws PDF and PNG, is not installed.
  case noCairo(kind: String)
  case outOfMemory(kind: String)

  package var description: String {
    switch self {
    case .noCairo(let kind):
      "\(kind) is drawn by cairo, which is not installed; apt-get install libcairo2, or choose a format without it"
    case .outOfMemory(let kind): "memory ran out while the \(kind) was drawn"
    }
  }
}
