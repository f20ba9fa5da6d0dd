import Experiments
import Foundation
import Images
import ONNX
import Testing

@testable import Laboratory

/// The judge of readings, on bundled networks whose right reading is known.
@Suite("Judge of readings")
struct JudgementTests {
  static let models = ["lenet-shapes", "nin-shapes", "resnet-shapes", "smooth-shapes"]

  /// Readings that none of these networks was trained with.
  static let wrongReadings: [Profile] = [
    Profile(scale: .byte), Profile(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]),
    Profile(mean: [0.5], std: [0.25]),
    Profile(scale: .byte, mean: [103.939, 116.779, 123.68], channels: .bgr),
  ]

  private func judged(_ name: String, _ options: Profile) throws -> ReadingJudgement.Outcome {
    let open = try OpenModel(path: BundledAssets.model(name), options: options)
    let set = try open.dataSet("shapes")
    let (experiment, subject) = try #require(try open.judgement(on: set, "shapes", 0..<set.count))
    return try experiment.outcome(on: subject, in: nil, ExperimentContext())
  }

  @Test("A right reading is never suspected, and stands first or within chance of it", arguments: models)
  func right(name: String) throws {
    let outcome = try judged(name, Profile())
    #expect(!outcome.isSuspect && outcome.sentence == nil)
    #expect(outcome.labelled == 64 && outcome.count == 64)
    let given = try #require(outcome.given)
    #expect(try #require(given.accuracy) > 0.8)
  }

  @Test(
    "A wrong reading that costs accuracy is suspected, and the right one named", arguments: models,
    wrongReadings)
  func wrong(name: String, options: Profile) throws {
    let (outcome, right) = (try judged(name, options), try judged(name, Profile()))
    let (lost, own) = (try #require(outcome.given?.accuracy), try #require(right.given?.accuracy))
    // Some networks do not mind.
    guard own - lost > 0.25 else { return }
    #expect(outcome.isSuspect)
    let best = try #require(outcome.best)
    // Tried through the wrong reading, the right one gives what it gives by itself.
    #expect(abs(try #require(best.accuracy) - own) < 0.05)
    #expect(best.options.hasPrefix("--scale unit --mean 0 --std 1"))
    #expect(outcome.sentence?.contains(best.options) ?? false)
  }

  @Test("What the best reading's options say, opened with them, has its accuracy")
  func options() throws {
    let outcome = try judged("lenet-shapes", Profile(scale: .byte))
    let reading = try #require(outcome.best?.reading)
    var profile = Profile(
      scale: reading.range[1] > 1 ? .byte : .unit, mean: reading.mean ?? [0], std: reading.std ?? [1])
    profile.channels = Profile.Channels(rawValue: reading.channels)
    let again = try judged("lenet-shapes", profile)
    #expect(again.given?.accuracy == outcome.best?.accuracy)
    #expect(!again.isSuspect)
  }

  @Test("Without labels it says how sure the model is, suspects nothing and calls it weak")
  func unlabelled() throws {
    let open = try OpenModel(path: BundledAssets.model("lenet-shapes"), options: Profile(scale: .byte))
    let images = try open.images("shapes", 0..<32)
    let subject = Subject(
      classifier: open.classifier, images: ImageSet(name: "unlabelled", images: images.images))
    let outcome = try ReadingJudgement().outcome(on: subject, in: nil, ExperimentContext())
    #expect(!outcome.isSuspect && outcome.labelled == 0)
    #expect(outcome.judged.allSatisfy { $0.accuracy == nil && $0.interval == nil && $0.confidence > 0 })
    if let sentence = outcome.sentence { #expect(sentence.hasPrefix("weak evidence")) }
  }
}
