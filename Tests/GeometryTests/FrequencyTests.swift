import Foundation
import Geometry
import LinearAlgebra
import Networks
import Tensors
import TestSupport
import Testing

@Suite("Spatial frequencies")
struct FrequencyTests {
  @Test(
    "plane waves have norm 1, one plane a Hermitian pair, and are orthogonal",
    arguments: zip([6, 5, 1], [8, 7, 4]))
  func waves(height: Int, width: Int) {
    let basis = FourierBasis(height: height, width: width)
    let axes = basis.axes(cutoff: .max)
    #expect(axes.rows.count == height && axes.columns.count == width)
    let all = axes.rows.flatMap { i in axes.columns.map { SpatialFrequency(rows: i, columns: $0) } }
    for frequency in all {
      let (plane, partner) = (basis.plane(frequency), basis.partner(of: frequency))
      #expect(basis.partner(of: partner) == frequency && all.contains(partner))
      #expect(near(norm(plane), 1, 1e-6))
      for other in all {
        let isSame = other == frequency || other == partner
        #expect(abs(dot(plane, basis.plane(other)) - (isSame ? 1 : 0)) < 1e-5, "\(frequency) \(other)")
      }
    }
  }

  @Test("the transform of a wave is not zero at its frequency and the partner alone")
  func transform() {
    let (height, width) = (6, 8)
    let basis = FourierBasis(height: height, width: width)
    for frequency in [
      SpatialFrequency(rows: 2, columns: -3), .init(rows: -3, columns: 0), .init(rows: 0, columns: 0),
    ] {
      let plane = basis.plane(frequency)
      for i in -3..<3 {
        for j in -4..<4 {
          var sum = (re: 0.0, im: 0.0)
          for (n, value) in plane.enumerated() {
            let angle = -2 * Double.pi * (Double(i * (n / width)) / 6 + Double(j * (n % width)) / 8)
            sum = (sum.re + Double(value) * cos(angle), sum.im + Double(value) * sin(angle))
          }
          let here = SpatialFrequency(rows: i, columns: j)
          let isThere = here == frequency || here == basis.partner(of: frequency)
          #expect((hypot(sum.re, sum.im) > 1e-4) == isThere)
        }
      }
    }
  }

  @Test("cosines are an orthonormal basis, and bands of them span what they say")
  func cosines() {
    let basis = CosineBasis(height: 4, width: 6)
    let all = (0..<4).flatMap { k in (0..<6).map { basis.plane(k, $0) } }
    for i in all.indices {
      for j in all.indices { #expect(abs(dot(all[i], all[j]) - (i == j ? 1 : 0)) < 1e-6) }
    }
    // The cosine of k half periods over four rows.
    #expect(
      near(Double(basis.plane(1, 0)[0]), 0.5.squareRoot() / 6.0.squareRoot() * cos(Double.pi / 8), 1e-6))
    let band = basis.span(rows: 1..<3, columns: 2..<5, channels: 3)
    #expect(band.count == 18 && band.dimension == 72)
    for i in 0..<band.count {
      for j in 0..<band.count { #expect(abs(dot(band[i], band[j]) - (i == j ? 1 : 0)) < 1e-6) }
    }
    let low = basis.span(rows: 0..<1, columns: 0..<2, channels: 3)
    #expect(band.cosines(to: low).allSatisfy { $0 < 1e-6 })
  }

  @Test("a classifier of one frequency is changed by that one alone, as far as its margin says")
  func sensitivity() throws {
    let (height, width) = (6, 8)
    let basis = FourierBasis(height: height, width: width)
    let heard = SpatialFrequency(rows: 1, columns: 2)
    let wave = basis.plane(heard)
    // f₁ − f₀ = 10·wᵀx with ‖w‖ = 1 on one channel: the margin of x is its distance.
    let weights = Tensor(shape: [2, 48], elements: [Float](repeating: 0, count: 48) + scaled(wave, by: 10))
    let network = SmallNetworks.linear(weights: weights, bias: [0, 0], imageShape: [1, 1, height, width])
    let distances: [Float] = [0.2, 0.5, -0.9, 1.4]
    let images = Tensor(shape: [4, 1, height, width], elements: distances.flatMap { scaled(wave, by: $0) })
    let test = try FoolingTest(network, images: images)
    var map = FourierSensitivity(test, truth: test.labels, radius: 1, seed: 3)
    #expect(map.count == 26)
    while try map.advance() != nil {}
    // The sign is drawn for each image: those nearer than 1 change where it points at the boundary.
    let expected = (0..<4).count { image in abs(distances[image]) < 1 } > 0
    for (i, row) in map.rows.enumerated() {
      for (j, column) in map.columns.enumerated() {
        let here = SpatialFrequency(rows: row, columns: column)
        let isHeard = here == heard || here == basis.partner(of: heard)
        if isHeard { #expect(map.changed[i][j] <= 0.75 && expected) } else { #expect(map.changed[i][j] == 0) }
        #expect(map.changed[i][j] == map.wrong[i][j])
      }
    }
    // Over many draws of signs half of the three near images change.
    let rates = try (0..<40).map { seed -> Double in
      var map = FourierSensitivity(test, radius: 1, cutoff: 2, seed: UInt64(seed))
      while try map.advance() != heard {}
      return map.changed[map.rows.firstIndex(of: 1)!][map.columns.firstIndex(of: 2)!]
    }
    #expect(abs(rates.reduce(0, +) / 40 - 0.375) < 0.1)
  }
}
