import Drawing
import Experiments
import Explorer
import Foundation
import Images
import Laboratory
import Networks
import ONNX
import Pages
import Tensors
import TestSupport
import Testing

@testable import Figures

@Suite("The film of a training")
struct FilmTests {
  private func film(_ models: [String], after broken: [TrainingFilm.Checkpoint] = []) throws -> TrainingFilm {
    let folder = URL(filePath: #filePath).appending(path: "../../../Assets/models").standardized.path
    let opened = try models.map { try OpenModel(path: "\(folder)/\($0).onnx", options: Profile()) }
    let set = try opened[0].dataSet("shapes")
    let finder = OutcomeFinder(store: nil, interruption: Interruption()) { _ in }
    return try TrainingFilm(
      of: broken + opened.map { model in .init(model.classifier.name) { model.classifier } },
      endingWith: opened[opened.count - 1].classifier, images: opened[0].images(of: set, 0..<12),
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
    let planes = try frames.map { try #require($0.section) }
    #expect(planes[0].axes.s == planes[1].axes.s && planes[0].axes.t == planes[1].axes.t)
    // The last checkpoint's boundary is crossed at its own r.
    let norm = planes[1].norm
    #expect(norm > 0)
    #expect(abs((planes[1].axes.t.first! + planes[1].axes.t.last!) / 2 - norm) < 0.05 * norm)
    #expect(frames.allSatisfy { $0.problem == nil && $0.count == 12 && $0.judged == 6 })
    #expect(frames.allSatisfy { $0.accuracy != nil && $0.medianNorm != nil && $0.fooling != nil })
    for frame in frames {
      let curvatures = try #require(frame.curvatures)
      #expect(curvatures[0] < 0 && curvatures[1] > 0)
      for strip in [TrainingStrip.accuracy, .distance, .fooling] {
        let value = try #require(frame.values[strip])
        #expect(value.lower < value.value && value.value <= value.upper)
      }
    }
    let file = FilmFile(film.scenes(frames), delay: 0.2)
    let gif = try file.bytes(.gif)
    #expect(gif.starts(with: Array("GIF89a".utf8)))
    let lines = String(decoding: try file.bytes(.cast), as: UTF8.self).split(
      separator: "\n")
    #expect(lines.count == 3 && lines[0].contains("\"version\": 2"))
    for line in lines.dropFirst() {
      let event = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
      #expect(event.count == 3 && event[1] as? String == "o")
      #expect((event[2] as? String)?.contains("accuracy") == true)
    }
  }

  @Test("A checkpoint that cannot be measured is told so, and ends nothing; an interruption ends all")
  func astray() throws {
    let astray = TrainingFilm.Checkpoint("astray") {
      throw SubjectError("weights hold a number that is not finite")
    }
    let film = try film(["lenet-shapes"], after: [astray])
    let frames = try film.frames()
    #expect(frames.map(\.checkpoint) == ["astray", "lenet-shapes"])
    #expect(frames[0].problem == "weights hold a number that is not finite" && frames[0].section == nil)
    #expect(frames[1].problem == nil && frames[1].section != nil)
    #expect(try FilmFile(film.scenes(frames), delay: 0.2).bytes(.gif).starts(with: Array("GIF89a".utf8)))
    let stopped = TrainingFilm.Checkpoint("stopped") { throw Interrupted() }
    #expect(throws: Interrupted.self) { try self.film(["lenet-shapes"], after: [stopped]).frames() }
  }

  @Test("The end of a name says which kind of film is meant")
  func formats() {
    #expect(FilmFile.Format(path: "a/b.GIF") == .gif && FilmFile.Format(path: "x.cast") == .cast)
    #expect(FilmFile.Format(path: "x.mp4") == nil && FilmFile.Format(path: "gif") == nil)
  }
}
