import Foundation
import Images
import Tensors
import Testing

/// Models in zip archives.
@Suite("Packed models")
struct PackedModelTests {
  let program: Program

  init() throws { program = try Program() }

  /// Python's `zipfile`: `export/model.onnx`, whose scores are the first two of 1×2×2 pixels, `export/labels.txt` (cat,
  /// dog) and what macOS lays beside a model.
  private static let one = """
    UEsDBBQAAAAIAAAAIQCmqQHIbQAAAJMAAAARAAAAZXhwb3J0L21vZGVsLm9ubnjj4BBisGpj5OLnYqwQYkxTYnfLSSwpSc
    3jEuRiTONiLBdirFRi800s8S3NEWJM19LmYOFgEmB0Yiz3UmBgaLBngANkNgRESYPMFOMS4WAUEuBi4mCEYiYQThLmYqwU
    4uPiAUpywCScWLgYBAQBUEsDBBQAAAAIAAAAIQAA4wBtDAAAAAoAAAARAAAAZXhwb3J0L2xhYmVscy50eHRLTizh5UrJT+
    flAgBQSwMEFAAAAAgAAAAhADmc+wYGAAAABAAAABwAAABfX01BQ09TWC9leHBvcnQvLl9tb2RlbC5vbm54yyrNywYAUEsB
    AhQDFAAAAAgAAAAhAKapAchtAAAAkwAAABEAAAAAAAAAAAAAAIABAAAAAGV4cG9ydC9tb2RlbC5vbm54UEsBAhQDFAAAAA
    gAAAAhAADjAG0MAAAACgAAABEAAAAAAAAAAAAAAIABnAAAAGV4cG9ydC9sYWJlbHMudHh0UEsBAhQDFAAAAAgAAAAhADmc
    +wYGAAAABAAAABwAAAAAAAAAAAAAAIAB1wAAAF9fTUFDT1NYL2V4cG9ydC8uX21vZGVsLm9ubnhQSwUGAAAAAAMAAwDIAA
    AAFwEAAAAA 
    """

  /// The same model twice, as `a.onnx` and `b.onnx`.
  private static let two = """
    UEsDBBQAAAAIAAAAIQCmqQHIbQAAAJMAAAAGAAAAYS5vbm544+AQYrBqY+Ti52KsEGJMU2J3y0ksKUnN4xLkYkzjYiwXYq
    xUYvNNLPEtzRFiTNfS5mDhYBJgdGIs91JgYGiwZ4ADZDYEREmDzBTjEuFgFBLgYuJghGImEE4S5mKsFOLj4gFKcsAknFi4
    GAQEAVBLAwQUAAAACAAAACEApqkByG0AAACTAAAABgAAAGIub25ueOPgEGKwamPk4udirBBiTFNid8tJLClJzeMS5GJM42
    IsF2KsVGLzTSzxLc0RYkzX0uZg4WASYHRiLPdSYGBosGeAA2Q2BERJg8wU4xLhYBQS4GLiYIRiJhBOEuZirBTi4+IBSnLA
    JJxYuBgEBAFQSwECFAMUAAAACAAAACEApqkByG0AAACTAAAABgAAAAAAAAAAAAAAgAEAAAAAYS5vbm54UEsBAhQDFAAAAA
    gAAAAhAKapAchtAAAAkwAAAAYAAAAAAAAAAAAAAIABkQAAAGIub25ueFBLBQYAAAAAAgACAGgAAAAiAQAAAAA=
    """

  private func archive(_ name: String, _ text: String) throws -> String {
    try program.file(name, try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters)))
  }

  @Test("the one model of an archive is opened with the names beside it; what macOS adds is none")
  func one() throws {
    let images = program.path("x.npy")
    try NPY.write(Tensor(shape: [1, 1, 2, 2], elements: [0.25, 0.75, 0, 1]), to: images)
    let ending = try program.run(
      "predict --json --logits --images", [images, try archive("one.zip", Self.one)])
    #expect(ending.status == 0, "\(ending.errors)")
    let document = try #require(try ending.document() as? [String: Any])
    let prediction = try #require((document["predictions"] as? [[String: Any]])?.first)
    #expect(prediction["name"] as? String == "dog")
    #expect(prediction["logits"] as? [Double] == [0.25, 0.75])
  }

  @Test("of several models one has to be named")
  func two() throws {
    let ending = try program.run("inspect", [try archive("two.zip", Self.two)])
    #expect(ending.status == 65)
    #expect(
      ending.complainsOnce && ending.errors.contains("holds 2 models (a.onnx, b.onnx)"), "\(ending.errors)")
  }
}
