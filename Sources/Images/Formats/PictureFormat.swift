/// What kind of file the first bytes announce, whatever its name says.
enum PictureFormat {
  case png
  case jpeg
  case pnm
  case bmp
  case gif
  case tiff
  case webp
  /// A picture of a kind that is known by name and not read.
  case other(String)

  /// Endings of names by which a folder's pictures are known.
  static let suffixes: Set<String> = [
    "png", "apng", "jpg", "jpeg", "jpe", "jfif", "jif", "ppm", "pgm", "pbm", "pnm", "bmp", "dib", "gif",
    "tif",
    "tiff", "webp",
  ]

  /// Whether a file's name is that of a picture.
  static func isNamed(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return suffixes.contains(name[name.index(after: dot)...].lowercased())
  }

  init?(_ head: [UInt8]) {
    func starts(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
    if head.starts(with: PNG.signature) {
      self = .png
    } else if head.starts(with: JPEG.signature) {
      self = .jpeg
    } else if head.count > 2, starts("P"), [9, 10, 13, 32, 35].contains(head[2]) {
      guard let format = PictureFormat(portable: head[1]) else { return nil }
      self = format
    } else if starts("GIF8") {
      self = .gif
    } else if starts("BM"), head.count > 14, [12, 40, 52, 56, 64, 108, 124].contains(head[14]) {
      self = .bmp
    } else if starts("II*\0") || starts("MM\0*") || starts("II+\0") || starts("MM\0+") {
      self = .tiff
    } else if starts("RIFF"), starts("WEBP", at: 8) {
      self = .webp
    } else {
      guard let name = PictureFormat.unread(head) else { return nil }
      self = .other(name)
    }
  }

  private init?(portable kind: UInt8) {
    switch kind {
    case UInt8(ascii: "1")...UInt8(ascii: "6"): self = .pnm
    case UInt8(ascii: "7"): self = .other("a PAM picture")
    case UInt8(ascii: "F"), UInt8(ascii: "f"): self = .other("a PFM picture of floats")
    default: return nil
    }
  }

  private static func unread(_ head: [UInt8]) -> String? {
    func starts(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
    if starts("ftyp", at: 4) { return "a HEIC or AVIF picture, or a film" }
    if head.starts(with: [0, 0, 0, 12]) && starts("jP", at: 4) || head.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
    {
      return "a JPEG 2000 picture"
    }
    if head.starts(with: [0xFF, 0x0A]) { return "a JPEG XL picture" }
    if starts("8BPS") { return "a Photoshop file" }
    if starts("%PDF") { return "a PDF" }
    if starts("<svg") || starts("<?xml") { return "an SVG" }
    return nil
  }

  fileprivate func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    switch self {
    case .png: try PNG.decode(bytes, path)
    case .jpeg: try JPEG.decode(bytes, path)
    case .pnm: try PNM.decode(bytes, path)
    case .bmp: try BMP.decode(bytes, path)
    case .gif: try GIF.decode(bytes, path)
    case .tiff: try TIFF.decode(bytes, path)
    case .webp: try WebP.decode(bytes, path)
    case .other(let what): throw .unsupported(path, what)
    }
  }
}

/// Whether pictures are turned as their EXIF or TIFF tags say.
public enum Turning: String, Sendable, CaseIterable {
  /// As Pillow opens them: TIFF is turned, everything else is not.
  case pillow
  case apply
  case ignore
}

/// What a person should know of how a picture was read.
public enum PictureRemark: Int, Sendable, CaseIterable, Hashable {
  case turnIgnored
  case turned
  case greyCut
}

extension Picture {
  /// The picture in a file's bytes, by content; `path` is for the messages.
  ///
  /// Pixels are those of Pillow's `convert('RGB')`: transparency is dropped, gamma and colour profiles are ignored.
  public init(decoding bytes: [UInt8], _ path: String) throws(ImageError) {
    self = try Picture.read(bytes, path).picture
  }

  /// The picture in a file, by content; throws where the file is missing, cannot be read or is no picture.
  public init(contentsOf path: String) throws(ImageError) {
    self = try Picture.read(contentsOf: path).picture
  }

  /// The picture in a file's bytes, with what is to be said of how it was read.
  public static func read(
    _ bytes: [UInt8], _ path: String, _ turning: Turning = .pillow
  ) throws(ImageError) -> (picture: Picture, remarks: [PictureRemark]) {
    if bytes.isEmpty { throw .broken(path, "picture", "it is empty") }
    guard let format = PictureFormat(Array(bytes.prefix(16))) else { throw .notAPicture(path) }
    let decoded = try format.decode(bytes, path)
    var remarks: [PictureRemark] = decoded.isCut ? [.greyCut] : []
    guard decoded.orientation != .upright else { return (decoded.picture, remarks) }
    var turns = turning == .apply
    if case .tiff = format { turns = turning != .ignore }
    remarks.append(turns ? .turned : .turnIgnored)
    return (turns ? decoded.orientation.turn(decoded.picture) : decoded.picture, remarks)
  }

  static func read(
    contentsOf path: String, _ turning: Turning = .pillow
  ) throws(ImageError) -> (picture: Picture, remarks: [PictureRemark]) {
    let file = try InputFile(path)
    let head = try file.read(0..<min(16, file.size))
    if !head.isEmpty, PictureFormat(head) == nil { throw .notAPicture(path) }
    return try read(try file.readAll(), path, turning)
  }
}
