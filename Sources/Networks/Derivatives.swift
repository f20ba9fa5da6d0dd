public import Tensors

/// Values and gradients of an objective at a batch of images.
public struct Gradients: Sendable {
  /// N×K.
  public let logits: Tensor
  /// g for each image, in logit units.
  public let values: [Float]
  /// ∇g with respect to the pixels, N×C×H×W.
  public let gradients: Tensor
}

extension Network {
  /// g and ∇g at every image.
  ///
  /// Cost: one forward and one backward pass each. Memory: one tile a thread.
  public func gradients(of objective: some Objective, at x: Tensor) throws -> Gradients {
    let tiles = try mapTiles(of: x) { tile, range in
      let linearization = Linearization(self, at: tile)
      let logits = linearization.logits
      try logits.checkLogits(from: range.lowerBound)
      let gradient = linearization.pullback(objective.gradient(logits, range: range))
      return (logits, objective.values(logits, range: range), gradient)
    }
    return Gradients(
      logits: Tensor(concatenating: tiles.map(\.0)), values: tiles.flatMap(\.1),
      gradients: Tensor(concatenating: tiles.map(\.2)))
  }

  /// g at every image: one forward pass each.
  public func values(of objective: some Objective, at x: Tensor) throws -> [Float] {
    try mapTiles(of: x) { tile, range in
      let logits = evaluate(tile)
      try logits.checkLogits(from: range.lowerBound)
      return objective.values(logits, range: range)
    }.flatMap { $0 }
  }

  /// The Jacobian of the logits, N×K×C×H×W: one forward pass and K backward passes each.
  public func jacobian(at x: Tensor) throws -> (logits: Tensor, jacobian: Tensor) {
    let size = x.entryCount
    var result: Result<[Tensor], any Error> = .success([])
    let jacobian = Tensor(shape: Shape([x.count, classCount] + x.shape.entry.extents)) { out in
      // Tiles fill parts of their own.
      nonisolated(unsafe) let out = out
      result = Result {
        try mapTiles(of: x, cotangentsOfEach: classCount) { tile, range in
          let part = range.lowerBound * classCount * size..<range.upperBound * classCount * size
          return try fill(UnsafeMutableBufferPointer(rebasing: out[part]), at: tile, from: range.lowerBound)
        }
      }
      if case .failure = result { out.update(repeating: 0) }
    }
    return (Tensor(concatenating: try result.get()), jacobian)
  }

  /// More elements than the cotangents of one round hold, K of each: classes beyond them go in further rounds.
  private static let mostUnits = 1 << 26

  /// Writes the Jacobian at the images of a tile; returns their logits.
  private func fill(
    _ out: UnsafeMutableBufferPointer<Float>, at tile: Tensor, from first: Int
  ) throws -> Tensor {
    let linearization = Linearization(self, at: tile)
    try linearization.logits.checkLogits(from: first)
    let (size, count) = (tile.entryCount, tile.count)
    let together = max(1, min(classCount, Self.mostUnits / max(1, count * classCount)))
    for start in stride(from: 0, to: classCount, by: together) {
      let classes = start..<min(start + together, classCount)
      let rows = linearization.pullbacks(units(classes, count: count), batches: classes.count)
      rows.elements.withUnsafeBufferPointer { rows in
        for n in 0..<count {
          for k in classes {
            (out.baseAddress! + (n * classCount + k) * size)
              .update(from: rows.baseAddress! + ((k - start) * count + n) * size, count: size)
          }
        }
      }
    }
    return linearization.logits
  }

  /// The cotangent that picks class k in every row: N×K.
  public func unit(_ k: Int, count: Int) -> Tensor {
    Tensor(shape: [count, classCount]) { out in
      for i in 0..<out.count { out[i] = i % classCount == k ? 1 : 0 }
    }
  }

  /// The cotangents that pick each of the classes in turn for a batch of `count`: (classes·count)×K.
  private func units(_ classes: Range<Int>, count: Int) -> Tensor {
    var units = Tensor(zeros: [classes.count * count, classCount])
    for (i, k) in classes.enumerated() {
      for n in 0..<count { units.elements[(i * count + n) * classCount + k] = 1 }
    }
    return units
  }

  /// One forward pass at the tile with its values kept; large batches go through ``mapTiles(of:_:)`` first.
  public func linearize(at tile: Tensor) -> Linearization { Linearization(self, at: tile) }
}

