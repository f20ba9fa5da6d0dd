internal import CanonicalJSON
internal import Drawing
internal import Foundation
internal import Networks

/// The image of a bundled set that shows most: along the universal direction its boundary bends within the picture, along a
/// random one it does not.
///
/// Chosen by the rule that `Tests/Golden/exemplar.py` applies: of the images that the model labels rightly, the one whose
/// boundary bends most along the direction of the UAP of norm R/5, where along the random direction of seed 1 it leaves
/// its tangent by no more than a fortieth of the picture's side.
struct Exemplar: Decodable {
  let model: String
  let images: String
  let image: Int
  /// How many images the rule looked at.
  let among: Int
  /// Mean curvatures over ±ξ at z along both directions, in 1/px.
  let universal: Double
  let random: Double

  var sentence: String {
    let number = { (x: Double) in Number.signed(x, 2) }
    return
      "Image \(image) first: of \(among) images its boundary bends most along UAP (mean κ over ±ξ \(number(universal)) / px) "
      + "while it is flat along a random direction (\(number(random)) / px)."
  }

  /// The one of a model with these images; nil where none was chosen.
  static func of(_ model: OpenModel, images: String, in assets: URL?) -> Exemplar? {
    guard let assets, let data = try? Data(contentsOf: assets.appending(path: "exemplars.json")),
      let all = try? CanonicalJSON.decoder.decode([Exemplar].self, from: data)
    else { return nil }
    return all.first { $0.model == model.classifier.name && $0.images == images }
  }
}
