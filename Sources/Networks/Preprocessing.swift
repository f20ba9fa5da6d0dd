/// How pixels become what a network takes, where that is known from, and who says what its classes are called.
///
/// Pixels in [0, 1] are first stretched to ``range``, then (x − ``mean``) / ``std`` is taken in its units, a number for
/// each channel in the order in which the model takes them.
public struct Preprocessing: Hashable, Sendable {
  /// What a reading goes by; the earlier goes before the later.
  public enum Source: String, Codable, Sendable {
    /// The command line.
    case option
    /// The profile beside the model.
    case profile
    /// The notes in the model file.
    case notes
    /// Files beside the model.
    case folder
    /// The arithmetic that the graph begins with, or the numbers that its input holds.
    case graph
    /// The images that it is opened for.
    case images
    /// What most models of this size and number of classes want.
    case guess
    /// Nothing: pixels go in as they are.
    case none
  }

  /// The size of images, and how pictures are brought to it.
  public struct Size: Hashable, Sendable {
    /// Rows that the model takes.
    public var height: Int
    /// Columns that the model takes.
    public var width: Int
    /// What pictures are resized to; nil where they stay as they are.
    public var resize: Resize?
    /// The side of the square that is cut out of their middle.
    public var crop: Int?
    /// Where the middle is, where as much cannot be cut off on both sides; torchvision's where nothing says.
    public var centring: Centring?
    /// How pixels between pixels are found; bilinear where nothing says.
    public var interpolation: Interpolation?
    /// What says how pictures come to the size.
    public var source: Source

    public init(
      height: Int, width: Int, resize: Resize? = nil, crop: Int? = nil, centring: Centring? = nil,
      interpolation: Interpolation? = nil, source: Source = .none
    ) {
      self.height = height
      self.width = width
      self.resize = resize
      self.crop = crop
      self.centring = centring
      self.interpolation = interpolation
      self.source = source
    }
  }

  /// What a picture is brought to before it is cut, px: a short side, in proportion, or both sides.
  public enum Resize: Hashable, Sendable {
    case shortSide(Int)
    case exactly(height: Int, width: Int)
  }

  /// How many rows and columns a crop leaves out before it, of (side − crop)/2.
  public enum Centring: String, Codable, Sendable {
    /// The nearest whole number, halves to the even one: torchvision, timm and ultralytics.
    case round
    /// The whole number below: Hugging Face's processors and Keras.
    case floor
  }

  /// Pillow's filters, as they are called there.
  public enum Interpolation: String, Codable, Sendable, CaseIterable {
    case nearest, bilinear, bicubic, lanczos
  }

  /// Where the names of the classes stand.
  public struct Names: Encodable, Hashable, Sendable {
    /// What names them.
    public var source: Source
    /// What of the source names them, such as a file's name.
    public var place: String

    public init(source: Source, place: String) {
      self.source = source
      self.place = place
    }
  }

  /// The numbers that black and white become.
  public var range: ClosedRange<Float>
  /// Subtracted from pixels in ``range``, one number for each channel or for all; nil where nothing is.
  public var mean: [Float]?
  /// What is divided by, one number for each channel or for all; nil where nothing is.
  public var std: [Float]?
  /// rgb, bgr or grey.
  public var channels: String
  /// nchw, nhwc or flat.
  public var layout: String
  public var size: Size
  /// What says range, mean and std; where nothing does, what says the order of the channels.
  public var source: Source
  /// What of the source says so, such as a file's name; empty where nothing does.
  public var place: String
  /// What else would be usual, as options; nil where something says how pixels are read.
  public var hint: String?
  /// nil where the classes have no names.
  public var names: Names?
  /// What contradicts this reading, or was found and could not be used; each one sentence.
  public var doubts: [String]

  public init(
    range: ClosedRange<Float> = 0...1, mean: [Float]? = nil, std: [Float]? = nil, channels: String = "rgb",
    layout: String = "nchw", size: Size, source: Source = .none, place: String = "", hint: String? = nil,
    names: Names? = nil, doubts: [String] = []
  ) {
    self.range = range
    self.mean = mean
    self.std = std
    self.channels = channels
    self.layout = layout
    self.size = size
    self.source = source
    self.place = place
    self.hint = hint
    self.names = names
    self.doubts = doubts
  }

