internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Images
internal import Laboratory
internal import Networks
internal import Tensors

/// A margin and how a command spells it.
enum MarginChoice: ExpressibleByArgument {
  case pair(Int, Int)
  case nearest
  case region

  init?(argument: String) {
    switch argument {
    case "nearest": self = .nearest
    case "region": self = .region
    default:
      guard argument.hasPrefix("pair:") else { return nil }
      let classes = argument.dropFirst(5).split(separator: ",").map { Int($0) }
      guard classes.count == 2, let k = classes[0], let l = classes[1], k >= 0, l >= 0, k != l else {
        return nil
      }
      self = .pair(k, l)
    }
  }

  var text: String {
    switch self {
    case .pair(let k, let l): "pair:\(k),\(l)"
    case .nearest: "nearest"
    case .region: "region"
    }
  }

  /// Refuses classes that the network has not.
  func check(for network: Network) throws {
    if case .pair(let k, let l) = self, max(k, l) >= network.classCount {
      throw ValidationError("--margin \(text): the model has classes 0 to \(network.classCount - 1)")
    }
  }

  /// The margin at each image; `nearest` is the pair of k(x) and the runner-up there.
  func margin(at images: Tensor, of network: Network) throws -> Margin {
    switch self {
    case .pair(let k, let l):
      let count = images.count
      return .pair(own: Array(repeating: k, count: count), other: Array(repeating: l, count: count))
    case .region: return .region(own: try network.labels(images))
    case .nearest:
      let logits = try network.logits(images)
      let region = Margin.region(own: logits.argmaxOfEntries)
      return .pair(
        own: region.own, other: (0..<images.count).map { region.rival(logits.entryElements($0), image: $0) })
    }
  }
}

/// Gradients, Jacobians and Hessian products at given images, so that any other framework can check them.
struct Derive: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write gradients, Jacobians or Hessian products of a margin at the images.")

  enum Order: String, ExpressibleByArgument, CaseIterable { case gradient, jacobian, hessian }

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, help: "pair:K,L (f_L − f_K), nearest (the runner-up against k(x)), or region.")
  var margin = MarginChoice.region

  @Option(name: .long, help: "gradient, jacobian of all logits, or hessian times a vector.")
  var order = Order.gradient

  @Option(name: .long, help: ArgumentHelp("The vector, a C×H×W array; hessian needs it.", valueName: "v.npy"))
  var along: String?

  struct Outcome: Encodable {
    /// `exact`, `secant` or `softened`; null for first derivatives.
    @OrNull var product: String?
    @OrNull var step: Double?
    @OrNull var beta: Double?
    var margin: String
    var order: String
    /// The margin at each image, in logit units.
    var values: [Float]
    @OrNull var remark: String?
  }

  func validate() throws {
    if order == .hessian, along == nil {
      throw ValidationError("--order hessian needs --along V.npy, the vector")
    }
  }

  func run() throws {
    try output.check()
    runs.boundEngine()
    let (open, set) = try model.open(for: images)
    let network = open.classifier.network.interruptible(by: Signals.interruption)
    let product = order == .hessian ? try product.chosen(defaultStep: nil) : nil
    try margin.check(for: network)
    let images = try images.open(set, for: open).images
    let margin = try margin.margin(at: images, of: network)
    var outcome = Outcome(
      margin: self.margin.text, order: order.rawValue, values: [], remark: network.straightThroughRemark)
    switch order {
    case .gradient:
      let gradients = try network.gradients(of: margin, at: images)
      outcome.values = gradients.values
      try output.save(gradients.gradients)
    case .jacobian:
      try checkMemory(images.count, network)
      let (logits, jacobian) = try network.jacobian(at: images)
      outcome.values = margin.values(logits, range: 0..<images.count)
      try output.save(jacobian)
    case .hessian:
      guard let product else { preconditionFailure("a Hessian has its product") }
      outcome.describe(product, of: network)
      let v = try direction(of: images.count, for: open)
      outcome.values = try network.values(of: margin, at: images)
      try output.save(try network.hessianProduct(product, of: margin, at: images, along: v))
    }
    try output.answer(outcome, with: open) { describe(outcome, images.count) }
  }

  /// The derivative of every logit at every pixel of every image has to fit into what `--memory` allows.
  private func checkMemory(_ count: Int, _ network: Network) throws {
    let (numbers, overflow) = (count * network.classCount)
      .multipliedReportingOverflow(by: 4 * network.imageShape.entry.count)
    guard overflow || numbers > Memory.bound else { return }
    let size = overflow ? "more memory than any machine has" : "\(numbers >> 20) MB"
    throw Refusal(
      .badData,
      "the Jacobian of \(count) images for \(network.classCount) classes takes \(size), and --memory allows "
        + "\(Memory.bound >> 20) MB: take fewer with --range A..B, or allow more")
  }

  /// The vector of `--along` for each image, or the array's own for each where it has as many.
  private func direction(of count: Int, for open: OpenModel) throws -> Tensor {
    let v = try Basis(fileAt: along ?? "", for: open, remark: complain).vectors
    return v.count == count ? v : v.entry(0).gathering([Int](repeating: 0, count: count))
  }

  private func describe(_ o: Outcome, _ count: Int) {
    let scale =
      o.step.map { ", h = \(Number.figure($0)) px" } ?? o.beta.map { ", β = \(Number.figure($0))" } ?? ""
    let kind = o.product.map { " (\($0)\(scale))" } ?? ""
    print("\(o.order)\(kind) of the margin \(o.margin) at \(count) images")
    print("margins: " + o.values.prefix(10).map { Number.figure(Double($0)) }.joined(separator: " "))
    if let remark = o.remark { print(remark) }
    print(output.output.map { "written to \($0)" } ?? "pass --output FILE.npy to write the derivative")
  }
}

extension Derive.Outcome {
  fileprivate mutating func describe(_ product: HessianProduct, of network: Network) {
    switch product {
    case .exact:
      self.product = "exact"
      if network.isPiecewiseLinear {
        let flat =
          "this network is piecewise linear: the exact Hessian is zero almost everywhere and says nothing about "
          + "its boundary; --product secant --step H measures its curvature at scale H"
        remark = [flat, remark].compactMap { $0 }.joined(separator: "; ")
      }
    case .secant(let step): (self.product, self.step) = ("secant", Double(step))
    case .softened(let beta): (self.product, self.beta) = ("softened", Double(beta))
    }
  }
}
