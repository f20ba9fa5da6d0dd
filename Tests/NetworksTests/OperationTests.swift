import Networks
import Tensors
import TestSupport
import Testing

/// Every operation against the definitions of its derivatives.
@Suite struct OperationTests {
  @Test("The shape rule says what forward gives", arguments: OperationCases.all)
  func shapes(of c: OperationCase) throws {
    let shape = try c.operation.outputShape(c.inputs.map(\.shape))
    let output = c.operation.forward(c.inputs)
    #expect(output.shape == shape)
    #expect(output.elements.count == shape.count && output.elements.allSatisfy { $0.isFinite })
  }

  @Test("⟨Jv, w⟩ = ⟨v, Jᵀw⟩", arguments: OperationCases.all)
  func adjoint(of c: OperationCase) {
    let point = c.point
    let v = c.directions(seed: 10)
    let w = randomTensor(point.output.shape, seed: 20)
    let pushed = c.operation.pushforward(v, at: point)
    let pulled = c.operation.pullback(w, at: point)
    #expect(pushed.shape == point.output.shape)
    #expect(zip(pulled, c.inputs).allSatisfy { $0 == nil || $0!.shape == $1.shape })
    #expect(zip(pulled, c.varies).allSatisfy { ($0 != nil) == $1 })
    let back = zip(v, pulled).reduce(0.0) { sum, pair in pair.0.map { sum + $0.dot(pair.1!) } ?? sum }
    #expect(abs(pushed.dot(w) - back) <= 2e-5 * max(1, pushed.norm * w.norm))
  }

  @Test("The pushforward is the derivative of forward", arguments: OperationCases.all)
  func pushforward(of c: OperationCase) {
    let v = c.directions(seed: 30)
    let pushed = c.operation.pushforward(v, at: c.point)
    #expect(distance(pushed.elements, c.pushforwardByDifferences(v, step: 1e-2).elements, floor: 1e-2) < 4e-3)
  }

  @Test(
    "A tangent that is missing counts as zero", arguments: OperationCases.all.filter { $0.varies.count > 1 })
  func missingTangents(of c: OperationCase) {
    guard c.varies.allSatisfy({ $0 }) else { return }
    let v = c.directions(seed: 30)
    let parts = v.indices.map { i in
      c.operation.pushforward(v.indices.map { $0 == i ? v[$0] : nil }, at: c.point)
    }
    let sum = parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    #expect(near(sum, c.operation.pushforward(v, at: c.point)))
  }

  @Test("The curvature is the derivative of the pullback", arguments: OperationCases.all)
  func curvature(of c: OperationCase) {
    let v = c.directions(seed: 40)
    let w = randomTensor(c.point.output.shape, seed: 50)
    let bends = c.operation.curvature(of: w, along: v, at: c.point)
    let differences = c.curvatureByDifferences(of: w, v, step: 1e-2)
    if c.operation.regularity < .smooth { #expect(bends == nil) }
    for i in c.inputs.indices where c.varies[i] {
      let zero = [Float](repeating: 0, count: c.inputs[i].shape.count)
      let bend = bends?[i]?.elements ?? zero
      #expect(distance(bend, differences[i]!.elements, floor: 5e-2) < 8e-3, "input \(i)")
    }
  }

  @Test("The curvature is symmetric: ⟨u, Hv⟩ = ⟨v, Hu⟩", arguments: OperationCases.all)
  func symmetry(of c: OperationCase) {
    let w = randomTensor(c.point.output.shape, seed: 50)
    let (u, v) = (c.directions(seed: 60), c.directions(seed: 70))
    guard let hv = c.operation.curvature(of: w, along: v, at: c.point),
      let hu = c.operation.curvature(of: w, along: u, at: c.point)
    else { return }
    func product(_ a: [Tensor?], _ b: [Tensor?]) -> Double {
      zip(a, b).reduce(0) { sum, pair in sum + (pair.0.flatMap { x in pair.1.map { x.dot($0) } } ?? 0) }
    }
    let size = hv.reduce(0) { $0 + ($1?.norm ?? 0) } * u.reduce(0) { $0 + ($1?.norm ?? 0) }
    #expect(abs(product(u, hv) - product(v, hu)) <= 2e-5 * max(1, size))
  }

  @Test(
    "A batch of two gives what its entries give",
    arguments: OperationCases.all.filter { $0.inputs.count == 1 })
  func batches(of c: OperationCase) throws {
    let x = c.inputs[0]
    guard x.count == 2, let one = try? c.operation.outputShape([x.entry(0).shape]), one[0] == 1 else {
      return
    }
    let both = c.operation.forward([x])
    let apart = Tensor(
      concatenating: [c.operation.forward([x.entry(0)]), c.operation.forward([x.entry(1)])])
    #expect(near(both, apart, 1e-6))
  }

  @Test("A softened operation is smooth and tends to the original", arguments: OperationCases.all)
  func softening(of c: OperationCase) {
    // Which values are the largest, and which pixel is nearest, stays sharp.
    let staysSharp = c.operation is TopValues || c.operation is GridSample
    guard c.operation.regularity == .piecewiseLinear, !staysSharp else { return }
    let soft = c.operation.softened(beta: 2000)
    #expect(soft.regularity == .smooth)
    #expect(near(soft.forward(c.inputs), c.operation.forward(c.inputs), 2e-3))
  }
}
