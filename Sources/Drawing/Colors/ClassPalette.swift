/// A colour and a letter for each class, so that no class depends on colour alone.
public struct ClassPalette: Hashable, Sendable {
  /// One character for each label, all different for up to 62 classes.
  public let letters: [Unicode.Scalar]
  /// The classes by label; further labels are called by their number.
  public let names: [String]
  /// Letters of the classes that are in sight together, where there are more classes than letters.
  private var chosen: [Int: Unicode.Scalar] = [:]

  /// Ten colours; further classes start again, and their letters tell them apart.
  public static let colors: [Color] = [
    .skyBlue, .orange, .green, .yellow, .blue, .vermillion, .purple,
    Color(red: 90, green: 90, blue: 90, indexed: 240, ansi: 7),
    Color(red: 122, green: 72, blue: 38, indexed: 94, ansi: 1),
    Color(red: 222, green: 222, blue: 222, indexed: 253, ansi: 15),
  ]

  /// The colours toned towards the background, so that a white or black line stands out on them: found by search
  /// for the nearest to those of direct colours that keep apart under every deficiency (CIELAB, at least 13).
  private static let toned: [Appearance.Background: [UInt8]] = [
    .dark: [67, 94, 29, 136, 24, 173, 132, 238, 52, 248],
    .light: [81, 214, 71, 222, 61, 166, 139, 249, 95, 231],
  ]

  /// Of the sixteen colours by name, as xterm shows them, ten that keep farthest apart under every deficiency.
  private static let named: [UInt8] = [14, 3, 6, 11, 4, 9, 5, 8, 13, 7]

  /// The colour of a class's region.
  ///
  /// With direct colours it is toned towards the background the more, the nearer to the boundary: `depth` is 0 on
  /// it and 1 far away. Smaller palettes show one colour a class.
  public func region(_ label: Int, depth: Float, _ appearance: Appearance) -> Color {
    let color = color(label)
    let level = depth.isFinite ? (min(1, max(0, depth)) * 3).rounded() / 3 : 0
    let ground = Theme(appearance).ground
    let most = appearance.background == .dark ? 0.45 : 0.4
    let mixed = color.mixed(with: ground, share: most - (most - 0.25) * Double(level))
    switch appearance.colors {
    case .none, .ansi8: return color
    case .ansi16: return Self.shown(Self.named[Self.place(label)], ansi: Self.named[Self.place(label)])
    case .direct: return mixed
    case .indexed:
      return Self.shown(
        Self.toned[appearance.background]?[Self.place(label)] ?? color.indexed, ansi: color.ansi)
    }
  }

  private static func place(_ label: Int) -> Int {
    ((label % colors.count) + colors.count) % colors.count
  }

  /// An index of a small palette as what it looks like.
  private static func shown(_ index: UInt8, ansi: UInt8) -> Color {
    let shown = Palette.components(index)
    return Color(
      red: shown.red, green: shown.green, blue: shown.blue, indexed: max(16, index), ansi: ansi)
  }

  /// - Parameter names: the classes by label; letters come from the names, as near their beginning as is free.
  public init(names: [String]) {
    self.names = names
    var taken: Set<Unicode.Scalar> = []
    letters = names.map { Self.letter(for: $0, &taken) }
  }

  private static let spare = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".unicodeScalars)

  /// The first letter of a name that is free, else any.
  private static func letter(for name: String, _ taken: inout Set<Unicode.Scalar>) -> Unicode.Scalar {
    let own = name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
    let capitals = name.uppercased().unicodeScalars.filter { ("A"..."Z").contains($0) }
    let letter = (Array(own) + Array(capitals) + spare).first { !taken.contains($0) } ?? "?"
    taken.insert(letter)
    return letter
  }

  /// The same, with letters that tell these classes apart whatever others have: those named first choose first.
  func telling(_ labels: [Int]) -> ClassPalette {
    guard Set(labels.map(letter)).count < Set(labels).count || labels.contains(where: { letter($0) == "?" })
    else { return self }
    var palette = self
    var taken: Set<Unicode.Scalar> = []
    palette.chosen = [:]
    for label in labels {
      palette.chosen[label] = Self.letter(
        for: names.indices.contains(label) ? names[label] : "\(label)", &taken)
    }
    return palette
  }

  /// The class's colour without toning, ``colors`` in turn: labels that differ by ten share one.
  public func color(_ label: Int) -> Color {
    Self.colors[Self.place(label)]
  }

  /// The class's letter; a label without a name gets the last digit of its number.
  public func letter(_ label: Int) -> Unicode.Scalar {
    chosen[label]
      ?? (letters.indices.contains(label) ? letters[label] : Unicode.Scalar(UInt8(48 + abs(label % 10))))
  }

  public func name(_ label: Int) -> String { names.indices.contains(label) ? names[label] : "class \(label)" }
}
