internal import Geometry
internal import LinearAlgebra
internal import Tensors

extension Subject {
  /// The images that an experiment is judged on, alone: the validation images where there are any, else the images.
  var judged: Subject { Subject(classifier: classifier, images: validation ?? images) }

  /// The images that an experiment learns from, alone.
  var learnt: Subject { Subject(classifier: classifier, images: images) }

  /// The images that an experiment learns from and those that it is judged on, alone.
  var taught: Subject { Subject(classifier: classifier, images: images, validation: validation) }

  /// The subspace of a basis, once it is sure that it suits the images and has these dimensions.
  ///
  /// The basis as it is where its rows are orthonormal, else an orthonormal one with the same leading spans.
  func subspace(_ basis: Basis, _ dimensions: [Int]) throws -> Subspace {
    try check(basis)
    guard let largest = dimensions.max(), dimensions.allSatisfy({ $0 > 0 }), largest <= basis.dimension else {
      throw SubjectError(
        "\(basis.name) has \(basis.dimension) directions; choose dimensions from 1 to \(basis.dimension)")
    }
    return try basis.subspace()
  }
}

extension Basis {
  func subspace() throws -> Subspace {
    let size = vectors.entryCount
    let rows = (0..<dimension).map { Array(vectors.entryElements($0)) }
    let isOrthonormal = rows.indices.allSatisfy { i in
      rows.indices.prefix(i + 1).allSatisfy { j in abs(dot(rows[i], rows[j]) - (i == j ? 1 : 0)) < 1e-3 }
    }
    if isOrthonormal { return Subspace(orthonormal: vectors.elements, dimension: size) }
    let subspace = Subspace(spanning: rows, dimension: size)
    guard subspace.count == rows.count else {
      throw SubjectError("the \(rows.count) directions of \(name) span only \(subspace.count) dimensions")
    }
    return subspace
  }
}

extension ExperimentContext {
  /// The boundary points of the subject's images, those that were reached.
  func boundary(of subject: Subject) throws -> MinimalPerturbations {
    let robustness = try outcome(of: Robustness(), on: subject)
    let found = robustness.minimalPerturbations(of: subject.images.images)
    let reached = found.fooledIndices.filter { found.norms[$0] > 0 }
    guard !reached.isEmpty else {
      throw SubjectError(
        "no image of \(subject.images.name) reached the boundary: "
          + Obstacle.summary(of: robustness.each.map(\.obstacle)))
    }
    return found.gathering(reached)
  }
}
