// Opens a model, finds a boundary point, its curvature along a direction, and S_c: example MODEL IMAGES
import Experiments
import Geometry
import Images
import Networks
import ONNX
import Tensors

let words = CommandLine.arguments
func short(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
let classifier = try openClassifier(
  path: words.count > 1 ? words[1] : "../../Assets/models/lenet-shapes.onnx")
let network = classifier.network
let set = try openDataSet(
  words.count > 2 ? words[2] : "shapes", fitting: Fitting(shape: network.imageShape.entry))
let images = ImageSet(name: set.name, images: try set.read(0..<20).images)

// The boundary point of every image: x + r(x).
let found = try Robustness().run(on: Subject(classifier: classifier, images: images), ExperimentContext())
print(
  "median ‖r‖ = \(short(found.medianNorm ?? .nan)) px over \(found.fooled) of \(found.count) images")

// κ of the normal section at the first of them along a random direction, a secant over ±1 px.
var generator = SeededGenerator(seed: 1)
let first = images.images[0..<1]
let curvature = try NormalCurvature(
  network, at: first + found.perturbations[0..<1], margin: .region(own: [found.each[0].from]),
  product: .secant(step: 1))
let kappa = try curvature.along(generator.unitVector(first.entryCount)).normalised[0]
print("κ along a random direction = \(short(kappa)) / px")

// S_c: where the boundary bends towards all images at once.
var shared = SharedCurvature(product: .secant(step: 1), eigenvectors: 2)
(shared.points, shared.iterations, shared.climb) = (20, 16, 0)
let space = try shared.run(on: Subject(classifier: classifier, images: images), ExperimentContext())
print("S_c: vᵀA(v) = \(space.rayleigh.map { "\(short($0))" }.joined(separator: ", ")) / px")
