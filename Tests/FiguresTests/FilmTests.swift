import Drawing
import Experiments
import Foundation
import Images
import Laboratory
import ONNX
import Pages
import Tensors
import TestSupport
import Testing

@testable import Figures

@Suite("The film of a training")
struct FilmTests {
  private func film(_ models: [String]) throws -> TrainingFilm {
    let folder = URL(filePath: #filePath).appending(path: "../../../Assets/models").standardized.path
    let opened = try models.map { try OpenModel(path: "\(folder)/\($0).onnx", options: Profile()) }
    let set = try opened[0].dataSet("shapes")
    let finder = OutcomeFinder(store: nil, interruption: Interruption()) { _ in }
    return try TrainingFilm(
      of: opened.map(\.classifier), images: opened[0].images(of: set, 0..<12),
      image: opened[0].images(of: set, 1..<2),
      radius: 2, extent: nil, size: 8, seed: 1, finder: finder)
  }

  @Test(
    "Every checkpoint is seen in one plane, with what is measured of it; the film plays in browsers and terminals"
  )
  func frames() throws {
    let film = try film(["lenet-cure-shapes", "lenet-shapes"])
    let frames = try film.frames()
    #expect(frames.map(\.checkpoint) == ["lenet-cure-shapes", "lenet-shapes"])
    #expect(
      frames[0].section.axes.s == frames[1].section.axes.s
        && frames[0].section.axes.t == frames[1].section.axes.t)
    // The last checkpoint's boundary is crossed at its own r.
    let norm = try #require(frames[1].section.norm > 0 ? frames[1].section.norm : nil)
    #expect(abs((frames[1].section.axes.t.first! + frames[1].section.axes.t.last!) / 2 - norm) < 0.05 * norm)
    #expect(frames.allSatisfy { $0.accuracy != nil && $0.medianNorm != nil && $0.fooling != nil })
    let gif = try film.file(frames, .gif, delay: 0.2, style: nil)
    #expect(gif.starts(with: Array("GIF89a".utf8)))
    let lines = String(decoding: try film.file(frames, .cast, delay: 0.2, style: nil), as: UTF8.self).split(
      separator: "\n")
    #expect(lines.count == 3 && lines[0].contains("\"version\": 2"))
    for line in lines.dropFirst() {
      let event = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
      #expect(event.count == 3 && event[1] as? String == "o")
      #expect((event[2] as? String)?.contains("accuracy") == true)
    }
  }

  @Test("The end of a name says which kind of film is meant")
  func formats() {
    #expect(TrainingFilm.Format(path: "a/b.GIF") == .gif && TrainingFilm.Format(path: "x.cast") == .cast)
    #expect(TrainingFilm.Format(path: "x.mp4") == nil && TrainingFilm.Format(path: "gif") == nil)
  }
}
