internal import LinearAlgebra
internal import Tensors

extension ExperimentContext {
  /// The vectors of some directions, from the store where they are there; `count` says how many of a random subspace.
  ///
  /// - Throws: ``SubjectError`` where the subject's images do not suit, or a model is missing.
  func basis(_ directions: Directions, on subject: Subject, count: Int = 1) throws -> Basis {
    switch directions {
    case .given(let basis): return basis
    case .random(let seed): return .random(count, like: subject.images.images, seed: seed)
    case .universal(let universal):
      return Basis(
        name: directions.name, vectors: try outcome(of: universal, on: subject.taught).perturbation)
    case .curvature(let curvature):
      return Basis(
        name: directions.name, vectors: try outcome(of: curvature, on: subject.first(curvature.points)).basis)
    case .normals(let normals):
      return Basis(name: directions.name, vectors: try outcome(of: normals, on: subject.learnt).basis)
    case .image(let index): return Basis(name: directions.name, vectors: try subject.way(to: index))
    case .other(let model, let own):
      return try basis(own, on: try subject.other(model), count: count).named(directions.name)
    }
  }

  /// One direction, as the only one of its basis.
  func vector(_ direction: Direction, on subject: Subject) throws -> Basis {
    let basis = try basis(direction.directions, on: subject, count: direction.index + 1)
    try subject.check(basis)
    guard direction.index < basis.dimension else {
      throw SubjectError("\(direction.name): only \(basis.dimension) directions were learnt")
    }
    return basis.vector(direction.index, name: direction.name)
  }
}

extension Basis {
  /// A uniformly random subspace of the space of these images, of as many dimensions as that has at most.
  static func random(_ count: Int, like images: Tensor, seed: UInt64) -> Basis {
    var generator = SeededGenerator(seed: seed)
    let size = images.entryCount
    let rows =
      count == 1
      ? generator.unitVector(size)
      : Subspace.random(count: min(count, size), dimension: size, using: &generator).basis
    return Basis(
      name: "random", vectors: Tensor(shape: images.shape.batch(of: rows.count / size), elements: rows))
  }

  fileprivate func named(_ name: String) -> Basis { Basis(name: name, vectors: vectors) }
}

extension Subject {
  /// From the image that is looked at to image `index` of the set.
  fileprivate func way(to index: Int) throws -> Tensor {
    guard let image else { throw SubjectError("no image is chosen from which to go to image \(index)") }
    guard let place = images.indices.firstIndex(of: index) else {
      throw SubjectError("\(images.name) has no image \(index)")
    }
    let way = images.images.entry(place) - image.images
    guard way.norm > 0 else { throw SubjectError("image \(index) equals the image to start from") }
    return way
  }
}
