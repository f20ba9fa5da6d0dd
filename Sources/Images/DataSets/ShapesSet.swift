internal import Tensors

/// The procedural set: ten kinds of things on a ground, 32×32 RGB, drawn from a seed; the same bytes everywhere.
///
/// Pose, colours, pattern, relief, light, shadow, clutter, occlusion, exposure and noise vary. Every ten pictures in
/// succession hold each class once. Cost: about 0.3 ms a picture and core.
public struct ShapesSet: DataSet {
  /// The sets that the program brings along.
  public static let names = ["shapes", "shapes-train"]

  public let name: String
  public let count: Int
  public let classNames = Silhouette.allCases.map(\.name)
  public let labelling = Labelling.numbers
  private let seed: UInt64
  private let fitting: Fitting

  /// The bundled set of that name, if there is one: `shapes` to judge with, `shapes-train` to train on.
  public init?(named name: String, fitting: Fitting = Fitting()) {
    guard let index = ShapesSet.names.firstIndex(of: name) else { return nil }
    self.name = name
    self.fitting = fitting
    count = index == 0 ? 10_000 : 50_000
    seed = index == 0 ? 1 : 2
  }

  public func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    try batch(range, fitting) { index throws(ImageError) in picture(index) }
  }

  public func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    return range.map { silhouette($0).rawValue }
  }

  func picture(_ index: Int) -> Picture {
    var scene = Scene(generator: generator(seed, index))
    let bytes = scene.photograph(silhouette(index))
    return Picture(width: Scene.side, height: Scene.side, channels: 3, bytes: bytes)
  }

  /// What picture `index` shows: the classes in a random order, another one for every ten pictures.
  private func silhouette(_ index: Int) -> Silhouette {
    var classes = Silhouette.allCases
    var g = generator(seed &+ 1000, index / classes.count)
    for last in stride(from: classes.count - 1, to: 0, by: -1) { classes.swapAt(last, g.choice(last + 1)) }
    return classes[index % classes.count]
  }

  /// Changing these states changes every picture, and the bundled networks were trained on the pictures as they are.
  private func generator(_ seed: UInt64, _ stream: Int) -> SeededGenerator {
    var generator = SeededGenerator(
      state: seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(stream) &* 0xD1B5_4A32_D192_ED03)
    _ = generator.next()
    return generator
  }
}
