import Foundation
import Geometry
import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("Experiments of the whole paper")
struct PaperTests {
  private let ball = Subjects.ball()
  private let subject = Subjects.smooth()

  @Test("K_S of a ball is 1/R, and 2 in logits, for every subspace")
  func shape() throws {
    let basis = Subjects.basis(5, like: ball)
    let o = try SubspaceShape(basis: .given(basis), dimensions: [1, 3, 5], product: .exact).run(
      on: ball, Reports().context)
    #expect(o.curve.map(\.dimension) == [1, 3, 5])
    for point in o.curve {
      #expect(near(point.meanNormalised, 0.5, 1e-3) && near(point.mean, 2, 1e-3))
      #expect(point.deviationNormalised < 1e-3 && point.positive == 1)
    }
  }

  @Test("A subspace has no angle with itself, and right ones with its complement")
  func angles() throws {
    let basis = Subjects.basis(6, like: subject)
    let (a, b) = (
      Basis(name: "a", vectors: basis.vectors[0..<3]), Basis(name: "b", vectors: basis.vectors[3..<6])
    )
    let same = try PrincipalAngles(.given(a), .given(a)).run(on: subject, Reports().context)
    let other = try PrincipalAngles(.given(a), .given(b)).run(on: subject, Reports().context)
    #expect(same.cosines.allSatisfy { $0 > 1 - 1e-5 } && same.angles.allSatisfy { $0 < 1e-3 })
    #expect(other.cosines.allSatisfy { $0 < 1e-5 })
    #expect(same.random.count == 3 && same.random[0] < 0.9 && same.random[0] > same.random[2])
  }

  @Test("A model agrees with itself; rates of a pair are those of the models alone")
  func transfer() throws {
    let second = Subjects.smooth(seed: 4)
    let v = Subjects.basis(2, like: subject)
    var transfer = Transfer(
      models: [OtherModel(second.classifier), OtherModel(subject.classifier)], perturbations: [.given(v)],
      radius: 0.7)
    (transfer.planes, transfer.resolution) = (3, 7)
    let all = Subject(
      classifier: subject.classifier, images: subject.images, validation: subject.validation, others: [second]
    )
    let o = try transfer.run(on: all, Reports().context)
    #expect(throws: SubjectError("smooth 4 is not open")) { try transfer.run(on: subject, Reports().context) }
    #expect(o.agreement[0][2] == 1 && o.agreement[0][0] == 1 && o.agreement[0][1] < 1)
    #expect(o.agreement[0][1] == o.agreement[1][0])
    for (j, one) in [subject, Subject(classifier: second.classifier, images: subject.validation!)]
      .enumerated()
    {
      let fooling = try Fooling(perturbation: .given(v), radius: 0.7).run(on: one, Reports().context)
      #expect(o.rates[0][j] == fooling.rate)
    }
  }

  @Test("The flow of labels counts every fooled image once")
  func flow() throws {
    let o = try Fooling(perturbation: .given(Subjects.basis(1, like: ball)), radius: 12).run(
      on: ball, Reports().context)
    #expect(o.flow.reduce(0) { $0 + $1.count } == Int((o.rate * Double(o.count)).rounded()))
    #expect(zip(o.before, o.after).filter { $0 != $1 }.count == Int((o.rate * Double(o.count)).rounded()))
    #expect(o.flow.allSatisfy { $0.from != $0.to })
    #expect(o.rate == 1 && o.dominant?.label == 1 && o.dominant?.share == 1)
  }

