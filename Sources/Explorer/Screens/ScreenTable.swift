/// All screens, by name and by kind: where a new one is entered.
struct ScreenTable: Sendable {
  private var screens: [ScreenName: any Screen]

  init() {
    let all: [any Screen] = [
      PickScreen(), SectionScreen(), SpectrumScreen(), FoolingScreen(), UniversalScreen(), TransferScreen(),
      TheoryScreen(), JobsScreen(), ReportScreen(), TrainingScreen(),
    ]
    screens = Dictionary(uniqueKeysWithValues: all.map { (type(of: $0).name, $0) })
    precondition(ScreenName.allCases.allSatisfy { screens[$0] != nil }, "every name has its screen")
  }

  subscript(name: ScreenName) -> any Screen {
    get { screens[name]! }
    set { screens[name] = newValue }
  }

  subscript<S: Screen>(_: S.Type) -> S {
    get { screens[S.name] as! S }
    set { screens[S.name] = newValue }
  }

  /// What all of them need of models beside the open one.
  func needs(_ workspace: Workspace) -> [String] { screens.values.flatMap { $0.needs(workspace) } }
}
