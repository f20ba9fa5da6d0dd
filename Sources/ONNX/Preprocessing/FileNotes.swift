internal import Networks
internal import ONNXSchema

/// The notes that exporters leave in a model file (`metadata_props`).
enum FileNotes {
  static func statements(_ properties: [Onnx_StringStringEntryProto]) -> [Statement] {
    let notes = Dictionary(properties.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    return [windows(notes), ultralytics(notes), paddle(notes), moments(notes)].compactMap { $0 }
      + configurations(notes)
  }

  /// ONNX's own notes on image inputs, as Windows ML reads them; keys and values in any case.
  private static func windows(_ notes: [String: String]) -> Statement? {
    var profile = Profile()
    switch notes["image.nominalpixelrange"]?.lowercased() {
    case "nominalrange_0_255": profile.scale = .byte
    case "normalized_0_1": profile.scale = .unit
    case "normalized_1_1": (profile.scale, profile.mean, profile.std) = (.unit, [0.5], [0.5])
    case "nominalrange_16_235":
      (profile.scale, profile.mean, profile.std) = (.unit, [-16.0 / 219], [1.0 / 219])
    default: break
    }
    let format = notes["image.bitmappixelformat"]?.lowercased() ?? ""
    if format.hasPrefix("bgr") { profile.channels = .bgr }
    if format.hasPrefix("rgb") { profile.channels = .rgb }
    guard profile != Profile() else { return nil }
    return Statement(
      source: .notes, place: "the notes in the file: Image.NominalPixelRange, BitmapPixelFormat",
      profile: profile)
  }

  /// Ultralytics writes `names`, `imgsz` and `task`; its classifiers take pixels from 0 to 1.
  private static func ultralytics(_ notes: [String: String]) -> Statement? {
    var profile = Profile()
    if notes["task"] == "classify" {
      profile.scale = .unit
      if let side = notes["imgsz"].flatMap({ Literal($0) }).flatMap(ImageConfiguration.side) {
        profile.resize = .shortSide(side)
        profile.crop = side
      }
    }
    for key in ["names", "class_names", "classes", "labels", "id2label", "label_names", "categories"] {
      if profile.classes == nil { profile.classes = notes[key].flatMap(ClassNames.parse) }
    }
    guard profile != Profile() else { return nil }
    return Statement(source: .notes, place: "the notes in the file", profile: profile)
  }

  /// PaddleOCR's `character`, one a line; its networks put a blank before them and most a space behind.
  private static func paddle(_ notes: [String: String]) -> Statement? {
    guard let text = notes["character"] else { return nil }
    let characters = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
    let blank = ["blank"] + characters
    return Statement(
      source: .notes, place: "the notes in the file: character", profile: Profile(),
      names: [characters, blank, blank + [" "]])
  }

  /// Moments under their usual names.
  private static func moments(_ notes: [String: String]) -> Statement? {
    func numbers(_ keys: String...) -> [Float]? {
      keys.lazy.compactMap { notes[$0] }.compactMap { Literal($0)?.numbers ?? Literal("[\($0)]")?.numbers }
        .first
    }
    let profile = Profile(
      mean: numbers("mean", "image_mean", "norm_mean"), std: numbers("std", "image_std", "norm_std"))
    guard profile != Profile(),
      [profile.mean, profile.std].allSatisfy({ $0.map { [1, 3].contains($0.count) } ?? true })
    else { return nil }
    return Statement(source: .notes, place: "the notes in the file: mean, std", profile: profile)
  }

  /// Whole configurations, as files beside a model hold them.
  private static func configurations(_ notes: [String: String]) -> [Statement] {
    [
      "preprocessor_config", "preprocessor_config.json", "pretrained_cfg", "config", "config.json",
      "preprocessing",
    ].compactMap { key in
      guard let text = notes[key], let profile = Literal(text).flatMap(ImageConfiguration.profile) else {
        return nil
      }
      return Statement(source: .notes, place: "the notes in the file: \(key)", profile: profile)
    }
  }
}
