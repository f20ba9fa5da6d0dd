import Foundation
import Testing

/// What the command line takes, and what it says to the rest.
@Suite("Usage")
struct UsageTests {
  let program: Program

  init() throws { program = try Program() }

  static let commands = [
    "inspect", "predict", "derive", "perturb", "noise", "universal", "curvature", "normals", "fool",
    "section", "data",
    "doctor",
  ]
  static let others = [
    "evaluate", "shape", "within", "diversity", "bounds", "angles", "scan", "spectrum", "transfer",
    "reproduce", "film", "report", "bench", "tour", "mirror", "config", "fourier", "bands", "linearity",
    "certificate",
    "persistence", "merge",
  ]

  @Test("A quiet bench prints its table all the same")
  func quietBench() throws {
    let ending = try program.run("bench lenet --jobs forward --seconds 1 --rounds 2 --count 16 --quiet")
    #expect(ending.status == 0 && ending.errors.isEmpty)
    #expect(ending.text.contains("forward: ") && ending.text.contains("peak"))
  }

  @Test(
    "help and version go to standard output with status 0, defaults as they would be typed",
    arguments: (commands + others).map { "\($0) --help" } + ["--help", "--version", "help", "help predict"])
  func help(_ words: String) throws {
    let ending = try program.run(words)
    #expect(ending.status == 0)
    #expect(ending.errors.isEmpty)
    #expect(!ending.text.isEmpty)
    #expect(!ending.text.contains(/default:\s+[^)]*\(/), "a value as the language prints it: \(ending.text)")
  }

  @Test("what does not fit on standard output is not lost in silence")
  func fullOutput() throws {
    let ending = try program.run("data list --json", output: "/dev/full")
    #expect(ending.status == 73)
    #expect(ending.complainsOnce && ending.errors.contains("standard output"), "\(ending.errors)")
  }

  @Test("the help lists every command")
  func listing() throws {
    let text = try program.run("--help").text
    for command in Self.commands + Self.others { #expect(text.contains("\n  \(command) "), "\(command)") }
  }

  @Test(
    "without a terminal the explorer says which commands print", arguments: ["", "explore", "lenet-cifar10"])
  func withoutTerminal(_ words: String) throws {
    let ending = try program.run(words)
    #expect(ending.status == 69)
    #expect(ending.complainsOnce)
    for command in Self.commands.dropLast(2) { #expect(ending.errors.contains(command), "\(command)") }
  }

  static let wrong: [(words: String, says: String)] = [
    ("predict", "<model>"),
    ("predict lenet-shapes", "--images"),
    ("predict lenet-shapes --images", "--images"),
    ("predict lenet-shapes --images shapes --frobnicate", "--frobnicate"),
    ("predict lenet-shapes shapes --images shapes", "'shapes'"),
    ("predict lenet-shapes --images shapes --scale loud", "'unit', 'byte' or '16'"),
    ("predict lenet-shapes --images shapes --threads 0", "between 1 and 1024"),
    ("predict lenet-shapes --images shapes --seed -1", "whole number"),
    ("predict lenet-shapes --images shapes --mean 1,x", "one for each channel"),
    ("derive lenet-shapes --images shapes --margin pair:1,1", "pair:K,L"),
    ("derive lenet-shapes --images shapes --margin pair:0,10", "0 to 9"),
    ("derive lenet-shapes --images shapes --order hessian", "--along"),
    ("noise lenet-shapes --images shapes --share nan", "between 0 and 1"),
    ("certificate lenet-shapes --images shapes --alpha 2", "between 0 and 1"),
    ("linearity lenet-shapes --images shapes --radius -1", "--radius"),
    ("fourier lenet-shapes --images shapes --cutoff -1", "--cutoff"),
    ("section lenet-shapes --images shapes", "--through"),
    ("section lenet-shapes --images shapes --through 1,1,2", "three different"),
    ("transfer --models lenet-shapes nin-shapes --images shapes --shared", "--each sc"),
    ("universal lenet-shapes --images shapes --method best", "'uap'"),
    ("universal lenet-shapes --images shapes --radius -1", "positive"),
    ("universal lenet-shapes --images shapes --augment mirror", "--augment"),
    ("curvature lenet-shapes --images shapes", "--step"),
    ("curvature lenet-shapes --images shapes --step 0", "positive"),
    ("curvature lenet-shapes --images shapes --step -0.5", "positive"),
    ("curvature lenet-shapes --images shapes --step nan", "positive"),
    ("curvature lenet-shapes --images shapes --step 1 --count 1.5", "--count"),
    ("curvature lenet-shapes --images shapes --step 1 --iterations 0", "between 1 and"),
    ("curvature lenet-shapes --images shapes --step 1 --recipe mine", "authors:T"),
    ("curvature lenet-shapes --images shapes --range 0..2 --step 1 --recipe authors:10", "0 to 9"),
    ("fool lenet-shapes --images shapes", "--perturbation"),
    ("fool lenet-shapes --images shapes --basis b.npy", "--radius"),
    ("fool lenet-shapes --images shapes --perturbation v.npy --radius -2", "positive"),
    ("section lenet-shapes --images shapes", "--index"),
    ("section lenet-shapes --images shapes --index 0 --size 1x9", "2 to 4096"),
    ("section lenet-shapes --images shapes --index 0 --extent 0", "positive"),
    ("section lenet-shapes --images shapes --index 0 --format png", "--output"),
    ("section lenet-shapes --images shapes --range 0..1 --index 0 --along uap", "--radius"),
    ("data list more", "more"),
  ]

  @Test("a wrong argument ends with status 64 and what would work", arguments: wrong)
  func wrongArgument(_ wrong: (words: String, says: String)) throws {
    let ending = try program.run(wrong.words)
    #expect(ending.status == 64, "\(ending.errors)")
    #expect(ending.complainsOnce, "\(ending.errors)")
    #expect(ending.errors.contains(wrong.says), "\(ending.errors)")
    #expect(ending.output.isEmpty)
  }

  @Test("a range is half open and counts up", arguments: ["5..5", "-1..5", "a..b", "-7"])
  func wrongRange(_ range: String) throws {
    let ending = try program.run("predict lenet-shapes --images shapes --range \(range)")
    #expect(ending.status == 64)
    #expect(ending.complainsOnce && ending.errors.contains("half open"), "\(ending.errors)")
  }

  @Test("a folder that is not there is told by the option that names it", arguments: ["--watch", "--models"])
  func missingFolder(_ option: String) throws {
    let ending = try program.run("explore lenet-shapes \(option) /nonexistent")
    #expect(ending.status == 66 && ending.complainsOnce, "\(ending.errors)")
    #expect(ending.errors.contains("\(option) /nonexistent: no such folder"), "\(ending.errors)")
  }

  @Test("an unknown command is told apart from a model")
  func unknownCommand() throws {
    let ending = try program.run("frobnicate")
    #expect(ending.status == 66)
    #expect(ending.complainsOnce && ending.errors.contains("no command"), "\(ending.errors)")
    #expect(ending.errors.contains("lenet-shapes"))
  }

  @Test("a command behind an option is told where it goes")
  func commandBehindOption() throws {
    let ending = try program.run("--threads 2 explore")
    #expect(ending.status == 64)
    #expect(ending.complainsOnce && ending.errors.contains("the command comes first"), "\(ending.errors)")
  }
}