  @Test("Products of draws form a matrix with ones on the diagonal; one dimension has ±1 alone")
  func diversity() throws {
    let basis = Subjects.basis(4, like: subject)
    let o = try Diversity(.draws(.given(basis), dimension: 4, radius: 0.5), count: 4).run(
      on: subject, Reports().context)
    for i in 0..<4 {
      #expect(o.products[i][i] == 1 && near(norm(Array(o.perturbations.entryElements(i))), 0.5, 1e-4))
      for j in 0..<i { #expect(o.products[i][j] == o.products[j][i] && abs(o.products[i][j]) < 1) }
    }
    let line = try Diversity(.draws(.given(basis), dimension: 1, radius: 0.5), count: 3).run(
      on: subject, Reports().context)
    #expect(near(try #require(line.meanMagnitude), 1, 1e-5))
  }

  @Test("On a ball the theorems find κ = ‖r‖/2R along every direction, and their bounds fool")
  func theorems() throws {
    let basis = Subjects.basis(6, like: ball)
    var theorems = Theorems(
      normals: .given(basis), basis: .given(basis), dimensions: [1, 4, 6], product: .exact)
    theorems.excluded = 0
    let o = try theorems.run(on: ball, Reports().context)
    let norms = ball.images.images.entryNorms.map { 2 - $0 }.sorted()
    #expect(near(o.norm, norms.last!, 1e-3))
    for entry in o.theorem2 {
      // The image nearest to the boundary has the smallest κ; a tenth of eight images is one.
      #expect(near(entry.kappa, norms[0] / 4, 1e-2))
      #expect(entry.consistent && entry.remark == nil && entry.smallestBeta == 0)
      let reached = try #require(entry.reached)
      let (printed, sharp) = (try #require(entry.printed), try #require(entry.sharp))
      #expect(reached <= printed && reached <= 1.03 * sharp)
    }
    #expect(o.theorem1.allSatisfy { $0.xi >= 0 && $0.worstXi >= $0.xi - 1e-9 })
    #expect(zip(o.theorem1, o.theorem1.dropFirst()).allSatisfy { $0.xi >= $1.xi })
    #expect(
      o.lemma1.allSatisfy {
        $0.bounds.failsBelow <= 0.2 && abs($0.measuredBelow - $0.bounds.failsBelow) < 0.08
      })
  }

  @Test("Remark 1 holds on a linear classifier that is trained on the spot")
  func linear() throws {
    let o = try LinearRemark(delta: 0.3).run(on: subject, Reports().context)
    #expect(o.dimension == o.classes - 1 && o.xi < 1e-4)
    #expect(o.fooledAtPrinted >= 0.7 && o.fooledAtSharp >= 0.7)
    #expect(try #require(o.reached) <= o.printed && o.sharp <= o.printed)
  }

  @Test("A scan chooses by the training images alone")
  func scan() throws {
    var curvature = SharedCurvature(product: .secant(step: 0.5))
    (curvature.points, curvature.eigenvectors, curvature.iterations) = (6, 2, 8)
    let steps = CurvatureScan.steps([0.2, 0.5, 1], of: curvature, radius: 0.6)
    let o = try steps.run(on: subject, Reports().context)
    #expect(o.entries.map(\.step) == [0.2, 0.5, 1].map { Double(Float($0)) })
    let rates = o.entries.compactMap(\.training)
    let chosen = try #require(o.chosen)
    #expect(rates[chosen] == rates.max())
    let other = Subject(classifier: subject.classifier, images: subject.images)
    #expect(try steps.run(on: other, Reports().context).chosen == o.chosen)
    let targets = try CurvatureScan.targets(0..<4, of: curvature, radius: 0.6).run(
      on: subject, Reports().context)
    #expect(targets.entries.count == 4 && targets.entries.contains { $0.failure == nil })
  }

  @Test("A ball's full spectrum is 1/R in every tangent and 0 along the normal; a density agrees")
  func spectrum() throws {
    let full = try PointSpectrum(index: 3, method: .full, product: .exact).run(on: ball, Reports().context)
    #expect(full.eigenvalues.count == 12)
    #expect(
      full.eigenvalues.prefix(11).allSatisfy { near($0, 0.5, 1e-3) } && abs(full.eigenvalues[11]) < 1e-4)
    #expect(try #require(full.asymmetry) < 1e-4)
    let density = try PointSpectrum(index: 3, method: .density, product: .exact).run(
      on: ball, Reports().context)
    #expect(near(density.nodes.reduce(0) { $0 + $1.weight }, 1, 1e-4))
    #expect(abs(try #require(density.mean) - 11.0 / 24) < 0.05)
  }

  @Test(
    "A density of the softened copy is that of its full spectrum; of secants it warns, and a linear product is offered"
  )
  func linearDensity() throws {
    let linear = PointSpectrum.linear(.secant(step: 0.5))
    #expect(!linear.isSecant && PointSpectrum.linear(.exact) == .exact)
    var density = PointSpectrum(index: 0, method: .density, product: linear)
    density.probes = 64
    let spread = try density.run(on: subject, Reports().context)
    let full = try PointSpectrum(index: 0, method: .full, product: linear).run(on: subject, Reports().context)
    #expect(spread.beta == 10 && spread.remark == nil)
    #expect(near(spread.nodes.map(\.value).max() ?? 0, full.eigenvalues[0], 1e-3))
    let most = full.eigenvalues.map { abs($0) }.max() ?? 0
    let up = spread.nodes.filter { $0.value > most / 10 }.reduce(0) { $0 + $1.weight }
    let expected = Double(full.eigenvalues.filter { $0 > most / 10 }.count) / Double(full.dimension)
    #expect(abs(up - expected) < 0.08, "\(up), \(expected)")
    let secant = PointSpectrum(index: 0, method: .density, product: .secant(step: 0.5))
    #expect(try #require(secant.run(on: subject, Reports().context).remark).contains("not additive"))
  }

  @Test("An ascent carries more over the boundary than the Ritz vectors do, and keeps the basis orthonormal")
  func ascent() throws {
    var curvature = SharedCurvature(product: .secant(step: 0.3))
    (curvature.points, curvature.eigenvectors, curvature.iterations) = (6, 3, 4)
    (curvature.climb, curvature.ascent, curvature.starts) = (0, 10, 2)
    let o = try curvature.run(on: subject, Reports().context)
    #expect(o.ascents.count == 2 && o.products == 4 + 4 + 20 + 3)
    #expect(o.ascents.allSatisfy { $0.after > $0.before && $0.after < 0 })
    // Each number is of the direction beside it, the ascended one and those made orthogonal to it.
    let context: ExperimentContext<SharedCurvature.Outcome> = Reports().context
    let hessian = try curvature.hessian(subject.classifier.network, subject.first(6), context)
    for i in 0..<3 {
      let v = Array(o.basis.entryElements(i))
      #expect(try near(o.rayleigh[i], dot(v, hessian.product(v)), 1e-3))
    }
    #expect(o.basis.count == 3)
    for i in 0..<3 {
      for j in 0...i {
        let product = dot(Array(o.basis.entryElements(i)), Array(o.basis.entryElements(j)))
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-4)
      }
    }
    curvature.product = .exact
    #expect(throws: SubjectError.self) { try curvature.run(on: subject, Reports().context) }
  }

  @Test("Within the whole space the boundary is where DeepFool finds it; within a part it is farther")
  func within() throws {
    let basis = Subjects.basis(8, like: ball)
    let o = try WithinSubspace(basis: .given(basis), dimensions: [2, 8]).run(on: ball, Reports().context)
    let free = try Robustness().run(on: ball, Reports().context)
    #expect(o.curve.allSatisfy { $0.reached == 1 })
    #expect(try #require(o.curve[0].mean) > #require(o.curve[1].mean))
    #expect(try #require(o.curve[1].mean) > #require(free.meanNorm))
  }
}
