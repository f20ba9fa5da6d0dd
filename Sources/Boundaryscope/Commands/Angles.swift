internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Images
internal import Laboratory
internal import Tensors

/// The principal angles between two saved subspaces, beside those of random ones.
struct Angles: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two subspaces by their principal angles, with random subspaces beside.")

  @Argument(help: "m×C×H×W array.", completion: .file(extensions: ["npy"]))
  var first: String

  @Argument(help: "m×C×H×W array of the same images.", completion: .file(extensions: ["npy"]))
  var second: String

  @OptionGroup var runs: RunOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let (a, b) = (try basis(first), try basis(second))
    var angles = PrincipalAngles(.given(a), .given(b))
    angles.seed = runs.seed
    let o = try angles.outcome(between: a, b)
    try output.answer(o) {
      print(
        "\(o.first) × \(o.second): \(o.dimensions[0]) and \(o.dimensions[1]) directions of ℝ^\(o.ambient)")
      printTable(
        ["i", "cosine", "angle", "random, mean of \(angles.randomPairs)"],
        o.cosines.indices.map { i in
          [
            "\(i + 1)", Number.figure(o.cosines[i]), Number.figure(o.angles[i] * 180 / .pi) + "°",
            Number.figure(o.random[i]),
          ]
        })
      print("the largest cosine of any random pair is \(Number.figure(o.randomLargest))")
    }
  }

  private func basis(_ path: String) throws -> Basis {
    let array = try NPY.read(path)
    guard array.shape.rank >= 2, array.shape.count > 0, array.elements.allSatisfy(\.isFinite), array.norm > 0
    else {
      throw Refusal(.badData, "\(path) is \(array.shape); a basis is m×C×H×W of finite numbers, not all zero")
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    // C×H×W is one direction, m×d as many as it has rows.
    let vectors = array.shape.rank == 3 ? array.reshaped(to: Shape([1] + array.shape.extents)) : array
    return Basis(name: name, vectors: vectors)
  }
}
