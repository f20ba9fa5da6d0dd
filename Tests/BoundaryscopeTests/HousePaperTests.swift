import Foundation
import Testing

/// README and the papers beside it speak of files that are there.
@Suite("House papers")
struct HousePaperTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let papers = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: name), encoding: .utf8)
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Self.root.appending(path: path).path)
  }

  @Test("Paths in quotes exist", arguments: papers)
  func paths(paper: String) throws {
    let paths = try text(paper).matches(of: /`((?:Sources|Tests|Assets|\.ci)\/[A-Za-z0-9_\/.+-]+)/).map {
      String($0.output.1)
    }
    for path in paths { #expect(exists(path), "\(paper): \(path)") }
    #expect(paths.count > (paper == "CONTRIBUTING.md" ? 15 : -1))
  }

  @Test("Links lead to files that exist", arguments: papers)
  func links(paper: String) throws {
    for link in try text(paper).matches(of: /\]\(([^):#]+)\)/).map({ String($0.output.1) }) {
      #expect(exists(link), "\(paper): \(link)")
    }
  }

  @Test("The licence is whole, and every library that is linked has its notice")
  func notices() throws {
    #expect(try text("LICENSE").contains("END OF TERMS AND CONDITIONS"))
    let notices = try text("NOTICE").lowercased()
    let linked = try text("Package.swift").matches(of: /\.apt\(\["lib([a-z]+)[0-9]*-dev"\]\)/).map {
      String($0.output.1)
    }
    #expect(linked.count > 8)
    let names = ["ssl": "openssl", "turbojpeg": "libjpeg-turbo", "gif": "giflib", "tiff": "libtiff"]
    for library in linked { #expect(notices.contains(names[library] ?? library), "\(library)") }
    for package in try text("Package.swift").matches(of: /github\.com\/[a-z]+\/([a-z-]+)/) {
      #expect(notices.contains(package.output.1), "\(package.output.1)")
    }
  }
}
