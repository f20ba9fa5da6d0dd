internal import KnownClasses
internal import Testing

@testable internal import Images

@Suite("Classes of sets and models")
struct ClassMatchingTests {
  private func folders(_ names: [String], model: [String] = [], _ count: Int? = nil) -> ClassMatching {
    .named(.init(names: names, modelNames: model, count: count ?? model.count))
  }

  @Test(
    "names are matched however they are written",
    arguments: [
      (["ant", "cat", "dog"], ["dog", "ant", "cat"], [1, 2, 0]),
      (["Cat", "DOG"], ["dog", "cat", "ant"], [1, 0]),
      (["T-shirt", "ankle_boot"], ["Ankle boot", "T-shirt/top"], [1, 0]),
      (["tench", "goldfish"], ["goldfish, Carassius auratus", "tench, Tinca tinca"], [1, 0]),
      (
        ["001.Black_footed_Albatross", "002.Laysan_Albatross"],
        ["Laysan Albatross", "Black-footed albatross"], [1, 0]
      ),
      (["n01440764", "n01443537"], ["goldfish", "tench"], [1, 0]),
      (["n01440764-tench", "n01443537-goldfish"], ["n01443537", "n01440764"], [1, 0]),
      (["tench"], ["n01443537", "n01440764"], [1]), (["03", "11"], ["11", "3", "7"], [1, 0]),
      (["0", "1", "2"], ["zero", "one", "two"], [0, 1, 2]), (["C", "C++"], ["C++", "C"], [1, 0]),
    ])
  func names(own: [String], model: [String], expected: [Int?]) {
    let matching = folders(own, model: model)
    #expect(matching.classes == expected)
    #expect(matching.source == .names)
    #expect(matching.sentence == nil)
  }

  @Test("classes that the model lacks have no truth, and that is said")
  func strangers() {
    let matching = folders(["ant", "cat"], model: ["cat", "dog"])
    #expect(matching.classes == [nil, 0])
    #expect(matching.sentence?.contains("1 of 2 classes are not among the model's") == true)
    #expect(folders(["crane"], model: ["crane, bird", "crane, machine", "x"]).source == .none)
  }

  @Test("WordNet identifiers are ImageNet's classes, a background shifts them")
  func wordNet() throws {
    let lion = try #require(KnownClasses.imageNet.identifiers.firstIndex(of: "n02129165"))
    #expect(lion == 291)
    #expect(folders(["n01440764", "n02129165"], 1000).classes == [0, lion])
    #expect(folders(["n01440764", "n02129165"], 1001).classes == [1, lion + 1])
    let names = KnownClasses.imageNet.names.map { $0[0] }
    #expect(folders(["n01440764", "n02129165"], model: names).source == .wordNet)
    #expect(folders(["n02012849", "n03126707"], model: names).classes == [134, 517])
  }

  @Test("each of ImageNet's 1,000 classes has a usual name of its own, the identifiers are in order")
  func usualNames() {
    let known = KnownClasses.imageNet
    let names = known.names.compactMap(\.first)
    #expect(names.count == 1000 && Set(names).count == 1000 && !names.contains(""))
    #expect(known.identifiers == known.identifiers.sorted())
    #expect(names[134] == "crane bird" && names[517] == "crane" && names[639] == "maillot tank suit")
  }

  @Test("numbers are the classes, zeros before them or not")
  func numbers() {
    #expect(folders(["003", "011"], 20).classes == [3, 11])
    #expect(folders(["0", "1", "10"], 11).classes == [0, 1, 10])
    #expect(folders(["0", "1"], model: ["cat", "dog"]).source == .numbers)
    let counted = folders(["01", "02", "03"], 3)
    #expect(counted.classes == [0, 1, 2])
    #expect(counted.sentence?.contains("from 1 to 3") == true)
    #expect(folders((1...10).map(String.init).sorted(), 10).source == .none)
    #expect(folders(["3", "30"], 10).source == .none)
  }

  @Test("without names the order of the folders counts where there are as many")
  func order() {
    let matching = folders(["a", "b"], 2)
    #expect(matching.source == .order)
    #expect(matching.classes == [0, 1])
    #expect(matching.sentence?.contains("ImageFolder") == true)
    #expect(matching.namesOfModel(["a", "b"], count: 2) == ["a", "b"])
    #expect(folders(["a", "b"], model: ["LABEL_0", "LABEL_1"]).source == .order)
    for unknown in [folders(["a", "b"], 3), folders(["a", "b"], model: ["x", "y"])] {
      #expect(unknown.source == .none)
      #expect(unknown[0] == nil)
      #expect(unknown.sentence?.contains("--labels FILE") == true)
    }
  }

  @Test("a guess of the model's names makes no truth, but may speak against the order of folders")
  func guess() {
    func folders(_ names: [String], guessed: [String], _ count: Int? = nil) -> ClassMatching {
      .named(.init(names: names, modelNames: [], guessed: guessed, count: count ?? guessed.count))
    }
    #expect(folders(["ant", "bee", "cow"], guessed: ["ant", "bee", "cow"]).source == .order)
    #expect(folders(["elk", "fox", "gnu"], guessed: ["ant", "bee", "cow"]).source == .order)
    let some = folders(["ant", "bee"], guessed: ["ant", "bee", "cow"])
    #expect(some.source == .none)
    #expect(some.sentence?.contains("are only a guess") == true)
    #expect(some.sentence?.contains("--labels FILE") == true)
    let turned = folders(["ant", "bee", "cow"], guessed: ["cow", "bee", "ant"])
    #expect(turned.source == .none)
    #expect(turned.sentence?.contains("whose order") == true)
    #expect(folders(["0", "3"], guessed: ["0", "1", "2", "3"]).classes == [0, 3])
    let five = folders(["n01440764", "n02129165"], guessed: ["tench"], 1000)
    #expect(five.classes == [0, 291])
    #expect(five.sentence?.contains("ILSVRC's order") == true)
  }

  @Test("a set's own numbers count unless the names contradict them")
  func numbered() {
    func set(_ names: [String], _ model: [String], _ count: Int, _ labels: ClosedRange<Int>) -> ClassMatching
    {
      .numbered(.init(names: names, modelNames: model, count: count), labels)
    }
    #expect(set([], [], 10, 0...9).classes == Array(0..<10))
    #expect(set(["cat", "dog"], ["cat", "dog"], 2, 0...1).source == .numbers)
    #expect(set(["cat", "dog"], ["dog", "cat"], 2, 0...1).classes == [1, 0])
    #expect(set(["airplane", "cat"], ["plane", "cat"], 2, 0...1).classes == [0, 1])
    #expect(set(["disc", "ring"], ["plane", "cat"], 2, 0...1).source == .none)
    #expect(set([], [], 10, 0...99).source == .none)
    #expect(set([], [], 26, 1...26)[1] == 0)
  }
}
