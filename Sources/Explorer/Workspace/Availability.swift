/// Something that the session brings when it is asked: it is asked for once, and comes or does not; absent, it was never
/// asked for.
enum Availability<Value: Sendable>: Sendable {
  case asked
  case there(Value)
  /// One sentence that says why.
  case failed(String)

  var value: Value? { if case .there(let value) = self { value } else { nil } }
  var failure: String? { if case .failed(let sentence) = self { sentence } else { nil } }
  var isAsked: Bool { if case .asked = self { true } else { false } }
}
