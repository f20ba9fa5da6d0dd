public import Drawing
public import Networks

/// What could be done where something cannot be done as it was asked: a sentence, and a key for each way on.
public struct Offer: Sendable, Equatable {
  /// One way on.
  public struct Choice: Sendable, Equatable {
    /// The key that takes it while the offer is shown.
    public var key: Key
    /// What it does, in a few words.
    public var title: String
    /// What is done once it is taken.
    public var effect: Effect

    public init(_ key: Key, _ title: String, _ effect: Effect) {
      (self.key, self.title, self.effect) = (key, title, effect)
    }
  }

  /// What taking a choice does.
  public enum Effect: Sendable, Equatable {
    /// Reads the pixels of the model's pictures this way from now on.
    case read(model: String, ModelReading)
    /// Asks for a path or a set's name.
    case askImages
    case images(spec: String)
    case install(set: String)
  }

  /// Stands in the frame's upper edge.
  public var title: String
  /// The problem or the question, in a few sentences.
  public var text: String
  /// In the order in which they are listed.
  public var choices: [Choice]

  public init(title: String, text: String, choices: [Choice]) {
    (self.title, self.text, self.choices) = (title, text, choices)
  }
}

/// How the pictures of a model are to be read, as far as a person or the judge has said.
public struct ModelReading: Sendable, Hashable {
  /// The numbers that black and white become; nil leaves it as it is.
  public var range: [Float]?
  /// Taken off in units of ``range``, one for each channel in the model's order, or one for all; nil is 0.
  public var mean: [Float]?
  /// Divides what is left, likewise by channel; nil is 1, and without ``range`` neither counts.
  public var std: [Float]?
  /// rgb or bgr.
  public var channels: String?
  /// What pictures are resized to, px: the short side or both; nil leaves this and ``crop`` as they were.
  public var resize: Preprocessing.Resize?
  /// Side of the square that is then cut out of the middle, px; counts only with ``resize``.
  public var crop: Int?

  public init(resize: Preprocessing.Resize? = nil, crop: Int? = nil) {
    (self.resize, self.crop) = (resize, crop)
  }
}

extension Offer: Drawable {
  /// Rows that it takes at this width, its frame included.
  func rows(_ columns: Int, _ glyphs: Appearance.GlyphSet) -> Int {
    Text.wrapped(text, to: max(8, columns - 4), glyphs).count + choices.count + 3
  }

  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let inside = canvas.frame(title, note: "Esc: not now", isActive: true, in: canvas.bounds)
    let area = Rectangle(
      row: inside.row, column: inside.column + 1, rows: inside.rows, columns: inside.columns - 2)
    let lines = Text.wrapped(text, to: area.columns, canvas.appearance.glyphs).count
    canvas.paragraph(text, in: area)
    for (i, choice) in choices.enumerated() where lines + 1 + i < area.rows {
      canvas.put(
        [(choice.key.name.padded(to: 6), canvas.theme.accent), (choice.title, .plain)],
        row: area.row + lines + 1 + i, column: area.column)
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}

/// A sentence that something did not go as asked, over the lower part of a screen, as long as it needs.
struct ProblemPanel: Drawable {
  let text: String

  func rows(_ columns: Int, _ glyphs: Appearance.GlyphSet) -> Int {
    Text.wrapped(text, to: max(8, columns - 4), glyphs).count + 2
  }

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let inside = canvas.frame("!", note: "kept on 8 Jobs", in: canvas.bounds)
    let area = Rectangle(
      row: inside.row, column: inside.column + 1, rows: inside.rows, columns: inside.columns - 2)
    canvas.paragraph(text, in: area, canvas.theme.bad)
  }
}

extension Rectangle {
  /// Its lowest rows.
  func bottom(_ rows: Int) -> Rectangle { split(top: max(0, self.rows - rows)).rest }
}

// MARK: - Answers

extension Explorer {
  mutating func answer(_ offer: Offer, _ key: Key) -> [Command] {
    overlay = .none
    guard let choice = offer.choices.first(where: { $0.key == key }) else {
      return key == .escape ? [] : take(.key(key))
    }
    switch choice.effect {
    case .read(let path, let reading): return [.read(model: path, reading)]
    case .askImages: overlay = .prompt(Prompt(.imagesSpec))
    case .images(let spec): return workspace.open(images: spec)
    case .install(let set):
      workspace.catalogue.installing = .running(set: set, phase: "fetch", share: 0)
      return [.install(set: set)]
    }
    return []
  }
}
