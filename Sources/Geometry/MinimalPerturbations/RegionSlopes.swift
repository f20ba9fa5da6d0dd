internal import Networks
internal import Tensors

/// The region margin G of images, and ∇G with respect to their pixels.
struct RegionSlopes {
  /// Whether an image's logits are finite: where not, its margin and gradient are of no use.
  let isKnown: [Bool]
  let margins: [Float]
  let gradients: Tensor

  /// Takes images N×C×H×W and the label whose region each is in.
  ///
  /// Cost: a forward and a backward pass each.
  init(_ network: Network, of images: Tensor, own: [Int]) throws {
    let tiles = try network.mapTiles(of: images) { tile, range in
      let margin = Margin.region(own: own)
      let linearization = network.linearize(at: tile)
      let logits = linearization.logits
      let gradients = linearization.pullback(margin.gradient(logits, range: range))
      return (logits.rowsAreFinite, margin.values(logits, range: range), gradients)
    }
    (isKnown, margins) = (tiles.flatMap(\.0), tiles.flatMap(\.1))
    gradients = Tensor(concatenating: tiles.map(\.2))
  }
}
