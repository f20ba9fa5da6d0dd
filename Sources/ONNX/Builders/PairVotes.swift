internal import Networks
internal import Tensors

/// Scores of classes from decisions between two of them at a time.
enum PairVotes {
  /// sᵢ = min over j of dᵢⱼ: by how much class i wins its closest pair.
  ///
  /// Takes dᵢⱼ, positive where i wins against j, for i < j in order, 1×P; gives 1×K. Where a class wins all its pairs, as
  /// nearly everywhere, it has the largest score and the most votes, and the boundary to j is dᵢⱼ = 0, with a gradient
  /// that votes have not. Of two classes the score of the second, 1×1.
  static func classScores(
    _ decisions: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let pairs = decisions.shape!.count
    let opposite = try builder.add(Affine(scale: -1, shift: 0), of: [decisions], for: call)
    if pairs == 1 { return opposite }
    let classes = Int(saturating: (1 + Double(1 + 8 * pairs).squareRoot()) / 2)
    guard classes * (classes - 1) / 2 == pairs else {
      throw call.bad("\(pairs) decisions between pairs match no number of classes")
    }
    // The largest of −dᵢⱼ, whose opposite is the smallest of dᵢⱼ.
    let signed = try builder.add(Concatenation(axis: 1), of: [opposite, decisions], for: call)
    let indices = order(classes: classes, pairs: pairs)
    let rows = try builder.add(
      Gather(indices: indices, axis: 1, indexShape: [classes, classes - 1]), of: [signed], for: call)
    let worst = try builder.add(GlobalMaxPool(), of: [rows], for: call)
    let scores = try builder.add(Affine(scale: -1, shift: 0), of: [worst], for: call)
    return try builder.reshape(scores, to: [1, classes], for: call)
  }

  /// For each class, where among (−d, d) the −dᵢⱼ of its pairs stand.
  private static func order(classes: Int, pairs: Int) -> [Int] {
    var place: [[Int]] = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    var p = 0
    for i in 0..<classes {
      for j in i + 1..<classes {
        (place[i][j], place[j][i]) = (p, pairs + p)
        p += 1
      }
    }
    return (0..<classes).flatMap { i in (0..<classes).filter { $0 != i }.map { place[i][$0] } }
  }
}
