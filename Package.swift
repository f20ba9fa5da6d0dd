// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
/// A package that others fetch may set no flags of its own: there the configuration of their build decides.
let isFetched = Context.packageDirectory.contains("/checkouts/")
// Optimised in debug builds too: unoptimised kernels are some 300 times slower.
let numerical = strict + (isFetched ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))])
func optimised(_ level: String) -> [CSetting] { isFetched ? [] : [.unsafeFlags([level])] }

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let swiftProtobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

/// Tests of one module; `data` are folders that they read from the checkout.
func tests(_ module: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
  .testTarget(
    name: "\(module)Tests", dependencies: dependencies + ["TestSupport"], exclude: data, swiftSettings: strict
  )
}

/// Fuzzers are built with sanitizers of their own alone: libFuzzer has their main function.
let isFuzzing = Context.environment["BOUNDARYSCOPE_FUZZ"] != nil

/// What a package says of its origin; a checkout changes under its builds and says nothing.
let commit = Context.environment["BOUNDARYSCOPE_COMMIT"] ?? ""

let package = Package(
  name: "Boundaryscope",
  products: [
    .executable(name: "boundaryscope", targets: ["boundaryscope"]),
    // The engine without screen and terminal; files of models and images; what draws in cells.
    .library(
      name: "BoundaryscopeEngine",
      targets: ["Tensors", "LinearAlgebra", "Networks", "Geometry", "Jobs", "Experiments"]),
    .library(name: "BoundaryscopeFiles", targets: ["ONNX", "Images"]),
    .library(name: "BoundaryscopeDrawing", targets: ["Drawing"]),
  ]
    + (isFuzzing ? [.executable(name: "fuzz", targets: ["fuzz"])] : []),
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // C libraries: a module map and a shim each.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CWebP", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .target(name: "CTerminal", cSettings: optimised("-O2")),
    .target(name: "CProtectedThreads", dependencies: ["CTerminal"]),
    .target(name: "CBuild", cSettings: [.define("COMMIT", to: "\"\(commit)\"")]),
    .target(name: "CTransfer"),
    .target(name: "CPages"),
    .target(name: "CPictures", dependencies: ["CPNG", "CTIFF"], cSettings: optimised("-O2")),
    .target(name: "CKernels", cSettings: optimised("-O3")),

    // The engine: knows neither screen nor files.
    .target(name: "Tensors", dependencies: ["COpenBLAS", "COpenSSL", "CKernels"], swiftSettings: numerical),
    .target(name: "LinearAlgebra", dependencies: ["Tensors", "COpenBLAS"], swiftSettings: numerical),
    .target(name: "Networks", dependencies: ["Tensors"], swiftSettings: numerical),
    .target(
      name: "Geometry", dependencies: ["Tensors", "Networks", "LinearAlgebra"], swiftSettings: numerical),

    // Files that others may write at any moment, read part by part.
    .target(name: "Files", swiftSettings: numerical),

    // JSON as it is written and read everywhere.
    .target(name: "CanonicalJSON", swiftSettings: strict),

    // Files become graphs and tensors.
    .target(name: "ONNXSchema", dependencies: [swiftProtobuf], exclude: ["onnx.proto"]),
    .target(
      name: "ONNX",
      dependencies: [
        "Tensors", "Networks", "CanonicalJSON", "Files", "KnownClasses", "ONNXSchema", swiftProtobuf,
      ],
      exclude: ["Operators.md"],
      swiftSettings: numerical),
    .target(
      name: "KnownClasses", resources: [.embedInCode("Lists/imagenet-1k.txt")], swiftSettings: strict),
    .target(
      name: "Images",
      dependencies: [
        "Tensors", "Files", "KnownClasses", "CPNG", "CPictures", "CTurboJPEG", "CWebP", "CGIF", "CArchive",
        "CZip",
        "CZlib",
      ],
      swiftSettings: numerical),

    .target(
      name: "Downloads", dependencies: ["CTransfer", "CArchive", "Files", "Images", "Tensors"],
      swiftSettings: strict),

    // Figures and tables as parameters and outcomes, run in the background and kept.
    .target(name: "Jobs", dependencies: ["Tensors"], swiftSettings: strict),
    .target(
      name: "Experiments",
      dependencies: ["Tensors", "LinearAlgebra", "Networks", "Geometry", "CanonicalJSON", "Files", "Jobs"],
      swiftSettings: numerical),

    // What speaks for trouble with a classifier, and the verdict.
    .target(
      name: "Checkup",
      dependencies: [
        "Tensors", "LinearAlgebra", "Networks", "Geometry", "Images", "Experiments", "Jobs", "Drawing",
      ],
      swiftSettings: numerical),

    // The interface: a pure state, its pictures, and a terminal that shows them.
    .target(name: "Drawing", swiftSettings: numerical),
    .target(
      name: "Explorer", dependencies: ["Tensors", "Networks", "Jobs", "Experiments", "Checkup", "Drawing"],
      swiftSettings: numerical),
    .target(
      name: "Terminal", dependencies: ["Drawing", "Images", "CNcurses", "CTerminal"], swiftSettings: numerical
    ),

    // Sheets as files: PDF, SVG and PNG.
    .target(
      name: "Pages", dependencies: ["Drawing", "Images", "CanonicalJSON", "CPages", "CZlib"],
      swiftSettings: strict),

    // The application: what opens models and runs work, what draws the paper's figures, what measures rates; and the
    // program, which is commands and their options.
    .target(
      name: "Laboratory",
      dependencies: [
        "Tensors", "LinearAlgebra", "Networks", "ONNX", "Images", "Downloads", "Jobs", "Experiments",
        "Drawing", "Explorer", "Terminal", "Pages", "CanonicalJSON", "Files",
      ], swiftSettings: strict),
    .target(
      name: "Figures",
      dependencies: [
        "Tensors", "Networks", "Geometry", "Images", "Jobs", "Experiments", "Checkup", "Drawing", "Explorer",
        "Terminal", "Laboratory", "Pages", "CanonicalJSON",
      ], swiftSettings: strict),
    .target(
      name: "Bench",
      dependencies: [
        "Tensors", "Networks", "Geometry", "Experiments", "Drawing", "Laboratory", "CanonicalJSON",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "boundaryscope",
      dependencies: [
        "Tensors", "Networks", "Geometry", "ONNX", "Images", "Downloads", "Jobs", "Experiments", "Checkup",
        "Drawing",
        "Explorer", "Terminal", "Laboratory", "Pages", "Figures", "Bench", "CanonicalJSON", "CBuild",
        "CProtectedThreads", "Files", argumentParser,
      ],
      path: "Sources/Boundaryscope", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Tensors", "Networks", "Drawing"], path: "Tests/TestSupport",
      swiftSettings: numerical),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Drawing", "Experiments", "Explorer", "Images", "Networks", "ONNX", "ONNXSchema", "Tensors",
        "Terminal",
        "TestSupport", swiftProtobuf,
      ],
      path: "Tests/Fuzz/Targets", swiftSettings: strict),
    tests("Fuzz", ["FuzzTargets", "Tensors"]),
    tests("Files", ["Files"]),
    tests("Tensors", ["Tensors"]),
    tests("LinearAlgebra", ["LinearAlgebra", "Tensors"]),
    tests("Networks", ["Networks", "Tensors"]),
    tests(
      "ONNX", ["ONNX", "ONNXSchema", "Images", "Networks", "Tensors", swiftProtobuf], data: ["Fixtures"]),
    tests("Images", ["Images", "KnownClasses", "Tensors"]),
    tests("Downloads", ["Downloads", "Images", "Tensors"]),
    tests("Geometry", ["Geometry", "LinearAlgebra", "Networks", "Tensors"]),
    tests("Jobs", ["Jobs", "Tensors"]),
    tests(
      "Experiments",
      ["Experiments", "CanonicalJSON", "Geometry", "Jobs", "ONNX", "Images", "Networks", "Tensors"]),
    tests(
      "Checkup", ["Checkup", "Experiments", "Geometry", "Images", "Networks", "Tensors"], data: ["Golden"]),
    tests("Drawing", ["Drawing"], data: ["Golden"]),
    tests(
      "Explorer",
      ["Explorer", "Checkup", "Experiments", "Geometry", "Jobs", "Drawing", "Networks", "Tensors"],
      data: ["Golden"]),
    .executableTarget(
      name: "TerminalProbe", dependencies: ["Terminal", "Drawing", "CProtectedThreads"],
      path: "Tests/TerminalProbe", swiftSettings: strict),
    tests("Terminal", ["Terminal", "CTerminal", "Drawing", "Images", "TerminalProbe", "boundaryscope"]),
    tests(
      "Laboratory",
      [
        "Laboratory", "Pages", "ONNX", "Images", "Jobs", "Experiments", "Drawing", "Explorer", "Networks",
        "Tensors",
      ]),
    tests(
      "Figures",
      [
        "Checkup", "Figures", "Laboratory", "Pages", "Networks", "ONNX", "Images", "Experiments", "Geometry",
        "Drawing",
        "Tensors",
      ]),
    tests("Bench", ["Bench", "Laboratory", "Networks", "Tensors"]),
    tests(
      "Boundaryscope", ["boundaryscope", "Experiments", "Images", "Tensors", argumentParser],
      data: ["Families", "Degenerate"]),
  ]
    + (isFuzzing
      ? [
        .executableTarget(
          name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Entry",
          swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
      ] : [])
)
