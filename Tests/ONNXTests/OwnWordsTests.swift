internal import Foundation
internal import Networks
internal import ONNXSchema
internal import SwiftProtobuf
internal import Testing

@testable internal import ONNX

/// What a model file, and the files beside it, say of pixels and classes.
@Suite("What files say")
struct OwnWordsTests {
  private static let names = ["ant", "bee", "cow", "dog"]

  private func notes(_ notes: [String: String]) throws -> Classifier {
    var model = Self.model
    model.metadataProps = notes.sorted { $0.key < $1.key }.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    return try ModelFile(bytes: try model.serializedData(), path: "/nowhere/m.onnx").classifier(
      profile: Profile())
  }

  /// x 1×3×8×8 → four classes.
  private static let model = BadGraph.model(
    [.make("Reshape", ["x", "row"], "flat"), .make("MatMul", ["flat", "w"], "y")],
    weights: [.integers("row", [1, 192]), .numbers("w", [192, 4]) { Float($0 % 7) }])

  /// The model in a folder with these files beside it.
  private func folder(
    _ files: [String: String], model place: String = "m.onnx", options: Profile = Profile(),
    published: PublishedNames? = nil
  ) throws -> Classifier {
    let folder = FileManager.default.temporaryDirectory.appending(path: "words-\(UUID())")
    let path = folder.appending(path: place)
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    try Self.model.serializedData().write(to: path)
    return try openClassifier(path: path.path, options: options, published: published)
  }

  @Test(
    "Windows ML's notes are read in any case",
    arguments: [
      ("NominalRange_0_255", 0...255, nil, nil), ("Normalized_0_1", 0...1, nil, nil),
      ("normalized_1_1", 0...1, [0.5], [0.5]), ("NominalRange_16_235", 0...1, [-16.0 / 219], [1.0 / 219]),
    ] as [(note: String, range: ClosedRange<Float>, mean: [Float]?, std: [Float]?)])
  func windows(note: String, range: ClosedRange<Float>, mean: [Float]?, std: [Float]?) throws {
    let reading = try notes(["Image.NominalPixelRange": note, "image.bitmappixelformat": "BGR8"])
      .preprocessing
    #expect(reading?.range == range)
    #expect(reading?.mean == mean)
    #expect(reading?.std == std)
    #expect(reading?.channels == "bgr")
    #expect(reading?.source == .notes)
    #expect(reading?.isGuessed == false)
  }

  @Test("ultralytics' and PaddleOCR's notes name the classes")
  func named() throws {
    let ultralytics = try notes(["names": "{0: 'ant', 1: 'bee', 2: 'cow', 3: \"dog\"}", "task": "classify"])
    #expect(ultralytics.classNames == Self.names)
    #expect(ultralytics.preprocessing?.source == .notes)
    #expect(ultralytics.preprocessing?.names?.source == .notes)
    #expect(try notes(["character": "1\n2\n3"]).classNames == ["blank", "1", "2", "3"])
  }

