import Foundation
import Testing

/// Published models on published images, where they are at hand: in BOUNDARYSCOPE_DATA, else beside the checkout.
@Suite("Real models and images")
struct RealDataTests {
  let program: Program

  init() throws { program = try Program() }

  /// A file of the data; nil, and a line that says so, where it is absent.
  private func data(_ name: String) -> String? {
    let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data")
      .standardized.path
    let folder = ProcessInfo.processInfo.environment["BOUNDARYSCOPE_DATA"] ?? beside
    let path = "\(folder)/\(name)"
    if FileManager.default.fileExists(atPath: path) { return path }
    print("skipped: \(name) is not there")
    return nil
  }

  private static let cifar = "cifar10/test_dev_5000.bin"
  private static let mnist = "mnist/t10k-images-idx3-ubyte.gz"

  /// How many of the first 500 records ONNX Runtime 1.32 names rightly.
  static let counts: [(model: String, images: String, options: String, right: Int)] = [
    (
      "cifar10/derived_akamaster_resnet20", cifar, "--mean 0.485,0.456,0.406 --std 0.229,0.224,0.225", 448
    ),
    ("cifar10/winml_ImageClassifier", cifar, "--mean 0.5 --std 0.5", 331),
    ("cifar10/vnncomp2021_marabou_cifar10_small", cifar, "", 333),
    ("cifar10/vnncomp2020_nnenum_cifar_base_kw_noscale", cifar, "", 298),
    ("mnist/winml_mnist_cntk", mnist, "--scale byte", 493),
    ("mnist/derived_lts4_deepfool_lenet_meansub", mnist, "--scale byte", 494),
    ("mnist/derived_burn_mnist_logsoftmax", mnist, "--mean 0.1307 --std 0.3081", 495),
    ("mnist/vnncomp2021_mnistfc_256x2", mnist, "", 491),
  ]

  @Test("as many records are named rightly as by ONNX Runtime", arguments: counts)
  func accuracy(_ known: (model: String, images: String, options: String, right: Int)) throws {
    guard let model = data("models/\(known.model).onnx"), let images = data(known.images) else { return }
    let ending = try program.run(
      "predict --json --range 0..500 \(known.options)", [model, "--images", images])
    #expect(ending.status == 0, "\(ending.errors)")
    let accuracy = try #require((try ending.document() as? [String: Any])?["accuracy"] as? Double)
    #expect(Int((accuracy * 500).rounded()) == known.right)
  }

  @Test(
    "models with operators that are missing are refused by their names",
    arguments: [
      ("winml_candy", "ImageScaler"), ("vnncomp2022_carvana_unet_simp_small", "OneHot"),
    ])
  func odd(_ model: String, _ missing: String) throws {
    guard let path = data("models/odd/\(model).onnx") else { return }
    let ending = try program.run("predict --images shapes --range 0..1", [path])
    #expect(ending.status == 65)
    #expect(ending.complainsOnce && ending.errors.contains(missing), "\(ending.errors)")
    let inspection = try program.run("inspect --json", [path])
    #expect(inspection.status == 0)
    let unsupported = (try inspection.document() as? [String: Any])?["unsupported"] as? [[String: Any]]
    #expect(unsupported?.contains { $0["operator"] as? String == missing } == true)
  }

  @Test("DeepFool's robustness of the authors' MNIST LeNet")
  func robustness() throws {
    guard let model = data("models/mnist/derived_lts4_deepfool_lenet_meansub.onnx"),
      let images = data(Self.mnist)
    else { return }
    let ending = try program.run("perturb --scale byte --range 0..200 --json", [model, "--images", images])
    let document = try #require(try ending.document() as? [String: Any])
    let rho = try #require((document["rho"] as? [String: Any])?["centred"] as? Double)
    #expect(abs(rho - 0.194) < 0.02)
    #expect(document["fooled"] as? Int == 200)
  }

  @Test(
    "a photograph is fitted as the model wants it, and named as by ONNX Runtime",
    arguments: [
      ("photos/winml_cat.jpg", 285, 0.7688), ("photos/winml_hummingbird.jpg", 94, 0.9017),
      ("lts4_deepfool/test_im1.jpg", 88, 0.9999),
    ])
  func photograph(_ photograph: String, _ label: Int, _ probability: Double) throws {
    guard let model = data("models/imagenet/derived_winml_SqueezeNet_fp32.onnx"), let path = data(photograph)
    else { return }
    let ending = try program.run(
      "predict --json --channels bgr --scale byte --mean 104,117,123 --resize 256 --crop 224",
      [model, "--images", path])
    let predictions = (try ending.document() as? [String: Any])?["predictions"] as? [[String: Any]]
    let first = try #require(predictions?.first)
    #expect(first["label"] as? Int == label)
    // Decoders and bilinear filters differ in the last bits of a pixel.
    #expect(abs(try #require(first["probability"] as? Double) - probability) < 0.03)
  }

  @Test("a photograph of another size is refused with what to pass")
  func unfitted() throws {
    guard let model = data("models/imagenet/derived_winml_SqueezeNet_fp32.onnx"),
      let path = data("photos/winml_cat.jpg")
    else { return }
    let ending = try program.run("predict", [model, "--images", path])
    #expect(ending.status == 65)
    #expect(ending.complainsOnce && ending.errors.contains("--resize 224 --crop 224"), "\(ending.errors)")
  }

  @Test("a colour picture is refused where the model takes grey ones, or made grey")
  func greyModel() throws {
    guard let model = data("models/mnist/winml_mnist_cntk.onnx"),
      let digit = data("photos/winml_mnist_28.png")
    else { return }
    let ending = try program.run("predict --scale byte --json", [model, "--images", digit])
    #expect(ending.status == 0, "\(ending.errors)")
    let wrong = try program.run("predict --scale byte --images shapes --range 0..1", [model])
    #expect(wrong.status == 65)
    #expect(wrong.complainsOnce, "\(wrong.errors)")
  }
}
