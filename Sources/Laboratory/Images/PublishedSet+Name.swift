package import Images

/// The set of that name, which `NAME-train` names too.
package func publishedSet(named name: String) throws -> PublishedSet {
  if let set = PublishedSet.all.first(where: { name == $0.name || name == $0.trainName }) { return set }
  let known = PublishedSet.all.map(\.name).joined(separator: ", ")
  if ShapesSet.names.contains(name) {
    throw Refusal(.usage, "\(name) is drawn by the program and needs no installation; to install: \(known)")
  }
  throw Refusal(.usage, "no set is called \(name); to install: \(known)")
}
