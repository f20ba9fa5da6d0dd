internal import ONNXSchema

/// The attributes of a node, by name and type, in the ranges that make sense for them.
struct Attributes {
  private let byName: [String: Onnx_AttributeProto]
  private let place: NodePlace

  /// No extent, kernel, stride or padding in a file that means it is larger.
  static let largest = 1 << 24

  init(_ node: Onnx_NodeProto, place: NodePlace) {
    byName = Dictionary(node.attribute.map { ($0.name, $0) }) { first, _ in first }
    self.place = place
  }

  /// No attributes at all.
  static let none = Attributes(Onnx_NodeProto(), place: NodePlace(type: "", node: ""))

  func has(_ name: String) -> Bool { byName[name] != nil }

  func integer(_ name: String, default value: Int) -> Int {
    byName[name].map { Int($0.i) } ?? value
  }

  func float(_ name: String, default value: Float) throws -> Float {
    guard let attribute = byName[name] else { return value }
    guard attribute.f.isFinite else {
      throw ModelError.badNode(place, problem: "\(name) is not a finite number")
    }
    return attribute.f
  }

  func string(_ name: String, default value: String) -> String {
    byName[name].map { String(decoding: $0.s, as: UTF8.self) } ?? value
  }

  func integers(_ name: String) -> [Int]? { byName[name].map { $0.ints.map { Int($0) } } }

  func floats(_ name: String) -> [Float]? { byName[name].map(\.floats) }

  func tensor(_ name: String) -> Onnx_TensorProto? { byName[name].map(\.t) }

  /// So many small integers, each at least `least`; `value` for each where the attribute is absent.
  func extents(_ name: String, count: Int, least: Int, default value: Int) throws -> [Int] {
    guard let found = integers(name) else { return [Int](repeating: value, count: count) }
    guard found.count == count, found.allSatisfy({ $0 >= least && $0 <= Self.largest }) else {
      throw ModelError.badNode(
        place,
        problem: "\(name) is \(found.prefix(8)); \(count) numbers from \(least) on are needed")
    }
    return found
  }
}
