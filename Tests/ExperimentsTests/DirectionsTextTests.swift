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

  @Test("A scan's command has the multiples that give its steps again", arguments: [3, 0.7, 1.0 / 3, 12.34])
  func scans(radius: Double) throws {
    let one = SharedCurvature(
      recipe: .paper, product: .secant(step: 1), eigenvectors: CurvatureScan.usualEigenvectors)
    let scan = CurvatureScan.steps(CurvatureScan.usualSteps.map { $0 * radius }, of: one, radius: radius)
    let words = try #require(scan.arguments)
    let place = try #require(words.firstIndex(of: "--steps"))
    #expect(words[place + 1] == "0.1,0.2,0.4,0.7,1.0,1.4,2.0")
    let again = words[place + 1].split(separator: ",").compactMap { Double($0) }.map { $0 * radius }
    #expect(CurvatureScan.steps(again, of: one, radius: radius) == scan)
    let odd = CurvatureScan.steps([0.123_456_789, 2], of: one, radius: radius)
    let text = try #require(odd.arguments?.last)
    let steps = text.split(separator: ",").compactMap { Double($0) }.map { $0 * radius }
    #expect(CurvatureScan.steps(steps, of: one, radius: radius) == odd, "\(text)")
    let targets = CurvatureScan.targets(0..<5, of: one, radius: radius)
    #expect(targets.arguments?.suffix(4) == ["--recipe", "authors", "--step", "1.0"])
  }

  @Test("Transfer and angles have a command where every model learns the same directions")
  func models() {
    let (a, b) = (OtherModel(name: "a", digest: "1"), OtherModel(name: "b", digest: "2"))
    let own = Directions.curvature(SharedCurvature(product: .secant(step: 3)))
    let all = [own, .other(a, own), .other(b, own)].map { Direction($0) }
    let transfer = Transfer(models: [a, b], perturbations: all, radius: 2)
    #expect(
      transfer.arguments
        == ["transfer", "--each", "sc:h=3.0", "--radius", "2.0", "--planes", "20", "--seed", "1"])
    #expect(Transfer(models: [b, a], perturbations: all).arguments == nil)
    #expect(
      PrincipalAngles(own, .other(a, own)).arguments == ["angles", "--each", "sc:h=3.0", "--seed", "1"])
    #expect(PrincipalAngles(.normals(NormalSpectrum()), .other(a, own)).arguments == nil)
  }

  @Test("Given vectors, and those of other models, have no text")
  func none() {
    let basis = Subjects.basis(1, like: Subjects.smooth())
    #expect(Directions.given(basis).text == nil)
    #expect(Directions.other(OtherModel(name: "a", digest: "b"), .normals(NormalSpectrum())).text == nil)
    #expect(Directions("sc2:h=1") == nil)
  }
}
