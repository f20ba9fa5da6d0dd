import ArgumentParser
import Experiments
import Foundation
import Testing

@testable import boundaryscope

/// Every option that takes a whole number has bounds: what lies beyond them is refused before anything is read.
@Suite("Whole numbers")
struct WholeNumberTests {
  /// An option with a value, and arguments with which its command can be read.
  struct Taken: @unchecked Sendable, CustomStringConvertible {
    let command: any ParsableCommand.Type
    let arguments: [String]
    let option: String
    var description: String { "\(command) \(option)" }

    func isRead(_ value: String) -> Bool {
      (try? command.parse(arguments + [option + "=" + value])) != nil
    }

    /// Whether it takes whole numbers alone.
    var isWhole: Bool { !isRead("x") && (isRead("1") || isRead("5")) && !isRead("5.5") }
  }

  /// What `--experimental-dump-help` says of a command.
  private struct Help: Decodable {
    struct Command: Decodable { let arguments: [Argument]? }

    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let kind: String
      let isOptional: Bool
      let isRepeating: Bool
      let preferredName: Name?
      let allValues: [String]?

      var name: String? { preferredName.map { ($0.kind == "long" ? "--" : "-") + $0.name } }

      /// A value that may be read, where one has to be there.
      var filler: [String] {
        guard !isOptional, kind != "flag" else { return [] }
        let value = allValues?.first ?? "1"
        return (name.map { [$0] } ?? []) + (isRepeating ? [value, value] : [value])
      }
    }
    let command: Command
  }

  private static func options(of command: any ParsableCommand.Type) -> [Taken] {
    let help = try? JSONDecoder().decode(Help.self, from: Data(command._dumpHelp().utf8))
    let arguments = help?.command.arguments ?? []
    let own = arguments.filter { $0.kind == "option" }.compactMap(\.name).map { name in
      // One that has to be there is tried in the place of its filler.
      Taken(
        command: command, arguments: arguments.filter { $0.name != name }.flatMap(\.filler), option: name)
    }
    return own + command.configuration.subcommands.flatMap { options(of: $0) }
  }

  static let whole = options(of: Boundaryscope.self).filter(\.isWhole)

  @Test("those that take whole numbers are found")
  func found() {
    let names = Set(Self.whole.map(\.option))
    #expect(
      names.isSuperset(of: [
        "--passes", "--ascent", "--rounds", "--iterations", "--count", "--draws", "--starts", "--probes",
        "--planes",
        "--threads", "--index", "--step", "--vectors", "--gradients", "--climb", "--crop", "--layer",
        "--eigenvectors",
      ]), "\(names.sorted())")
    #expect(Self.whole.count > 60)
  }

  @Test("what no run needs is refused", arguments: whole)
  func refused(_ option: Taken) {
    for value in ["", "1e3", "0x10", "１", "-1", "-9223372036854775808", "18446744073709551616"] {
      #expect(!option.isRead(value), "\(value)")
    }
    // A seed may be any number of 64 bits, a range any that lies within a set.
    if ["--seed", "--range", "--validate-range"].contains(option.option) { return }
    for value in ["9223372036854775807", "9223372036854775808"] {
      #expect(!option.isRead(value), "\(value)")
    }
    // Bytes may be many.
    if ["--memory", "--limit"].contains(option.option) { return }
    #expect(!option.isRead("4294967296"))
  }

  @Test("directions that are written out have the same bounds")
  func directions() throws {
    for text in [
      "sc:h=3,n=9223372036854775807", "sc:h=3,k=9223372036854775807", "sc:h=3,climb=-1",
      "sc:h=3,ascent=99999999999",
      "sc:h=3,starts=0", "sc:h=3,m=0", "sf:m=9223372036854775807", "uap:radius=3,passes=9223372036854775807",
      "even:radius=3,gradients=9223372036854775807", "even:radius=3,augment=shift:9223372036854775807",
      "image:-1",
      "image:9223372036854775807",
    ] {
      #expect(Directions(text) == nil, "\(text)")
    }
  }
}
