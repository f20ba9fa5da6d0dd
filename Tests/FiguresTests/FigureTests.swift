import Drawing
import Experiments
import Foundation
import Laboratory
import ONNX
import Pages
import Tensors
import TestSupport
import Testing

@testable import Figures

/// Figures of the paper on the bundled network, with few images.
@Suite("Figures")
struct FigureTests {
  private static let model = URL(filePath: #filePath).appending(
    path: "../../../Assets/models/lenet-shapes.onnx"
  )
  .standardized.path

  private let finder = OutcomeFinder(store: nil, interruption: Interruption(), progress: { _ in })

  private func bench(radius: Double? = 2) throws -> Workbench {
    try Workbench(
      models: [OpenModel(path: Self.model, options: Profile())], learning: .init(nil, 0..<12),
      judging: .init(nil, 0..<10), radius: radius, points: 6, recipe: .region, seed: 1, finder)
  }

  @Test("Without images those of the model's own set are taken: to learn from and to judge on")
  func images() throws {
    let bench = try bench()
    #expect(bench.training.name == "shapes-train 0..12" && bench.judged.name == "shapes 0..10")
    #expect(bench.parameters["ξ"] == "2 px (given)")
    #expect(try self.bench(radius: nil).radiusOrigin == "R_0.8/5")
  }

  @Test("A random subspace is orthonormal, and the same for equal seeds")
  func randomBasis() throws {
    let bench = try bench()
    let basis = bench.randomBasis(4)
    for i in 0..<4 {
      for j in 0...i {
        let product = dot(Array(basis.vectors.entryElements(i)), Array(basis.vectors.entryElements(j)))
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
      }
    }
    #expect(bench.randomBasis(4).vectors == basis.vectors)
  }

  @Test("A figure's files hold its data, its picture and what is seen in it")
  func files() throws {
    let folder = try TemporaryFolder()
    let drawn = try PaperFigure.table1.drawing(bench())
    try drawn.write(to: folder.path, named: "table1", FigureFile.formats(nil), style: FigureStyle())
    #expect(folder.files == ["table1.json", "table1.pdf", "table1.png", "table1.svg", "table1.txt"])
    let json = try Data(contentsOf: URL(filePath: "\(folder.path)/table1.json"))
    let document = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(document["figure"] as? String == "table1" && document["model"] as? [String] == ["lenet-shapes"])
    struct Table: Decodable {
      struct Row: Decodable { let meanNorm: Double?, meanRefinedNorm: Double? }
      let data: [Row]
    }
    let rows = try JSONDecoder().decode(Table.self, from: json).data
    let published = try finder(Robustness.deepFool, on: try bench().judging())
    let refined = try finder(Robustness(), on: try bench().judging())
    #expect(rows.count == 1 && rows[0].meanNorm == published.meanNorm)
    #expect(rows[0].meanRefinedNorm == refined.meanNorm)
    #expect(try #require(refined.meanNorm) < #require(published.meanNorm))
    let text = try String(contentsOfFile: "\(folder.path)/table1.txt", encoding: .utf8)
    #expect(text.contains("lenet-shapes") && text.hasPrefix(" DeepFool's average robustness"))
    #expect(drawn.printed(onTerminal: false).contains("ρ_adv"))
  }

  @Test(
    "One model's S_c is held against its own from other images, and claims nothing of what networks share")
  func angles() throws {
    let drawn = try PaperFigure.fig10.drawing(bench())
    #expect(drawn.document.paragraph.contains("lenet-shapes × lenet-shapes, other images"))
  }

  @Test("A section's caption says image, labels, lengths, and how its curvature was taken")
  func caption() throws {
    let bench = try bench()
    let section = try #require(try bench.sections(1, on: 0, along: { .random(seed: UInt64($0)) }).first)
    let picture = SectionPicture(section, of: bench.classifier)
    #expect(picture.caption.hasPrefix("image \(section.index), \(bench.names[section.from]) → "))
    #expect(picture.caption.contains("‖r‖ = \(Number.figure(section.norm)) px"))
    #expect(picture.caption.contains("mean over ±h, h = 2 px"))
    let canvas = picture.canvas(Size(rows: 20, columns: 60), .plain)
    #expect(canvas.text.contains("x"))
  }
}
