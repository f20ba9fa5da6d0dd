internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Foundation
internal import Laboratory

/// Directions as the command line takes them: a file, or where they come from.
extension Directions {
  /// What help says beside an option that takes some.
  static let forms =
    "m×C×H×W .npy or .mat file; or sc:h=H, sf, uap:radius=XI, learnt from --images, or random:SEED; further numbers: "
    + "sc:h=3,n=100,m=20,recipe=region,ascent=20,seed=1."

  /// What an option names; vectors of a file suit the images of a model.
  init(named text: String, _ option: String, for model: OpenModel) throws {
    if let directions = Directions(text), !FileManager.default.fileExists(atPath: text) {
      self = directions
    } else {
      self = .given(try Basis(named: text, option, for: model))
    }
  }

  /// The dimensions that an option names, all that there are where it names none.
  func dimensions(chosen list: NumberList?) throws -> [Int] {
    guard let limit = dimension else {
      guard let list else {
        throw ValidationError("\(name) has any dimension: say which with --dimension m,…")
      }
      return try Self.whole(list, upTo: .max)
    }
    return try Self.whole(list ?? NumberList([Double(limit)]), upTo: limit)
  }

  private static func whole(_ list: NumberList, upTo limit: Int) throws -> [Int] {
    try list.numbers.map { m in
      guard m == m.rounded(), m >= 1, m <= Double(min(limit, 1_000_000)) else {
        throw ValidationError(
          "--dimension \(Number.figure(m)): the basis has dimensions 1 to \(min(limit, 1_000_000))")
      }
      return Int(m)
    }
  }
}

extension Direction {
  static let forms =
    "A .npy or .mat file, C×H×W or H×W×C, in pixels of [0, 1] or bytes; or sc2:h=H, sf1, uap:radius=XI, learnt from --images; random:SEED; image:I."

  /// What an option names.
  init(named text: String, _ option: String, for model: OpenModel) throws {
    if let direction = Direction(text), !FileManager.default.fileExists(atPath: text) {
      self = direction
    } else {
      self = .given(try Basis(named: text, option, for: model))
    }
  }
}

extension Basis {
  fileprivate init(named path: String, _ option: String, for model: OpenModel) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Refusal(
        .noSuchFile,
        "\(option) \(path): no such file; random:SEED, sc:h=H, sf and uap:radius=XI are directions too")
    }
    try self.init(fileAt: path, for: model, remark: complain)
  }
}
