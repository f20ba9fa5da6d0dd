internal import CanonicalJSON
internal import Files
internal import Foundation
internal import Tensors

/// One entry of the store: a folder with `entry.json`, `outcome.json`, and a file of little-endian floats an array.
struct StoreEntry: Codable {
  /// What the entry belongs to.
  var key: String
  /// SHA-256 of `outcome.json`.
  var outcome: String
  var arrays: [Array]
  /// SHA-256 of all of the above.
  var digest = ""

  struct Array: Codable {
    var name: String
    var shape: [Int]
    /// SHA-256 of shape and elements.
    var digest: String
  }

  /// The outcome in the folder `path`; nil where it is missing, damaged, or another one's.
  static func read<Outcome: StoredOutcome>(_: Outcome.Type, key: String, from path: String) -> Outcome? {
    guard let index = contents(of: path + "/entry.json"),
      let entry = try? CanonicalJSON.decoder.decode(StoreEntry.self, from: index), entry.key == key,
      entry.digest == entry.computedDigest,
      let json = contents(of: path + "/outcome.json"), digest(of: json) == entry.outcome,
      var outcome = try? CanonicalJSON.decoder.decode(Outcome.self, from: json)
    else { return nil }
    var arrays: [String: Tensor] = [:]
    for array in entry.arrays {
      guard let tensor = read(array, from: path) else { return nil }
      arrays[array.name] = tensor
    }
    guard Set(arrays.keys) == Set(outcome.arrays.keys), arrays.count == entry.arrays.count else { return nil }
    outcome.arrays = arrays
    return outcome
  }

  /// Writes everything beside, then renames: the folder `path` is whole or not there.
  ///
  /// - Returns: the bytes that were written.
  static func write(
    _ outcome: some StoredOutcome, key: String, to path: String, within space: StoreSpace
  ) throws -> Int {
    let files = FileManager.default
    let draft = space.draft()
    try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: draft) }
    let json = try CanonicalJSON.encoder.encode(outcome)
    var entry = StoreEntry(key: key, outcome: digest(of: json), arrays: [])
    var bytes = json.count
    try json.write(to: URL(fileURLWithPath: draft + "/outcome.json"))
    for (name, tensor) in outcome.arrays.sorted(by: { $0.key < $1.key }) {
      entry.arrays.append(Array(name: name, shape: tensor.shape.extents, digest: digest(of: tensor)))
      bytes += tensor.shape.count * MemoryLayout<Float>.size
      try data(of: tensor).write(to: URL(fileURLWithPath: "\(draft)/\(name).f32"))
    }
    entry.digest = entry.computedDigest
    let index = try CanonicalJSON.encoder.encode(entry)
    try index.write(to: URL(fileURLWithPath: draft + "/entry.json"))
    try files.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try space.put(draft, at: path)
    return bytes + index.count
  }
}

// MARK: - Files

extension StoreEntry {
  /// No file of an entry is larger, in bytes.
  private static let largest = 1 << 34

  private static func contents(of path: String) -> Data? {
    (try? RegularFile.contents(of: path, atMost: largest)).map { Data($0) }
  }

  private static func read(_ array: Array, from path: String) -> Tensor? {
    guard array.shape.allSatisfy({ $0 >= 0 }), let count = elementCount(array.shape), count <= largest / 4,
      let data = contents(of: "\(path)/\(array.name).f32"), data.count == count * MemoryLayout<Float>.size
    else { return nil }
    let elements = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = data.copyBytes(to: buffer)
      initialized = count
    }
    let tensor = Tensor(shape: Shape(array.shape), elements: elements)
    return digest(of: tensor) == array.digest ? tensor : nil
  }

  /// Nil where the product overflows.
  static func elementCount(_ shape: [Int]) -> Int? {
    shape.reduce(1) { count, extent in
      count.flatMap { (count: Int) -> Int? in
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        return overflow ? nil : product
      }
    }
  }

  private static func data(of tensor: Tensor) -> Data { tensor.elements.withUnsafeBytes { Data($0) } }

  private static func digest(of tensor: Tensor) -> String {
    var digest = Digest()
    digest.update(tensor)
    return digest.hexadecimal
  }

  var computedDigest: String {
    var digest = Digest()
    for text in [key, outcome] + arrays.flatMap({ [$0.name, "\($0.shape)", $0.digest] }) {
      digest.update(text.utf8.count)
      digest.update(Swift.Array(text.utf8))
    }
    return digest.hexadecimal
  }

  private static func digest(of data: Data) -> String {
    var digest = Digest()
    data.withUnsafeBytes { digest.update($0) }
    return digest.hexadecimal
  }
}
