internal import Networks
internal import Tensors

/// How a library's configuration says that pictures become numbers.
///
/// Read are Hugging Face's `preprocessor_config.json` and `config.json`, timm's `config.json`, the keywords of
/// torchvision's presets and Teachable Machine's `metadata.json`.
enum ImageConfiguration {
  /// What the configuration says; nil where it says nothing of images or classes.
  static func profile(_ configuration: Literal) -> Profile? {
    guard case .map = configuration else { return nil }
    let processor = configuration["image_processor"] ?? configuration["pretrained_cfg"] ?? configuration
    var profile = Profile()
    if processor["input_size"] != nil || processor["crop_pct"] != nil && processor["mean"] != nil {
      timm(processor, &profile)
    } else if configuration["packageName"]?.string?.hasPrefix("@teachablemachine/image") == true {
      teachableMachine(configuration, &profile)
    } else {
      numbers(processor, &profile)
      sizes(processor, &profile)
    }
    profile.classes = names(processor) ?? names(configuration)
    return profile == Profile() ? nil : profile
  }

  /// Names, unless they are the numbers that Hugging Face writes where nobody gave any.
  private static func names(_ configuration: Literal) -> [String]? {
    guard let names = ClassNames.names(in: configuration),
      !names.enumerated().allSatisfy({ $1 == "LABEL_\($0)" })
    else { return nil }
    return names
  }

  /// timm: mean and std of pixels in [0, 1]; the short side is size/crop_pct, a square of the size is cut out.
  private static func timm(_ configuration: Literal, _ profile: inout Profile) {
    profile.mean = configuration["mean"]?.numbers
    profile.std = configuration["std"]?.numbers
    if profile.mean != nil || profile.std != nil { profile.scale = .unit }
    profile.interpolation = configuration["interpolation"]?.string.flatMap(Preprocessing.Interpolation.init)
    guard case .list(let extents)? = configuration["input_size"], extents.count == 3,
      let height = extents[1].count, let width = extents[2].count, height > 0, width > 0
    else { return }
    let share = configuration["crop_pct"]?.number ?? 0.875
    if configuration["crop_mode"]?.string == "squash" || height != width {
      profile.resize = .exactly(height: height, width: width)
    } else if share > 0.1, share <= 1 {
      profile.resize = .shortSide(Int(saturating: Double(height) / share))
      profile.crop = height
    }
  }

  private static func teachableMachine(_ configuration: Literal, _ profile: inout Profile) {
    (profile.scale, profile.mean, profile.std) = (.unit, [0.5], [0.5])
    profile.crop = configuration["imageSize"]?.count
    profile.centring = profile.crop == nil ? nil : .floor
    profile.resize = profile.crop.map { .shortSide($0) }
  }
}

// MARK: - Hugging Face and torchvision

extension ImageConfiguration {
  /// (f·p − o − mean)/std of bytes p, as mean and std of pixels in [0, 1].
  private static func numbers(_ configuration: Literal, _ profile: inout Profile) {
    let flag = { (key: String) in configuration[key]?.boolean }
    if flag("do_flip_channel_order") == true { profile.channels = .bgr }
    // Only before `do_rescale` was written down were moments taken off without a word.
    let isNormalized = flag("do_normalize") ?? (flag("do_rescale") == nil)
    let mean = isNormalized ? (configuration["image_mean"] ?? configuration["mean"])?.numbers : nil
    var std = isNormalized ? (configuration["image_std"] ?? configuration["std"])?.numbers : nil
    guard mean != nil || std != nil || flag("do_rescale") != nil || configuration["rescale_factor"] != nil
    else { return }
    if flag("include_top") == true { std = std?.map { $0 * $0 } }
    guard flag("do_rescale") != false else {
      (profile.scale, profile.mean, profile.std) = (.byte, mean, std)
      return
    }
    let factor = Float(255 * (configuration["rescale_factor"]?.number ?? 1 / 255))
    let offset: Float = flag("rescale_offset") == true || flag("offset") == true ? 1 : 0
    profile.scale = .unit
    guard factor.isFinite, factor > 0 else { return }
    if abs(factor - 1) < 1e-4, offset == 0 {
      (profile.mean, profile.std) = (mean, std)
    } else {
      profile.mean = (mean ?? [0]).map { ($0 + offset) / factor }
      profile.std = (std ?? [1]).map { $0 / factor }
    }
  }

  private static func sizes(_ configuration: Literal, _ profile: inout Profile) {
    let type =
      (configuration["image_processor_type"] ?? configuration["feature_extractor_type"])?.string ?? ""
    let size = configuration["size"] ?? configuration["resize_size"]
    let crop =
      configuration["do_center_crop"]?.boolean == false ? nil : configuration["crop_size"].flatMap(side)
    profile.interpolation = interpolation(configuration)
    profile.crop = crop
    defer { if profile.crop != nil, isHuggingFace(configuration) { profile.centring = .floor } }
    guard configuration["do_resize"]?.boolean != false, let size else { return }
    if let height = size["height"]?.count, let width = size["width"]?.count {
      profile.resize = .exactly(height: height, width: width)
    } else if let short = side(size) {
      let isShortSide = size["shortest_edge"] != nil || crop != nil
      if type.hasPrefix("ConvNext") || configuration["crop_pct"]?.number != nil {
        cropped(short, configuration["crop_pct"]?.number ?? 224.0 / 256, &profile)
      } else if type.hasPrefix("Levit") {
        profile.resize = .shortSide(short * 256 / 224)
      } else {
        profile.resize = isShortSide ? .shortSide(short) : .exactly(height: short, width: short)
      }
    }
  }

  /// Whether the words are those of Hugging Face's processors, which torchvision's presets have not.
  private static func isHuggingFace(_ configuration: Literal) -> Bool {
    ["image_processor_type", "feature_extractor_type", "do_resize", "do_center_crop", "do_normalize"]
      .contains { configuration[$0] != nil }
  }

  /// ConvNeXt's way: below 384 pixels a square out of a picture 1/share as large, else the picture squeezed.
  private static func cropped(_ side: Int, _ share: Double, _ profile: inout Profile) {
    if side < 384, share > 0.1, share <= 1 {
      profile.resize = .shortSide(Int(saturating: Double(side) / share))
      profile.crop = side
    } else {
      profile.resize = .exactly(height: side, width: side)
    }
  }

  /// One side: a number, a list of one or of equal ones, or a dictionary with one.
  static func side(_ literal: Literal) -> Int? {
    if let side = literal.count ?? literal["shortest_edge"]?.count { return side > 0 ? side : nil }
    if case .list(let sides) = literal, let side = sides.first?.count, sides.allSatisfy({ $0.count == side })
    {
      return side > 0 ? side : nil
    }
    guard let height = literal["height"]?.count, height == literal["width"]?.count, height > 0 else {
      return nil
    }
    return height
  }

  /// Pillow's number of the filter, or its name.
  private static func interpolation(_ configuration: Literal) -> Preprocessing.Interpolation? {
    if let number = configuration["resample"]?.count {
      return [0: .nearest, 1: .lanczos, 2: .bilinear, 3: .bicubic][number]
    }
    let name = configuration["interpolation"]?.string?.split(separator: ".").last.map { $0.lowercased() }
    return name.flatMap(Preprocessing.Interpolation.init)
  }
}