/// Which second derivative a number used; every result names its own.
public enum HessianProduct: Hashable, Sendable, Codable {
  /// ∇²g·v by forward over reverse; zero almost everywhere where the network is piecewise linear.
  case exact
  /// (∇g(x + h·v̂) − ∇g(x − h·v̂))·‖v‖ / 2h: the mean curvature over a window of radius h, in pixel units.
  /// Homogeneous and odd in v, but not additive.
  case secant(step: Float)
  /// The exact product of the network with softplus_β for rectifiers and log-sum-exp_β for maxima.
  case softened(beta: Float)
}

extension Network {
  /// ∇²g·v at every image, each along its own v: N×C×H×W → N×C×H×W.
  ///
  /// Cost for each image: exact and softened about four forward passes, secant two gradients.
  public func hessianProduct(
    _ product: HessianProduct, of objective: some Objective, at x: Tensor, along v: Tensor
  ) throws -> Tensor {
    switch product {
    case .exact: return try exactProduct(of: objective, at: x, along: v)
    case .softened(let beta): return try softened(beta: beta).exactProduct(of: objective, at: x, along: v)
    case .secant(let step): return try secantProduct(of: objective, at: x, along: v, step: step)
    }
  }

  private func exactProduct(of objective: some Objective, at x: Tensor, along v: Tensor) throws -> Tensor {
    try Tensor(
      concatenating: mapTiles(of: x) { tile, range in
        Linearization(self, at: tile).hessianProduct(objective, range: range, v[range])
      })
  }

  private func secantProduct(
    of objective: some Objective, at x: Tensor, along v: Tensor, step: Float
  ) throws -> Tensor {
    try Tensor(
      concatenating: mapTiles(of: x, pointsOfEach: 2) { tile, range in
        let v = v[range]
        let norms = v.entryNorms.map(Float.init)
        let scales = norms.map { $0 > 0 ? step / $0 : 0 }
        let gradients = gradientsOfPair(
          of: objective, range, tile.adding(v, scales: scales), tile.adding(v, scales: scales.map(-)))
        return (gradients.0 - gradients.1).scalingEntries(by: norms.map { $0 / (2 * step) })
      })
  }

  /// ∇g at two points of each image of a tile.
  ///
  /// Both go through the network side by side, so that they share what passes over the weights cost, and mostly which
  /// rectifiers are open; one after the other where the network does not keep the entries of a batch apart.
  private func gradientsOfPair(
    of objective: some Objective, _ range: Range<Int>, _ first: Tensor, _ second: Tensor
  ) -> (Tensor, Tensor) {
    guard keepsBatchesApart else {
      func gradient(_ point: Tensor) -> Tensor {
        let linearization = Linearization(self, at: point)
        return linearization.pullback(objective.gradient(linearization.logits, range: range))
      }
      return (gradient(first), gradient(second))
    }
    let linearization = Linearization(self, at: Tensor(pairing: first, second))
    let cotangents = linearization.logits.unpaired.map { objective.gradient($0, range: range) }
    let gradients = linearization.pullback(Tensor(pairing: cotangents[0], cotangents[1])).unpaired
    return (gradients[0], gradients[1])
  }
}

extension Tensor {
  /// Entries of two batches in turn.
  fileprivate init(pairing first: Tensor, _ second: Tensor) {
    self = Tensor(concatenating: (0..<first.count).flatMap { [first.entry($0), second.entry($0)] })
  }

  /// The two batches whose entries come in turn.
  fileprivate var unpaired: [Tensor] {
    (0..<2).map { first in gathering(Array(stride(from: first, to: count, by: 2))) }
  }
}

extension Tensor {
  /// Entry n plus scales[n] times entry n of `other`.
  public func adding(_ other: Tensor, scales: [Float]) -> Tensor {
    let size = entryCount
    return Tensor(shape: shape) { out in
      for n in 0..<count {
        for i in n * size..<(n + 1) * size { out[i] = elements[i] + scales[n] * other.elements[i] }
      }
    }
  }

  /// Entry n times scales[n].
  public func scalingEntries(by scales: [Float]) -> Tensor {
    precondition(scales.count == count, "\(scales.count) numbers for \(count) entries")
    return scaled(self, scales, nil, planes: entryCount)
  }
}
