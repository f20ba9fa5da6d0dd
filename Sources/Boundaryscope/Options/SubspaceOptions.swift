internal import ArgumentParser
internal import Experiments
internal import Laboratory

/// The subspaces that a curve against the dimension is drawn of.
struct SubspaceOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("\(Directions.forms)", valueName: "b.npy"),
    completion: .file(extensions: ["npy"]))
  var basis: String

  @OptionGroup var dimensions: DimensionOptions

  func chosen(for model: OpenModel) throws -> (basis: Directions, dimensions: [Int]) {
    try dimensions.subspaces(of: basis, for: model)
  }
}

/// Which dimensions subspaces have.
struct DimensionOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Dimensions of the subspaces, such as 1,2,5.", valueName: "m,…"))
  var dimension: NumberList?

  /// The directions that `--basis` names, and the dimensions.
  func subspaces(of basis: String, for model: OpenModel) throws -> (basis: Directions, dimensions: [Int]) {
    let basis = try Directions(named: basis, "--basis", for: model)
    return (basis, try basis.dimensions(chosen: dimension))
  }
}
