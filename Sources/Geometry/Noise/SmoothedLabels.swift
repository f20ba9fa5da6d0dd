internal import LinearAlgebra
public import Networks
public import Tensors

/// The certificate of randomised smoothing: the labels that Gaussian noise gives each image, and how far they hold.
///
/// g(x) = argmax_c P(k(x + σε) = c) with ε standard normal. Class A is chosen on the first draws; n_A of N further ones
/// give it; p̲ is the exact lower bound of its probability at confidence 1 − α. Where p̲ > ½, g keeps label A within
/// R = σΦ⁻¹(p̲) pixel units of x, with probability 1 − α over the draws; else it abstains. This holds for g, not for the
/// network itself. All images have the same draws: each certificate is as stated, those of two images are not
/// independent. For a half-space at distance d, R tends to d. Cost: a forward pass a draw and image. Source: Cohen,
/// Rosenfeld, Kolter, Certified adversarial robustness via randomized smoothing, ICML 2019, theorem 1 and CERTIFY.
public struct SmoothedLabels: Sendable {
  /// The noise, how often it is drawn, and how sure a certificate is.
  public struct Settings: Hashable, Codable, Sendable {
    /// σ in pixel units, of every pixel.
    public var sigma: Double
    /// N.
    public var draws = 1000
    /// Draws that choose A; 100 as published.
    public var selection = 100
    /// α; 0.001 as published.
    public var alpha = 0.001
    /// Seed of the noise, of which all images have the same draws.
    public var seed: UInt64 = 1

    public init(sigma: Double) { self.sigma = sigma }
  }

  /// The label that g gives one image, and how far it holds.
  public struct Certificate: Codable, Sendable, Equatable {
    /// A.
    public var label: Int
    /// n_A.
    public var count: Int
    /// p̲.
    public var lower: Double
    /// R in pixel units; nil where it abstains.
    public var radius: Double?
  }

  /// Draws and images done, and all.
  public private(set) var completed = 0
  /// Steps in all: parts of the draws, times images.
  public var total: Int { parts.count * images.count }
  private let network: Network
  private let images: Tensor
  private let settings: Settings
  private let draws: NoiseDraws
  private let parts: [Range<Int>]
  private var noise: Tensor?
  private var chosen: [[Int]]
  private var counted: [[Int]]

  public init(_ network: Network, at images: Tensor, settings: Settings) {
    precondition(settings.draws > 0 && settings.selection > 0 && settings.sigma > 0, "no noise")
    self.network = network
    self.images = images
    self.settings = settings
    draws = NoiseDraws(shape: images.shape, seed: settings.seed)
    let (first, all, size) = (settings.selection, settings.selection + settings.draws, draws.partSize)
    // No part holds draws that choose and draws that count.
    parts = [0..<first, first..<all].flatMap { whole in
      stride(from: whole.lowerBound, to: whole.upperBound, by: size).map {
        $0..<min(whole.upperBound, $0 + size)
      }
    }
    chosen =
      images.count == 0 ? [] : (0..<images.count).map { _ in [Int](repeating: 0, count: network.classCount) }
    counted = chosen
  }

  /// One image under one part of the draws; nil once all are done.
  public mutating func advance() throws -> Int? {
    guard completed < total else { return nil }
    let (part, image) = (parts[completed / images.count], completed % images.count)
    let noise = image == 0 ? draws.part(part) : self.noise ?? draws.part(part)
    self.noise = noise
    let labels = try network.labels(
      of: Array(images.entryElements(image)), under: noise, sigma: settings.sigma)
    for label in labels {
      if part.lowerBound < settings.selection {
        chosen[image][label] += 1
      } else {
        counted[image][label] += 1
      }
    }
    completed += 1
    return completed
  }

  /// What is certified of each image, once all draws are done.
  public var certificates: [Certificate] {
    zip(chosen, counted).map { chosen, counted in
      let label = chosen.indices.max { (chosen[$0], $1) < (chosen[$1], $0) } ?? 0
      let lower = Proportion(counted[label], of: max(1, counted.reduce(0, +))).lowerBound(
        alpha: settings.alpha)
      let radius = lower > 0.5 ? settings.sigma * NormalDistribution.quantile(lower) : nil
      return Certificate(label: label, count: counted[label], lower: lower, radius: radius)
    }
  }
}
