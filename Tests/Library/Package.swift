// swift-tools-version: 6.3
import PackageDescription

// What a package of somebody else's looks like that uses the engine. It is built by itself: swift run in this folder.
let package = Package(
  name: "example",
  dependencies: [.package(name: "Boundaryscope", path: "../..")],
  targets: [
    .executableTarget(
      name: "example",
      dependencies: [
        .product(name: "BoundaryscopeEngine", package: "Boundaryscope"),
        .product(name: "BoundaryscopeFiles", package: "Boundaryscope"),
        .product(name: "BoundaryscopeDrawing", package: "Boundaryscope"),
      ])
  ])
