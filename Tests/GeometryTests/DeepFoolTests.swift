import LinearAlgebra
import Networks
import Tensors
import Testing

@testable import Geometry

@Suite("DeepFool")
struct DeepFoolTests {
  @Test("finds distance and normal of the nearest hyperplane of a linear classifier", arguments: [2, 4, 10])
  func hyperplanes(classes: Int) throws {
    let network = try TestNetworks.randomLinear(classes: classes, dimension: 8)
    let images = TestNetworks.images(30, dimension: 8)
    let found = try DeepFool.perturbations(of: images, network)
    let (logits, jacobian) = try network.jacobian(at: images)
    for n in 0..<images.count {
      let k = found.from[n]
      let row = Array(logits.entryElements(n))
      let distances = (0..<classes).filter { $0 != k }.map { j -> Double in
        let rows = Array(jacobian.entryElements(n))
        let d = (0..<8).map { rows[j * 8 + $0] - rows[k * 8 + $0] }
        return Double(row[k] - row[j]) / norm(d)
      }
      #expect(found.isFooled[n])
      #expect(abs(found.norms[n] - distances.min()!) < 1e-5 * (1 + distances.min()!))
      #expect(found.cosines[n] > 1 - 1e-5)
      // The margin is known to the rounding of the logits, which is more of ‖r‖ the nearer the boundary is.
      let rounding = 0x1p-22 * row.map(abs).max()! / (row[k] - row[found.to[n]])
      #expect(found.residuals[n] < max(1e-5, Double(rounding)))
      #expect(found.iterations[n] == 1)
      #expect(found.to[n] != k)
    }
  }

