/// What kind of file the first bytes announce.
enum PictureFormat {
  case png
  case jpeg
  case pnm
  /// A picture of a kind that is known by name and not read.
  case other(String)

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
      self = .other("a GIF")
    } else if starts("BM") {
      self = .other("a BMP")
    } else if starts("II*\0") || starts("MM\0*") {
      self = .other("a TIFF")
    } else if starts("RIFF"), starts("WEBP", at: 8) {
      self = .other("a WebP picture")
    } else if starts("ftyp", at: 4) {
      self = .other("a HEIC or AVIF picture, or a film")
    } else if head.starts(with: [0, 0, 0, 12]) && starts("jP", at: 4)
      || head.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
    {
      self = .other("a JPEG 2000 picture")
    } else if starts("%PDF") {
      self = .other("a PDF")
    } else if starts("<svg") || starts("<?xml") {
      self = .other("an SVG")
    } else {
      return nil
    }
  }

  private init?(portable kind: UInt8) {
    switch kind {
    case UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "5"), UInt8(ascii: "6"): self = .pnm
    case UInt8(ascii: "1"), UInt8(ascii: "4"): self = .other("a bitmap of two colours (PBM)")
    case UInt8(ascii: "7"): self = .other("a PAM picture")
    default: return nil
    }
  }
}

extension Picture {
  /// The picture in a file's bytes: PNG, JPEG, PPM or PGM, by content; `path` is for the messages.
  public init(decoding bytes: [UInt8], _ path: String) throws(ImageError) {
    if bytes.isEmpty { throw .broken(path, "picture", "it is empty") }
    switch PictureFormat(Array(bytes.prefix(16))) {
    case .png: self = try PNG.decode(bytes, path)
    case .jpeg: self = try JPEG.decode(bytes, path)
    case .pnm: self = try PNM.decode(bytes, path)
    case .other(let what): throw .unsupported(path, what)
    case nil: throw .notAPicture(path)
    }
  }

  public init(contentsOf path: String) throws(ImageError) {
    let file = try InputFile(path)
    let head = try file.read(0..<min(16, file.size))
    if !head.isEmpty, PictureFormat(head) == nil { throw .notAPicture(path) }
    try self.init(decoding: try file.readAll(), path)
  }
}
