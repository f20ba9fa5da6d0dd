import Networks
import Testing

@testable import Experiments

@Suite("Directions as text")
struct DirectionsTextTests {
  private static var shared: SharedCurvature {
    var shared = SharedCurvature(
      recipe: .authors(target: 3), product: .secant(step: 0.1), eigenvectors: 7)
    (shared.points, shared.iterations, shared.ascent, shared.starts, shared.seed) = (12, 41, 5, 2, 9)
    return shared
  }

  private static var published: UniversalFooling {
    var universal = UniversalFooling(method: .uap, radius: 0.3, seed: 4)
    (universal.norm, universal.passes, universal.target) = (.linf, 2, 0.9)
    return universal
  }

  private static let all: [Direction] = [
    Direction(.curvature(SharedCurvature(product: .secant(step: 3)))), Direction(.curvature(shared), 4),
    Direction(.curvature(SharedCurvature(product: .exact))),
    Direction(.curvature(SharedCurvature(product: .softened(beta: 50))), 1),
    Direction(.normals(NormalSpectrum())), Direction(.normals(NormalSpectrum(vectors: 3)), 2),
    Direction(.universal(published)), Direction(.universal(UniversalFooling(method: .gradient, radius: 2))),
    .random(seed: 18_446_744_073_709_551_615), Direction(.image(3)),
  ]

  @Test("What text says of a direction is the direction itself", arguments: all)
  func inverse(direction: Direction) throws {
    let text = try #require(direction.text)
    #expect(Direction(text) == direction, "\(text)")
  }

  @Test("Usual numbers are left out")
  func short() {
    #expect(Direction(.curvature(SharedCurvature(product: .secant(step: 3))), 1).text == "sc2:h=3.0")
    #expect(Directions.normals(NormalSpectrum()).text == "sf")
    #expect(Directions("uap:radius=2") == .universal(UniversalFooling(method: .uap, radius: 2)))
    #expect(Directions.random(seed: 7).text == "random:7")
  }

  @Test(
    "What cannot be read is nothing",
    arguments: [
      "", "sc:h", "sc:h=", "sc:h=-1", "sc:h=nan", "sc:h=3,beta=2", "sc:h=3,colour=1", "sc:h=3,h=4", "sc0:h=3",
      "sc-1:h=3", "sc99999999999999999999:h=3", "sf:m=x", "uap", "uap:radius=0", "uap:radius=inf",
      "random:-1",
      "random:x", "image", "image:-2", "v.npy", "sc:m=0,h=1", "sc:recipe=region:h=1",
    ])
  func refused(text: String) {
    #expect(Direction(text) == nil)
  }

  @Test("Given vectors, and those of other models, have no text")
  func none() {
    let basis = Subjects.basis(1, like: Subjects.smooth())
    #expect(Directions.given(basis).text == nil)
    #expect(Directions.other(OtherModel(name: "a", digest: "b"), .normals(NormalSpectrum())).text == nil)
    #expect(Directions("sc2:h=1") == nil)
  }
}