  @Test("the scale of the logits changes no distance", arguments: [1e-30, 1e30])
  func scales(factor: Float) throws {
    let weights = Tensor(shape: [3, 4], elements: (0..<12).map { Float($0 * 7 % 5) - 2 })
    let images = TestNetworks.images(5, dimension: 4)
    let plain = try DeepFool.perturbations(of: images, try TestNetworks.linear(weights, bias: [0, 0, 0]))
    let scaled = try DeepFool.perturbations(
      of: images, try TestNetworks.linear(factor * weights, bias: [0, 0, 0]))
    #expect(scaled.isFooled == plain.isFooled && plain.isFooled == [true, true, true, true, true])
    for n in 0..<5 { #expect(abs(scaled.norms[n] - plain.norms[n]) < 1e-5 * (1 + plain.norms[n])) }
  }

  @Test("an image at which two classes tie lies on the boundary, and has no r")
  func tie() throws {
    let weights = Tensor(shape: [3, 2], elements: [1, 0, 0, 1, -1, -1])
    let images = Tensor(shape: [3, 1, 1, 2], elements: [0.5, 0.5, 0.6, 0.5, 0.5, 0.7])
    let found = try DeepFool.perturbations(of: images, try TestNetworks.linear(weights, bias: [0, 0, 0]))
    #expect(found.obstacles == [.tie, nil, nil] && found.from == [0, 0, 1])
  }

  @Test("an image is lost where the iterations end before the label changes")
  func lost() throws {
    var settings = DeepFool.Settings()
    settings.iterations = 1
    let images = Tensor(shape: [1, 1, 1, 2], elements: [0.1, 0])
    // From x = 0.1 the tangent of 1 − x⁴ meets 0 far beyond its root: the label has changed, and one step suffices; the
    // tangent of x⁴ − 1 from x = 2 stops short of it.
    let far = Tensor(shape: [1, 1, 1, 2], elements: [2, 0])
    #expect(try DeepFool.perturbations(of: images, quartic(), settings: settings).obstacles == [nil])
    #expect(try DeepFool.perturbations(of: far, quartic(), settings: settings).obstacles == [.lost])
  }

  /// The logits x⁴ − 1 and 0.
  private func quartic() throws -> Network {
    var graph = Graph(imageShape: [1, 1, 1, 2])
    let flat = graph.append(Reshape(entry: [2]), of: [.image])
    let weights = Tensor(shape: [2, 2], elements: [1, 0, 0, 0])
    let x = graph.append(Dense(weights: weights, bias: nil), of: [flat])
    let square = graph.append(Multiplication(), of: [x, x])
    let fourth = graph.append(Multiplication(), of: [square, square])
    graph.append(
      Dense(weights: Tensor(shape: [2, 2], elements: [1, 0, 0, 1]), bias: [-1, 0]), of: [fourth])
    return try Network(graph)
  }

  @Test("an image where the margin has no slope is not found, wherever its label may change")
  func saturated() throws {
    var graph = Graph(imageShape: [1, 1, 1, 2])
    let flat = graph.append(Reshape(entry: [2]), of: [.image])
    let weights = Tensor(shape: [2, 2], elements: [1000, 0, -1000, 0])
    let z = graph.append(Dense(weights: weights, bias: nil), of: [flat])
    graph.append(Elementwise(.sigmoid), of: [z])
    // σ(500) has the slope 0 in single precision, σ(−80) one of 10⁻³⁵, σ(3) one of 0.05.
    let images = Tensor(shape: [3, 1, 1, 2], elements: [0.5, 0, 0.08, 0, 0.003, 0])
    let found = try DeepFool.perturbations(of: images, try Network(graph))
    #expect(found.isFooled == [false, false, true])
    #expect(found.obstacles == [.flat, .flat, nil])
    #expect(abs(found.norms[2] - 0.003) < 1e-6)
    #expect(found.perturbations.elements.allSatisfy { $0.isFinite })
  }

  @Test("an image whose search leaves the finite numbers is not found")
  func overflowing() throws {
    var graph = Graph(imageShape: [1, 1, 1, 1])
    let x = graph.append(Reshape(entry: [1]), of: [.image])
    let slow = graph.append(Affine(scale: 1e-3, shift: -1), of: [x])
    let steep = graph.append(Elementwise(.power(40)), of: [x])
    let sum = graph.append(Addition(), of: [slow, steep])
    graph.append(Padding(before: [0, 1], after: [0, 0]), of: [sum])
    let images = Tensor(shape: [1, 1, 1, 1], elements: [0.1])
    let found = try DeepFool.perturbations(of: images, try Network(graph))
    #expect(found.isFooled == [false])
    #expect(found.norms.allSatisfy(\.isFinite) && found.residuals.allSatisfy { !$0.isNaN })
  }

  @Test("lands on the sphere from inside, along the radius", arguments: [Float(0.5), 3])
  func ball(radius: Float) throws {
    let network = try TestNetworks.ball(radius, dimension: 6)
    let images = TestNetworks.images(9, dimension: 6, scale: 0.2 * radius)
    let found = try DeepFool.perturbations(of: images, network)
    for n in 0..<images.count {
      let x = norm(Array(images.entryElements(n)))
      #expect(found.from[n] == 0 && found.to[n] == 1)
      #expect(abs(found.norms[n] - (Double(radius) - x)) < 1e-5 * Double(radius))
      #expect(abs(norm(Array(found.points.entryElements(n))) - Double(radius)) < 1e-5 * Double(radius))
      #expect(found.cosines[n] > 1 - 1e-6)
    }
  }

  @Test("points are images plus perturbations, and the other label wins beyond them")
  func consistency() throws {
    let network = try TestNetworks.rectified()
    let images = TestNetworks.images(150, dimension: 12)
    let found = try DeepFool.perturbations(of: images, network)
    #expect(found.fooledIndices.count > 140)
    let fooled = found.gathering(found.fooledIndices)
    let x = images.gathering(found.fooledIndices)
    #expect((fooled.points - (x + fooled.perturbations)).norm < 1e-4)
    // To 1e-5 of ‖r‖, or to the rounding of the logits where r is short.
    for (n, slope) in fooled.gradients.entryNorms.enumerated() {
      #expect(fooled.residuals[n] < 1e-5 || fooled.residuals[n] * slope * fooled.norms[n] < 5e-5)
    }
    #expect(fooled.residuals.filter { $0 < 1e-5 }.count > 130)
    let beyond = try network.labels(x.adding(1.001, fooled.perturbations))
    let before = try network.labels(x.adding(0.999, fooled.perturbations))
    #expect(zip(beyond, fooled.from).filter { $0 == $1 }.count <= 3)
    #expect(zip(before, fooled.from).filter { $0 != $1 }.count <= 3)
    #expect(zip(beyond, fooled.to).filter { $0 != $1 }.count <= 3)
    for (a, b) in zip(fooled.normals.entryNorms, fooled.from) where b >= 0 { #expect(abs(a - 1) < 1e-5) }
  }

  @Test("flags images that no other class can win, and goes on with the others")
  func unreachable() throws {
    let flat = try TestNetworks.linear(Tensor(zeros: [3, 4]), bias: [1, 0, 0])
    let found = try DeepFool.perturbations(of: TestNetworks.images(3, dimension: 4), flat)
    #expect(found.isFooled == [false, false, false])
    #expect(found.fooledIndices.isEmpty)
    #expect(found.norms == [0, 0, 0])
  }

  @Test("considers the best candidates of the clean image alone when there are many classes")
  func candidates() throws {
    // Twelve classes that lead with shallow slopes, eight far behind with steep ones, which are the nearest.
    let network = try TestNetworks.linear(
      Tensor(shape: [20, 20]) { out in
        for i in 0..<400 { out[i] = i % 21 == 0 ? (i < 240 ? 0.01 : 10) : 0 }
      }, bias: (0..<20).map { $0 < 12 ? -0.05 * Float($0) : -1 })
    let images = TestNetworks.images(20, dimension: 20, scale: 0.01)
    var all = DeepFool.Settings()
    all.candidates = 20
    let wide = try DeepFool.perturbations(of: images, network, settings: all)
    let narrow = try DeepFool.perturbations(of: images, network)
    #expect(zip(wide.norms, narrow.norms).allSatisfy { $0 <= $1 * (1 + 1e-5) })
    #expect(zip(wide.norms, narrow.norms).contains { $0 < $1 * 0.99 })
  }

  @Test("a network that gives no numbers is refused at the first image")
  func notNumbers() throws {
    let weights = Tensor(repeating: .nan, shape: [3, 4])
    let network = try TestNetworks.linear(weights, bias: [0, 1, 2])
    let images = TestNetworks.images(3, dimension: 4)
    let error = #expect(throws: NonFiniteLogits.self) { try DeepFool.perturbations(of: images, network) }
    #expect(error?.image == 0 && error?.classIndex == 0)
    #expect(throws: NonFiniteLogits.self) { try FoolingTest(network, images: images) }
    #expect(throws: NonFiniteLogits.self) {
      try AverageHessian(network, at: images, margin: .region(own: [0, 0, 0]), product: .secant(step: 1))
    }
  }

  @Test("a refinement shortens perturbations, turns them to the normal, and still lands on the boundary")
  func refinement() throws {
    let network = try TestNetworks.quadric([1, 8, 0.2, 3], [0.5, -1, 2, 0.3], -4)
    let images = TestNetworks.images(30, dimension: 4, scale: 0.3)
    let found = try DeepFool.perturbations(of: images, network)
    var refinement = NormalRefinement(network, of: images, found)
    while let left = try refinement.advance() { #expect(left <= 30) }
    let better = refinement.perturbations
    #expect(zip(better.norms, found.norms).allSatisfy { $0 <= $1 })
    #expect(zip(better.norms, found.norms).contains { $0 < 0.99 * $1 })
    #expect(better.cosines.reduce(0, +) > found.cosines.reduce(0, +))
    #expect(better.residuals.max()! < 1e-5)
    #expect((better.points - (images + better.perturbations)).norm < 1e-5)
  }

  @Test("stops when asked to, in the midst of a step")
  func interruption() throws {
    let interruption = Interruption()
    let network = try TestNetworks.rectified().interruptible(by: interruption)
    var search = DeepFool(network, at: TestNetworks.images(20, dimension: 12))
    interruption.interrupt()
    #expect(throws: Interrupted.self) { try search.advance() }
  }

  @Test("finds the nearest of all flat boundaries at every step, with fewer gradients after the first")
  func candidatesWithinReach() throws {
    let network = try TestNetworks.rectified(classes: 10, dimension: 12, hidden: 60)
    var x = TestNetworks.images(40, dimension: 12)
    let first = network.linearize(at: x)
    var candidates = zip(first.logits.argmaxOfEntries, first.logits.rivals(count: 10)).map {
      Candidates(own: $0, classes: $1)
    }
    var compared = 0
    for step in 0..<3 {
      let linearization = network.linearize(at: x)
      let before = candidates.map(\.lengths)
      let searches = try linearization.flatSteps(candidates, size: 12, nil)
      let (logits, jacobian) = try network.jacobian(at: x)
      for (n, search) in searches.enumerated() {
        let nearest = nearest(candidates[n], Array(logits.entryElements(n)), Array(jacobian.entryElements(n)))
        #expect(abs(search.nearest.distance - nearest) < 1e-5 * (1 + nearest))
        #expect(abs(norm(search.nearest.step) - nearest) < 1e-5 * (1 + nearest))
        compared += step == 0 ? 0 : zip(before[n], search.candidates.lengths).filter { $0 != $1 }.count
      }
      candidates = searches.map(\.candidates)
      x = x + Tensor(shape: x.shape, elements: searches.flatMap(\.nearest.step))
    }
    #expect(compared < 40 * 9)
  }

  /// The least |f_j − f_k| / ‖∇f_j − ∇f_k‖ of all candidates.
  private func nearest(_ candidates: Candidates, _ logits: [Float], _ rows: [Float]) -> Double {
    let size = rows.count / logits.count
    return candidates.classes.map { j -> Double in
      let d = (0..<size).map { rows[j * size + $0] - rows[candidates.own * size + $0] }
      return Double(abs(logits[j] - logits[candidates.own])) / norm(d)
    }.min()!
  }
}
