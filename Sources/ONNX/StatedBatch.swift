internal import Networks
internal import Tensors

// Models for a fixed number B of images, of which the graph is built for one.

/// Where an array for B images has the images: behind so many elements of the array for one, in the order of memory.
///
/// Then its axis `axis` holds them, as its outermost factor but for the `outer` that stand before them in that axis.
struct ImagePlace: Equatable {
  var axis: Int
  var outer = 1

  /// How many elements of the array for one image stand before the images.
  func elements(before shape: Shape) -> Int { shape.extents[..<axis].reduce(1, *) * outer }

  /// The places that so many elements before the images mean in an array of other extents: the end of one axis is the
  /// beginning of the next.
  static func all(behind elements: Int, in extents: [Int]) -> [ImagePlace] {
    var before = 1
    var places: [ImagePlace] = []
    for (axis, extent) in extents.enumerated() {
      if elements % before == 0, elements <= before * extent {
        places.append(ImagePlace(axis: axis, outer: elements / before))
      }
      before *= extent
    }
    return places
  }
}

extension GraphBuilder {
  /// Where the images are in a value; nil where that is not known.
  private func imagePlace(of edge: Edge) -> ImagePlace? {
    guard case .flowing(let operand, let shape) = edge else { return nil }
    if case .node(let i) = operand, imagePlaces.indices.contains(i) { return imagePlaces[i] }
    return shape.extents.first == 1 ? ImagePlace(axis: 0) : nil
  }

  /// Where the output of an operation has the images: transpositions and reshapes move them, others leave them where
  /// they are, or, where the first extent is 1 again, have them first.
  func imagePlace(behind operation: any Operation, _ inputs: [Edge], _ output: Shape) -> ImagePlace? {
    guard let first = inputs.first(where: { $0.value == nil }), let source = first.shape else { return nil }
    let place = imagePlace(of: first)
    if let transpose = operation as? Transpose, let place {
      return transpose.permutation.firstIndex(of: place.axis).map { ImagePlace(axis: $0, outer: place.outer) }
    }
    if operation is Reshape, let place {
      let places = ImagePlace.all(behind: place.elements(before: source), in: output.extents)
      // Images between two axes begin the second, unless that is what merged them with the first.
      return places.first { $0.outer == 1 } ?? places.first
    }
    let keeps = { (axes: Int) in output.extents.prefix(axes) == source.extents.prefix(axes) }
    if let place, output.rank == source.rank, keeps(place.outer == 1 ? place.axis : place.axis + 1) {
      return place
    }
    return output.extents.first == 1 ? ImagePlace(axis: 0) : nil
  }

  /// A stated shape for one image, where the model states it for B: the extent that holds the images is a B-th of it.
  ///
  /// That is the extent at whose place the images are; where that is not known, the first that is not 1 where the array
  /// begins with its images, since a reshape keeps the order of the elements, or the only one that makes them fit.
  func forOneImage(_ extents: [Int], of edge: Edge, for call: OperatorCall) throws -> [Int] {
    let shape = edge.shape!
    let beginsWithImages = shape.extents.first == 1
    guard statedBatch > 1, !(beginsWithImages && extents.first == 0) else { return extents }
    let stated = extents.enumerated().map { $1 == 0 && $0 < shape.rank ? shape[$0] : $1 }
    // A shape that the graph takes off its arrays is for one image already.
    let isForOne = !stated.contains(-1) || beginsWithImages && stated.first == 1
    if isForOne, filled(stated, shape) != nil { return extents }
    let readings = readings(of: stated, shape)
    let first = stated.firstIndex { $0 != 1 }
    if beginsWithImages, let reading = readings.first(where: { $0.axis == first }) { return reading.extents }
    if readings.count > 1, let place = imagePlace(of: edge) {
      let own = readings.filter { reading in
        let places = ImagePlace.all(
          behind: place.elements(before: shape), in: filled(reading.extents, shape)!)
        return places.contains { $0.axis == reading.axis }
      }
      if own.count == 1 { return own[0].extents }
    }
    guard readings.count < 2 else {
      throw call.missing(
        "an ambiguous shape for \(statedBatch) images; export the model for one image")
    }
    return readings.first?.extents ?? extents
  }

  /// The extents with one that is open filled in; nil where they do not hold the elements of `shape`.
  private func filled(_ extents: [Int], _ shape: Shape) -> [Int]? {
    guard let known = Shape(checking: extents.filter { $0 != -1 })?.count, known > 0 else { return nil }
    guard extents.contains(-1) ? shape.count % known == 0 : shape.count == known else { return nil }
    return extents.map { $0 == -1 ? shape.count / known : $0 }
  }

  /// The ways in which one axis of a stated shape may hold the images: its extent without them.
  private func readings(of stated: [Int], _ shape: Shape) -> [(axis: Int, extents: [Int])] {
    stated.indices.compactMap { axis in
      guard stated[axis] == -1 || stated[axis] % statedBatch == 0 else { return nil }
      var reading = stated
      if reading[axis] > 0 { reading[axis] /= statedBatch }
      return filled(reading, shape) == nil ? nil : (axis, reading)
    }
  }

  /// A constant that states the same for each of B images, once.
  func forOneImage(_ edge: Edge, beside other: Edge) -> Edge {
    guard statedBatch > 1, let value = edge.value, other.value == nil, let shape = other.shape,
      shape.rank == value.shape.rank, shape.rank > 1, shape[0] == 1, value.shape[0] == statedBatch
    else { return edge }
    let size = value.shape.count / statedBatch
    let entry = value.picking(Array(0..<size), shape: Shape([1] + value.shape.extents.dropFirst()))
    return entry.expanded(to: value.shape) == value ? .known(entry) : edge
  }
}
