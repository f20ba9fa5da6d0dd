internal import ArgumentParser
internal import Networks

/// Which second derivative a command uses.
struct ProductOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable { case exact, secant, softened }

  @Option(name: .long, help: "exact, a secant of gradients, or of a softened copy of the network.")
  var product = Kind.secant

  @Option(
    name: .long, parsing: .unconditional, help: ArgumentHelp("Secant step, pixels in [0, 1].", valueName: "h")
  )
  var step: Double?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Sharpness of the softened copy.", valueName: "b"))
  var beta: Double?

  /// The product chosen; `defaultStep` is the secant step where none was said, nil where one has to be.
  func chosen(defaultStep: Double?) throws -> HessianProduct {
    try checkPositive([("--step", step), ("--beta", beta)])
    switch product {
    case .exact: return .exact
    case .secant:
      guard let step = step ?? defaultStep else {
        throw ValidationError("--product secant needs --step H, its scale in pixels in [0, 1], such as 1")
      }
      return .secant(step: Float(step))
    case .softened: return .softened(beta: Float(beta ?? 10))
    }
  }
}
