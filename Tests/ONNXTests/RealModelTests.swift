internal import Foundation
internal import Images
internal import Networks
internal import ONNX
internal import Tensors
internal import TestSupport
internal import Testing

/// Trained models and what onnxruntime computes with them on eight test images each.
@Suite("Real models")
struct RealModelTests {
  private struct Reference: Decodable {
    let model: String
    let dataset: String
    let records: [Int]
    let divisor: Float
    let mean: Numbers
    let deviation: Numbers
    let output: [[Float]]

    enum CodingKeys: String, CodingKey {
      case model
      case dataset
      case records
      case output
      case divisor = "divide_by"
      case mean = "then_subtract_mean"
      case deviation = "then_divide_std"
    }

    var profile: Profile {
      Profile(
        scale: divisor == 1 ? .byte : .unit, mean: mean.values,
        std: deviation.values)
    }

    var images: String {
      dataset.hasPrefix("mnist") ? "mnist/t10k-images-idx3-ubyte.gz" : dataset
    }
  }

  /// One number or a list.
  private struct Numbers: Decodable {
    let values: [Float]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      values = try (try? container.decode([Float].self)) ?? [container.decode(Float.self)]
    }
  }

  @Test(
    "a trained classifier gives the logits that onnxruntime gives",
    arguments: [
      "derived_abcrown_sdp_cifar_cnn_a_mix", "derived_akamaster_resnet20",
      "derived_akamaster_resnet56",
      "derived_burn_mnist_logsoftmax", "derived_lts4_deepfool_lenet_meansub",
      "resnet20_external_data",
      "resnet20_opset18", "vnncomp2020_eth_mnist_0.1", "vnncomp2020_nnenum_cifar_base_kw_noscale",
      "vnncomp2021_cifar10_resnet_2b", "vnncomp2021_cifar10_resnet_4b",
      "vnncomp2021_marabou_cifar10_small",
      "vnncomp2021_mnistfc_256x2", "vnncomp2021_oval21_cifar_base_kw", "winml_ImageClassifier",
      "winml_mnist_cntk",
    ])
  func reference(name: String) throws {
    guard let file = realData("reference_outputs/\(name).json") else { return }
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: URL(filePath: file)))
    guard let model = realData(reference.model), let images = realData(reference.images) else {
      return
    }
    let classifier = try openClassifier(path: model, options: reference.profile)
    let set = try openDataSet(images)
    let x = Tensor(concatenating: try reference.records.map { try set.image($0) })
    var logits = try classifier.network.logits(x)
    if classifier.remark?.hasSuffix("LogSoftmax") == true {
      logits = LogSoftmax(axis: 1).forward([logits])
    }
    #expect(distance(logits.elements, reference.output.flatMap { $0 }) < 1e-4)
  }

  @Test(
    "the files that are no classifiers are refused in one sentence",
    arguments: [
      ("winml_candy", ["ImageScaler", "Crop", "Affine"]),
      ("vnncomp2022_carvana_unet_simp_small", ["OneHot", "ArgMax"]),
    ])
  func odd(name: String, operators: [String]) throws {
    guard let path = realData("models/odd/\(name).onnx") else { return }
    let error = #expect(throws: ModelError.self) { try openClassifier(path: path) }
    for type in operators { #expect("\(error!)".contains("\(type) ")) }
    #expect(!"\(error!)".contains("\n"))
  }
}
