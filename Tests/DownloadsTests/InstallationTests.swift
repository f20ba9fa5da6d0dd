import Foundation
import Tensors
import Testing

@testable import Downloads
@testable import Images

@Suite("Installation of published sets")
struct InstallationTests {
  private func install(
    _ packed: PackedSet, _ mirror: String?, from: String? = nil,
    report: (String, Int, Int) throws -> Void = { _, _, _ in }
  ) throws {
    var installation = Installation(of: packed.set, into: packed.data, from: from, mirror: mirror)
    installation.pause = 0.01
    try installation.run(Interruption(), report: report)
  }

  /// What is installed from a server of that manner; the server, and the error if there was one.
  private func attempt(
    _ packed: PackedSet, _ manner: LocalServer.Manner, serving bytes: [UInt8]? = nil
  ) -> (server: LocalServer, error: DownloadError?) {
    let server = LocalServer(bytes ?? packed.archive, manner)
    defer { server.stop() }
    do {
      try install(packed, server.address)
      return (server, nil)
    } catch { return (server, error as? DownloadError) }
  }

  private func isClean(_ packed: PackedSet) -> Bool {
    let left = try? FileManager.default.contentsOfDirectory(atPath: packed.data.path + "/sets")
    return left?.isEmpty ?? true
  }

