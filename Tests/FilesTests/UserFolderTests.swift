import Files
import Testing

@Suite("The user's folders")
struct UserFolderTests {
  @Test(
    "The variable goes first, the home second; what is not absolute is no folder",
    arguments: UserFolder.allCases)
  func places(folder: UserFolder) {
    func path(_ value: String?, _ home: String?) -> String? {
      folder.path { [folder.rawValue: value, "HOME": home][$0] ?? nil }
    }
    let standard = path(nil, "/h")
    #expect(standard?.hasPrefix("/h/.") == true && standard?.hasSuffix("/boundaryscope") == true)
    #expect(path("/x", "/h") == "/x/boundaryscope")
    for none in ["", "x", "relative/x", "./x"] {
      #expect(path(none, "/h") == standard)
      #expect(path(none, none) == nil)
      #expect(path("/x", none) == "/x/boundaryscope")
    }
    #expect(path(nil, nil) == nil)
  }

  @Test("The four folders are four")
  func different() {
    #expect(Set(UserFolder.allCases.map { $0.path { $0 == "HOME" ? "/h" : nil } }).count == 4)
  }
}