  @Test("names of another number of classes are not used, and that is said")
  func misfit() throws {
    let classifier = try folder(["labels.txt": "a\nb\nc"])
    #expect(classifier.classNames == [])
    #expect(classifier.preprocessing?.names == nil)
    #expect(
      classifier.preprocessing?.doubts
        == ["labels.txt beside the model: 3 names, but the model has 4 classes; they are not used"])
  }

  @Test(
    "lists of names beside the model are used",
    arguments: ["labels.txt", "m.labels.txt", "classes.txt", "synset.txt"])
  func list(name: String) throws {
    let classifier = try folder([name: "ant\nbee\ncow\ndog\n"])
    #expect(classifier.classNames == Self.names)
    #expect(classifier.preprocessing?.names == .init(source: .folder, place: "\(name) beside the model"))
    #expect(classifier.preprocessing?.source == Preprocessing.Source.none)
  }

  private static let processor = """
    {"do_resize": true, "size": {"shortest_edge": 9}, "crop_size": {"height": 8, "width": 8}, "resample": 3,
     "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
     "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.4]}
    """
  private static let labels = #"{"id2label": {"0": "ant", "1": "bee", "2": "cow", "3": "dog"}}"#

  @Test(
    "Hugging Face's folder is read, also from the folder onnx in it",
    arguments: ["m.onnx", "onnx/model.onnx"])
  func huggingFace(place: String) throws {
    let classifier = try folder(
      ["preprocessor_config.json": Self.processor, "config.json": Self.labels], model: place)
    let reading = try #require(classifier.preprocessing)
    #expect(reading.mean == [0.5, 0.4, 0.3])
    #expect(reading.std == [0.2, 0.3, 0.4])
    #expect(
      reading.size
        == .init(
          height: 8, width: 8, resize: .shortSide(9), crop: 8, centring: .floor, interpolation: .bicubic,
          source: .folder))
    #expect(reading.source == .folder)
    #expect(classifier.classNames == Self.names)
  }

  @Test("options go before the profile, that before files beside the model")
  func order() throws {
    let files = ["preprocessor_config.json": Self.processor, "m.json": #"{"scale": "byte", "mean": [9]}"#]
    #expect(try folder(files).preprocessing?.source == .profile)
    #expect(try folder(files).preprocessing?.mean == [9])
    let option = try folder(files, options: Profile(mean: [7])).preprocessing
    #expect(option?.source == .option)
    #expect(option?.mean == [7])
    #expect(option?.range == 0...255)
  }

  @Test(
    "what is said of images of another size loses its size alone; what is said of other channels is another model's"
  )
  func another() throws {
    let large = Self.processor.replacingOccurrences(
      of: "\"height\": 8, \"width\": 8", with: "\"height\": 9, \"width\": 9")
    let reading = try #require(try folder(["preprocessor_config.json": large]).preprocessing)
    #expect(reading.source == .folder && reading.size.source == Preprocessing.Source.none)
    #expect(reading.mean == [0.5, 0.4, 0.3] && reading.size.crop == nil && reading.size.resize == nil)
    #expect(reading.doubts.count == 1)
    #expect(
      reading.doubts.first?.contains("9×9, but the model takes 8×8; its size is not used") == true)
    let grey =
      #"{"do_rescale": true, "do_normalize": true, "image_mean": [0.5, 0.4], "image_std": [0.2, 0.3]}"#
    let other = try #require(try folder(["preprocessor_config.json": grey]).preprocessing)
    #expect(other.source == Preprocessing.Source.none)
    #expect(other.doubts.first?.contains("moments of 2 channels, but the model takes 3") == true)
  }

  @Test(
    "configurations of other libraries",
    arguments: [
      (
        #"{"pretrained_cfg": {"mean": [0.5], "std": [0.2], "input_size": [3, 224, 224], "crop_pct": 0.9, "interpolation": "bicubic"}}"#,
        Profile(scale: .unit, mean: [0.5], std: [0.2], resize: 248, crop: 224, interpolation: .bicubic)
      ),
      (
        #"{"do_rescale": true, "rescale_factor": 0.00784313725490196, "rescale_offset": true, "do_normalize": false}"#,
        Profile(scale: .unit, mean: [0.5], std: [0.5])
      ),
      (
        #"{"do_rescale": false, "do_normalize": true, "image_mean": [127.5], "image_std": [127.5]}"#,
        Profile(scale: .byte, mean: [127.5], std: [127.5])
      ),
      (
        #"{"do_rescale": true, "do_flip_channel_order": true, "image_mean": [0.5], "size": {"shortest_edge": 288}, "crop_size": {"height": 256, "width": 256}}"#,
        Profile(scale: .unit, channels: .bgr, resize: 288, crop: 256)
      ),
      (
        #"{"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 224}, "crop_pct": 0.875}"#,
        Profile(resize: 256, crop: 224)
      ),
      (
        #"{"feature_extractor_type": "ViTFeatureExtractor", "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "size": 224, "resample": 2}"#,
        Profile(
          scale: .unit, mean: [0.5, 0.5, 0.5], resize: .exactly(height: 224, width: 224),
          interpolation: .bilinear)
      ),
      (
        #"{"packageName": "@teachablemachine/image", "labels": ["a", "b"], "imageSize": 96}"#,
        Profile(scale: .unit, mean: [0.5], std: [0.5], classes: ["a", "b"], resize: 96, crop: 96)
      ),
      (
        #"{"resize_size": [256], "crop_size": [224], "mean": [0.4], "std": [0.2]}"#,
        Profile(scale: .unit, mean: [0.4], std: [0.2], resize: 256, crop: 224)
      ),
    ] as [(text: String, profile: Profile)])
  func configuration(text: String, profile: Profile) throws {
    let found = try #require(Literal(text).flatMap(ImageConfiguration.profile))
    #expect(found.scale == profile.scale)
    #expect(zip(found.mean ?? [], profile.mean ?? []).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(found.std ?? [], profile.std ?? []).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect([found.mean?.count, found.std?.count] == [profile.mean?.count, profile.std?.count])
    #expect([found.resize] == [profile.resize])
    #expect([found.crop] == [profile.crop])
    #expect(found.channels == profile.channels)
    #expect(found.classes == profile.classes)
    #expect(found.interpolation == profile.interpolation)
  }

  @Test("what says nothing of images is no configuration; placeholders are no names")
  func silent() throws {
    let others = [#"{"hidden_size": 768}"#, #"{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}"#]
    for text in others {
      let literal = try #require(Literal(text))
      #expect(ImageConfiguration.profile(literal) == nil)
    }
  }
}