  @Test("an honest server: all files in place, images and labels as packed, nothing else left")
  func honest() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    #expect(attempt(packed, .init()).error == nil)
    #expect(packed.set.isInstalled(in: packed.data))
    let set = try #require(try packed.set.open("tiny-train", in: packed.data, Fitting()))
    #expect(set.count == 8)
    #expect(try set.labels(2..<6) == [2, 3, 0, 1])
    let straddling = try set.images(3..<5)
    #expect(straddling.shape == [2, 3, 32, 32])
    #expect(straddling.elements[0] == Float(PackedSet.records[0][3 * 3073 + 1]) / 255)
    #expect(straddling.elements[3072] == Float(PackedSet.records[1][1]) / 255)
    #expect(try FileManager.default.contentsOfDirectory(atPath: packed.data.path + "/sets") == ["tiny"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: packed.data.incoming).isEmpty)
  }

  @Test("a server that cuts every connection: resumed from where it stopped, each time")
  func cuts() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let piece = packed.archive.count / 5 + 1
    let (server, error) = attempt(packed, .init(cutAfter: piece))
    #expect(error == nil)
    #expect(server.starts == (0..<5).map { $0 * piece })
    #expect(packed.set.isInstalled(in: packed.data))
  }

  @Test("a server that cuts and knows no ranges: refused in the end, never installed")
  func cutsWithoutRanges() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let (_, error) = attempt(packed, .init(cutAfter: 100, honoursRanges: false))
    guard case .cut = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(isClean(packed))
  }

  @Test("a server that brings a few bytes with each connection: refused in the end, what came is kept")
  func drips() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let (server, error) = attempt(packed, .init(cutAfter: 3))
    guard case .cut(_, let got, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.starts.count == 4 && got == 12)
    #expect(isClean(packed))
  }

  @Test("a server that redirects without end, and addresses that are none: one sentence with a reason")
  func redirections() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let (server, error) = attempt(packed, .init(redirects: true))
    #expect(error.map { "\($0)".contains("redirect") } == true, "\(String(describing: error))")
    #expect(server.starts.count <= 11)
    for mirror in ["http://", "http://[::", "http://127.0.0.1:99999/", "gopher://127.0.0.1/", ""] {
      #expect {
        try install(packed, mirror)
      } throws: {
        guard case .failed(_, let reason) = $0 as? DownloadError else {
          return "\($0)".hasPrefix("cannot reach")
        }
        return !reason.isEmpty
      }
    }
    #expect(isClean(packed))
  }

  @Test("a folder of pipes is no copy, and nobody waits for it", .timeLimit(.minutes(1)))
  func pipes() throws {
    for unpacked in [false, true] {
      let packed = try PackedSet()
      defer { packed.remove() }
      let folder = packed.folder.appending(path: "pipes").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in unpacked ? packed.set.files.map(\.name) : ["tiny.tar.gz"] {
        #expect(mkfifo("\(folder)/\(name)", 0o600) == 0)
      }
      #expect(throws: DownloadError.self) { try install(packed, nil, from: folder) }
      #expect(isClean(packed))
    }
  }

  @Test("a server that ignores ranges but sends all: taken from its beginning")
  func ignoresRanges() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    try FileManager.default.createDirectory(atPath: packed.data.incoming, withIntermediateDirectories: true)
    let partial = packed.data.incoming + "/tiny-tiny.tar.gz"
    try Data(packed.archive.prefix(500)).write(to: URL(filePath: partial))
    let (server, error) = attempt(packed, .init(honoursRanges: false))
    #expect(error == nil)
    #expect(server.starts == [500, 0])
  }

  @Test("lengths too long and too short in the header", arguments: [1000, -1000])
  func lies(_ lie: Int) throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let (_, error) = attempt(packed, .init(lie: lie, lies: 1))
    // All bytes came, or could be had by asking again: the digest decides, not the header.
    #expect(error == nil)
    #expect(packed.set.isInstalled(in: packed.data))
  }

  @Test("a server that always announces too little: refused in the end")
  func liesAlways() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    guard case .cut = attempt(packed, .init(lie: -1000)).error else {
      Issue.record("a part was taken for the whole")
      return
    }
    #expect(isClean(packed))
  }

  @Test("wrong bytes of the right length: refused, thrown away, and a good server is asked afresh")
  func wrongBytes() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    var wrong = packed.archive
    wrong[wrong.count / 2] ^= 1
    let (_, error) = attempt(packed, .init(), serving: wrong)
    guard case .wrongBytes = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(isClean(packed))
    let (server, second) = attempt(packed, .init())
    #expect(second == nil)
    #expect(server.starts == [0])
  }

  @Test("what lay there was of another version: fetched again from its beginning")
  func staleBeginning() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    try FileManager.default.createDirectory(atPath: packed.data.incoming, withIntermediateDirectories: true)
    let partial = packed.data.incoming + "/tiny-tiny.tar.gz"
    try Data(repeating: 7, count: 300).write(to: URL(filePath: partial))
    let (server, error) = attempt(packed, .init())
    #expect(error == nil)
    #expect(server.starts == [300, 0])
  }

  @Test("more bytes than published, an error status, nobody there: one sentence each")
  func refusals() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    guard case .tooLong = attempt(packed, .init(), serving: packed.archive + [0]).error else {
      Issue.record("a longer file was taken")
      return
    }
    let missing = attempt(packed, .init(status: 404)).error
    #expect(missing.map { "\($0)".contains("the server answers 404") } == true)
    let server = LocalServer([])
    server.stop()
    #expect {
      try install(packed, server.address)
    } throws: {
      "\($0)".hasPrefix("cannot reach 127.0.0.1:\(server.port); check the network")
    }
    #expect(isClean(packed))
  }

  @Test("interrupted: what came is kept and the next run goes on from there")
  func interrupted() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let piece = packed.archive.count / 2
    let first = LocalServer(packed.archive, .init(cutAfter: piece, answers: 1))
    defer { first.stop() }
    #expect(throws: Interrupted.self) {
      try install(packed, first.address) { _, done, _ in if done >= piece { throw Interrupted() } }
    }
    let (server, error) = attempt(packed, .init())
    #expect(error == nil)
    #expect(server.starts == [piece])
  }

  @Test("a local copy: the archive, a folder with it, or the unpacked folder")
  func copies() throws {
    for kind in ["tiny.tar.gz", "", "tiny-batches-bin"] {
      let packed = try PackedSet()
      defer { packed.remove() }
      if kind == "tiny-batches-bin" {
        try FileManager.default.removeItem(at: packed.folder.appending(path: "tiny.tar.gz"))
      }
      try install(packed, nil, from: packed.folder.appending(path: kind).path)
      #expect(packed.set.isInstalled(in: packed.data), "from \(kind)")
    }
  }

  @Test("copies that are none: missing, cut, changed")
  func badCopies() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let archive = packed.folder.appending(path: "tiny.tar.gz")
    #expect { try install(packed, nil, from: "/nowhere") } throws: {
      "\($0)".contains("not a copy of Tiny: it holds neither tiny.tar.gz")
    }
    try Data(packed.archive.dropLast()).write(to: archive)
    #expect { try install(packed, nil, from: archive.path) } throws: {
      "\($0)".contains("bytes, not \(packed.archive.count)")
    }
    try Data(packed.archive.map { $0 ^ 1 }).write(to: archive)
    #expect { try install(packed, nil, from: archive.path) } throws: {
      "\($0)".contains("is not the published file")
    }
    #expect(isClean(packed))
  }

  @Test("a set that is not installed says which command brings it")
  func notInstalled() throws {
    #expect {
      _ = try openDataSet("cifar10", installed: DataFolder("/nowhere"))
    } throws: {
      "\($0)" == "CIFAR-10 is not installed: 'boundaryscope data install cifar10' fetches it (170 MB); "
        + "with --from FOLDER it takes a copy you have"
    }
  }
}
