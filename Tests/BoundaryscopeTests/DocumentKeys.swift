/// The keys of a document, spelled as paths: `rho.raw` in an object, `each[].norm` in every element of an array.
enum DocumentKeys {
  /// Those of `paths` that some part of the document has not; an empty array hides what its elements lack.
  static func missing(_ paths: String, in document: Any) -> [String] {
    paths.split(separator: " ").map(String.init).filter { !has($0.split(separator: ".")[...], document) }
  }

  private static func has(_ path: ArraySlice<Substring>, _ value: Any) -> Bool {
    guard let first = path.first else { return true }
    let isArray = first.hasSuffix("[]")
    let key = String(isArray ? first.dropLast(2) : first)
    guard let found = key.isEmpty ? value : (value as? [String: Any])?[key] else { return false }
    guard isArray else { return has(path.dropFirst(), found) }
    guard let elements = found as? [Any] else { return false }
    return elements.allSatisfy { has(path.dropFirst(), $0) }
  }
}