  /// Whether the reading is only what most such models want.
  public var isGuessed: Bool { source == .guess }
}

// MARK: - In words

extension Preprocessing {
  /// What is done to pixels, and where that is known from; doubts apart.
  public var sentence: String {
    let reading = "\(arithmetic), \(channels == "grey" ? "grey" : channels.uppercased())"
    switch source {
    case .none:
      return "\(reading), as they are: nothing says what the model wants"
        + (hint.map { " (usual: \($0))" } ?? "")
    case .guess: return "\(reading): a guess, for \(place)"
    default: return "\(reading) (\(place))"
    }
  }

  /// What there is to say before any number: the reading, whose names the classes have, and every doubt.
  public var lines: [String] {
    var lines = ["pixels: \(sentence)"]
    if size.source == .images {
      lines.append("size: \(size.height)×\(size.width), that of the images: the model leaves it open")
    }
    switch names?.source {
    case .guess?: lines.append("class names: a guess, for \(names?.place ?? "")")
    case .notes?, .folder?, .images?: lines.append("class names: \(names?.place ?? "")")
    default: break
    }
    return lines + doubts.map { "doubt: \($0)" }
  }

  private var arithmetic: String {
    let numbers = { (values: [Float]) in
      let words = values.map(Self.short)
      return words.count == 1 ? words[0] : "(\(words.joined(separator: ",")))"
    }
    let bounds = "\(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
    switch (mean, std) {
    case (nil, nil): return bounds
    case (let mean?, nil): return "x − \(numbers(mean)) of \(bounds)"
    case (nil, let std?): return "x/\(numbers(std)) of \(bounds)"
    case (let mean?, let std?): return "(x − \(numbers(mean)))/\(numbers(std)) of \(bounds)"
    }
  }

  /// A number to four significant digits.
  public static func short(_ x: Float) -> String {
    guard x != 0, x.isFinite else { return x == 0 ? "0" : "\(x)" }
    var (unit, magnitude): (Float, Float) = (1, x.magnitude)
    while magnitude >= 10_000 { (unit, magnitude) = (unit / 10, magnitude / 10) }
    while magnitude < 1_000, unit < 1e12 { (unit, magnitude) = (unit * 10, magnitude * 10) }
    let rounded = (x * unit).rounded() / unit
    return rounded == rounded.rounded() && rounded.magnitude < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}

// MARK: - As JSON

extension Preprocessing: Encodable {
  private enum Key: String, CodingKey {
    case range, mean, std, channels, layout, size, source, place, guessed, hint, names, doubts
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode([range.lowerBound, range.upperBound], forKey: .range)
    try container.encode(mean, forKey: .mean)
    try container.encode(std, forKey: .std)
    try container.encode(channels, forKey: .channels)
    try container.encode(layout, forKey: .layout)
    try container.encode(size, forKey: .size)
    try container.encode(source, forKey: .source)
    try container.encode(place, forKey: .place)
    try container.encode(isGuessed, forKey: .guessed)
    try container.encode(hint, forKey: .hint)
    try container.encode(names, forKey: .names)
    try container.encode(doubts, forKey: .doubts)
  }
}

extension Preprocessing.Size: Encodable {
  private enum Key: String, CodingKey { case height, width, resize, crop, centring, interpolation, source }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(height, forKey: .height)
    try container.encode(width, forKey: .width)
    try container.encode(resize, forKey: .resize)
    try container.encode(crop, forKey: .crop)
    try container.encode(crop == nil ? nil : centring ?? .round, forKey: .centring)
    try container.encode(interpolation, forKey: .interpolation)
    try container.encode(source, forKey: .source)
  }
}

extension Preprocessing.Resize: Codable, ExpressibleByIntegerLiteral {
  public init(integerLiteral side: Int) { self = .shortSide(side) }

  /// A side, or height and width.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let side = try? container.decode(Int.self) {
      self = .shortSide(side)
      return
    }
    let sides = try container.decode([Int].self)
    guard sides.count == 2 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither a side nor two")
    }
    self = .exactly(height: sides[0], width: sides[1])
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .shortSide(let side): try container.encode(side)
    case .exactly(let height, let width): try container.encode([height, width])
    }
  }
}
