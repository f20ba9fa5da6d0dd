internal import Networks
internal import Tensors

/// What the arithmetic on a file's constants may take in all: a few bytes of loops and repetitions can ask for
/// everything that a machine has.
///
/// Weights are turned over, cast and dequantised, each a few times: so both bounds grow with the file.
final class FoldingBudget {
  private var elements: Int
  private var operations: Int

  /// - Parameter bytes: of the model file and its external data.
  init(bytes: Int) {
    // A file of 2⁴⁰ bytes leaves both far below the largest integer.
    let bytes = min(bytes, 1 << 40)
    elements = 1 << 25 + 16 * bytes
    operations = 1 << 34 + 4096 * bytes
  }

  static let problem =
    "the arithmetic on constants takes more memory or time than any trained network needs; export the model with its "
    + "constants folded"

  /// Whether an array of so many elements may be made.
  func allows(_ count: Int) -> Bool { count <= elements }

  /// Takes the elements that were made off what is left.
  func charge(elements count: Int, at place: NodePlace) throws {
    elements -= min(count, elements + 1)
    guard elements >= 0 else { throw ModelError.badNode(place, problem: Self.problem) }
  }

  func charge(operations count: Int, at place: NodePlace) throws {
    operations -= min(max(0, count), operations + 1)
    guard operations >= 0 else { throw ModelError.badNode(place, problem: Self.problem) }
  }
}
