import Foundation
import Geometry
import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("Experiments with known answers")
struct ClosedFormTests {
  private let ball = Subjects.ball()

  @Test("Within a ball of radius R the boundary is R − ‖x‖ away, along x")
  func distances() throws {
    let outcome = try Robustness().run(on: ball, Reports().context)
    let expected = ball.images.images.entryNorms.map { 2 - $0 }
    #expect(outcome.fooled == ball.images.count)
    for (each, distance) in zip(outcome.each, expected) { #expect(near(each.norm, distance, 1e-4)) }
    #expect(near(try #require(outcome.meanNorm), expected.reduce(0, +) / Double(expected.count), 1e-4))
    #expect(near(try #require(outcome.meanCosine), 1, 1e-4))
    let ratios = zip(expected, ball.images.images.entryNorms).map { $0 / $1 }
    #expect(near(try #require(outcome.rho.raw), ratios.reduce(0, +) / Double(ratios.count), 1e-4))
    #expect(try #require(outcome.maxResidual) < 1e-4)
  }

  @Test("Refined perturbations are no longer, and no less normal to the boundary")
  func refinement() throws {
    let subject = Subjects.smooth()
    let coarse = try Robustness(refinement: .none).run(on: subject, Reports().context)
    let fine = try Robustness(refinement: .normal).run(on: subject, Reports().context)
    for (a, b) in zip(fine.each, coarse.each) { #expect(a.norm <= b.norm) }
    #expect(try #require(fine.meanNorm) < #require(coarse.meanNorm))
    #expect(try #require(fine.meanCosine) >= #require(coarse.meanCosine))
  }

  @Test("A ball of radius R bends by 1/R in every section, towards the image")
  func section() throws {
    let experiment = SectionMap(
      index: 2, along: .random(seed: 4), extent: 0.5, width: 33, height: 31, product: .exact)
    let outcome = try experiment.run(on: ball, Reports().context)
    #expect(near(outcome.curvature, 0.5, 1e-4))
    #expect(near(try #require(outcome.globalCurvature), 0.5, 0.02))
    for place in outcome.boundary {
      let origin = norm(Array(ball.images.images.entryElements(2)))
      #expect(near((place[0] * place[0] + (origin + place[1]) * (origin + place[1])).squareRoot(), 2, 1e-4))
    }
    for row in 0..<31 {
      for column in 0..<33 {
        let margin = try #require(outcome.margin(row: row, column: column))
        #expect(outcome.label(row: row, column: column) == (margin < 0 ? 0 : 1) || abs(margin) < 1e-5)
      }
    }
    #expect(outcome.remark == nil)
  }

  @Test("The shared curvature of a ball is 1/R in all its tangents")
  func curvature() throws {
    var experiment = SharedCurvature(product: .exact)
    (experiment.points, experiment.eigenvectors, experiment.iterations) = (1, 4, 12)
    let outcome = try experiment.run(on: ball, Reports().context)
    #expect(outcome.points == 1)
    for value in outcome.eigenvalues + outcome.rayleigh { #expect(near(value, 0.5, 1e-3)) }
    for residual in outcome.residuals { #expect(residual < 1e-3) }
    #expect(outcome.basis.shape == [4, 3, 2, 2])
    #expect(outcome.history.map(\.iteration) == Array(1...outcome.iterations))
  }

  @Test("Within a ball the random noise norm brackets the share asked for")
  func noise() throws {
    let outcome = try NoiseTolerance(share: 0.5).run(on: ball, Reports().context)
    let radius = try #require(outcome.radius)
    #expect(radius > 0.5 && radius < 4)
    #expect(outcome.curve.contains { $0.radius == radius && $0.rate >= 0.5 })
    #expect(outcome.curve.map(\.radius) == outcome.curve.map(\.radius).sorted())
  }

  @Test("A perturbation longer than the diameter fools every image of a ball, both ways")
  func fooling() throws {
    let experiment = Fooling(perturbation: .given(Subjects.basis(1, like: ball)), radius: 5)
    let outcome = try experiment.run(on: ball, Reports().context)
    #expect([outcome.rate, outcome.opposite, outcome.either] == [1, 1, 1])
    #expect(outcome.count == 8 && near(outcome.radius, 5, 1e-5))
    #expect(outcome.labels == ["dog": 8])
    #expect(outcome.interval[0] < 1 && outcome.interval[1] == 1)
  }

  @Test("Accuracy is the share of labels that are the truth, and null without truth")
  func accuracy() throws {
    let outcome = try Prediction().run(on: ball, Reports().context)
    #expect(outcome.accuracy == 0.5)
    #expect(outcome.predictions.allSatisfy { $0.label == 0 && $0.name == "cat" && $0.probability > 0.5 })
    let blind = Subject(
      classifier: ball.classifier, images: ImageSet(name: "noise", images: ball.images.images))
    let unknown = try Prediction().run(on: blind, Reports().context)
    #expect(unknown.accuracy == nil)
    let json = String(decoding: try JSONEncoder().encode(unknown), as: UTF8.self)
    #expect(json.contains(#""accuracy":null"#) && json.contains(#""truth":null"#))
  }

  @Test(
    "A universal perturbation keeps its norm, and the best pass is kept",
    arguments: UniversalFooling.Norm.allCases)
  func universal(norm: UniversalFooling.Norm) throws {
    for method in UniversalFooling.Method.allCases {
      var experiment = UniversalFooling(method: method, radius: 0.5)
      experiment.norm = norm
      (experiment.passes, experiment.target) = (3, 1)
      let outcome = try experiment.run(on: Subjects.smooth(), Reports().context)
      let v = outcome.perturbation.elements
      let size = norm == .l2 ? Tensors.norm(v) : Double(v.map(abs).max()!)
      #expect(size < 0.5 + 1e-5)
      #expect(outcome.validation?.count == 16)
      if let best = outcome.best {
        #expect(outcome.passes[best].training == outcome.passes.map(\.training).max())
        #expect(outcome.training.rate == outcome.passes[best].training)
      }
    }
  }

  @Test("A piecewise linear network has no exact curvature, and the outcome says so")
  func remark() throws {
    let subject = Subject(
      classifier: Subjects.classifier(SmallNetworks.rectified(seed: 3)), images: Subjects.smooth().images)
    var experiment = SharedCurvature(product: .exact)
    (experiment.points, experiment.eigenvectors, experiment.iterations) = (4, 2, 4)
    let outcome = try experiment.run(on: subject, Reports().context)
    #expect(outcome.remark != nil)
    experiment.product = .secant(step: 0.5)
    #expect(try experiment.run(on: subject, Reports().context).remark == nil)
  }

  @Test("Another network is seen in the plane of r, with its own boundary, label and curvature")
  func foreignPlane() throws {
    let radius = 3.0
    let larger = Subject(
      classifier: Subjects.classifier(
        SmallNetworks.ball(dimension: 12, radius: Float(radius), imageShape: [1, 3, 2, 2]), name: "larger"),
      images: ball.images)
    let both = Subject(classifier: ball.classifier, images: ball.images, others: [larger])
    let x = norm(Array(ball.images.images.entryElements(2)))
    var section = SectionMap(
      index: 2, along: .random(seed: 4), extent: 2, width: 21, height: 21, product: .exact)
    section.judge = OtherModel(larger.classifier)
    let outcome = try section.run(on: both, Reports().context)
    // r of a ball about the origin runs along x: the larger ball ends R − ‖x‖ away, and bends by 1/R.
    #expect(near(outcome.norm, radius - x, 1e-4) && near(outcome.curvature, 1 / radius, 1e-4))
    #expect(outcome.from == 0 && outcome.to == 1)
    var plain = section
    plain.judge = nil
    let inOwn = try plain.run(on: ball, Reports().context)
    #expect(outcome.axes.s == inOwn.axes.s)
    for (a, b) in zip(outcome.axes.t, inOwn.axes.t) { #expect(near(a, b, 1e-6)) }
    section.extent = 0.1
    let inside = try section.run(on: both, Reports().context)
    #expect(inside.norm == 0 && inside.curvature.isNaN && inside.boundary.isEmpty)
  }

  @Test("What is known of a plane is not evaluated again, and changes no number")
  func aid() throws {
    let aid = SectionAid()
    func outcome(_ section: SectionMap, _ reports: Reports<SectionMap.Outcome>) throws -> SectionMap.Outcome {
      try section.outcome(on: ball, in: nil, reports.context(aid: aid))
    }
    var section = SectionMap(
      index: 2, along: .random(seed: 4), extent: 1, width: 33, height: 33, product: .exact)
    _ = try outcome(section, Reports())
    aid.look(at: (0.2, 0.1))
    for (extent, shift) in [(1, SectionMap.Shift(columns: 4, rows: -3)), (0.5, nil)]
      as [(Double, SectionMap.Shift?)]
    {
      (section.extent, section.shift) = (extent, shift)
      let reports = Reports<SectionMap.Outcome>()
      let aided = try outcome(section, reports)
      let alone = try section.run(on: ball, Reports().context)
      #expect(aided == alone)
      let first = try #require(reports.partials.first)
      // 29 of 33 columns and 30 of 33 rows; or every other point of both axes.
      let common = shift == nil ? 17 * 17 : 29 * 30
      #expect(first.cells.isKnown.count { $0 } >= common)
    }
  }
}
