/// In which order jobs have their turns: first the groups of an arrangement, then what people wait for, then the rest.
///
/// Jobs of one group take turns; of all others each comes after the one before it.
public struct JobOrder: Sendable, Hashable {
  /// The most urgent first.
  public var groups: [[JobID]]

  public init(_ groups: [[JobID]] = []) { self.groups = groups }

  /// Where a job stands: lower comes first, equal take turns.
  public struct Key: Comparable, Hashable, Sendable {
    let rank: Int
    let number: Int

    public static func < (a: Key, b: Key) -> Bool { (a.rank, a.number) < (b.rank, b.number) }
  }

  /// Places a job by the first group that names it; without one, by its priority and then its number.
  public func key(_ id: JobID, _ priority: JobPriority) -> Key {
    if let group = groups.firstIndex(where: { $0.contains(id) }) { return Key(rank: group, number: 0) }
    return Key(rank: groups.count + (priority == .interactive ? 0 : 1), number: id.number)
  }
}
