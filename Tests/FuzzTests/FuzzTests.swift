import Foundation
import FuzzTargets
import Tensors
import Testing

/// The seeds of the fuzzers, what once broke the program, and small changes of both; a trap would end the test program.
@Suite("Fuzz targets")
struct FuzzTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fuzz")

  /// The inputs that are kept for a target.
  static func inputs(_ target: FuzzTarget) -> [(name: String, bytes: [UInt8])] {
    ["Seeds", "Regressions"].flatMap { kind in
      let place = folder.appending(path: "\(kind)/\(target.rawValue)")
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      return names.sorted().compactMap { name in
        (try? Data(contentsOf: place.appending(path: name))).map { ("\(kind)/\(name)", [UInt8]($0)) }
      }
    }
  }

  @Test("Every target has seeds, takes them, and takes what once broke it", arguments: FuzzTarget.allCases)
  func kept(_ target: FuzzTarget) {
    let inputs = Self.inputs(target)
    #expect(inputs.contains { $0.name.hasPrefix("Seeds/") })
    let begin = ContinuousClock.now
    for (_, bytes) in inputs { target.run(bytes) }
    #expect(ContinuousClock.now - begin < .seconds(60))
  }

  @Test("Bytes that are changed, cut and joined are taken too", arguments: FuzzTarget.allCases)
  func changed(_ target: FuzzTarget) {
    let inputs = Self.inputs(target).map(\.bytes).filter { !$0.isEmpty }
    var generator = SeededGenerator(seed: 26)
    for _ in 0..<60 {
      var bytes = inputs.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0..<max(1, bytes.count), using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes = Array(bytes[..<min(place, bytes.count)])
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: min(place, bytes.count))
        case 2: bytes += (inputs.randomElement(using: &generator) ?? []).prefix(64)
        default: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
        }
      }
      target.run(bytes)
    }
  }
}
