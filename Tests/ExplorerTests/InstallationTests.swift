import Drawing
import Explorer
import Testing

@Suite("Installing sets from the Pick screen")
struct InstallationTests {
  /// The set that is not installed selected, in the panel of sets.
  private func atMissingSet() -> Driver {
    var driver = Driver.ready()
    driver.press(.backTab, .end)
    return driver
  }

  private func installs(_ driver: Driver) -> [Command] {
    driver.commands.filter {
      switch $0 {
      case .install, .cancelInstallation: true
      default: false
      }
    }
  }

  @Test("Enter says what it would fetch, Enter again fetches, once more ends it")
  func enterThrice() {
    var driver = atMissingSet()
    driver.press(.enter)
    #expect(installs(driver).isEmpty)
    #expect(driver.text.contains("Enter again fetches 12 MB"))
    driver.press(.enter)
    #expect(installs(driver) == [.install(set: "MNIST")])
    driver.send(.installation(set: "MNIST", .running(phase: "fetch", completed: 41, total: 100)))
    #expect(driver.text.contains("fetch 41 %"))
    driver.press(.enter)
    #expect(installs(driver).last == .cancelInstallation)
    driver.send(.installation(set: "MNIST", .cancelled))
    #expect(driver.text.contains("resumes where it stopped"))
    #expect(driver.text.contains("to fetch, 12 MB"))
  }

  @Test("a failure is said in its sentence, and can be tried again")
  func failure() {
    var driver = atMissingSet()
    driver.press(.enter, .enter)
    driver.send(.installation(set: "MNIST", .failed("cannot reach example.org")))
    #expect(driver.text.contains("cannot reach example.org"))
    driver.press(.enter, .enter)
    #expect(installs(driver).count == 2)
  }

  @Test("a model whose images are missing says which command brings them")
  func missingImages() {
    var driver = Driver.ready()
    driver.press(.tab, .home, .down, .down)
    #expect(driver.text.contains("softnet"))
    #expect(driver.text.contains("Its images are not installed: boundaryscope data"))
  }
}
