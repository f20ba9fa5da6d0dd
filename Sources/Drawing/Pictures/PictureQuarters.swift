extension PictureCoding {
  /// The four quarters of a cell, component by component: upper left, upper right, lower left, lower right.
  struct Quarters {
    var red = SIMD4<Float>.zero
    var green = SIMD4<Float>.zero
    var blue = SIMD4<Float>.zero

    /// The squared distance of each quarter from a colour.
    func errors(_ shown: SIMD4<Float>) -> SIMD4<Float> {
      let (r, g, b) = (red - shown.x, green - shown.y, blue - shown.z)
      return 0.9 * r * r + 1.5 * g * g + 0.6 * b * b
    }

    subscript(i: Int) -> SIMD4<Float> { SIMD4(red[i], green[i], blue[i], 0) }

    /// Of the two quarters that differ most, which quarters are nearer to the first than to the second.
    var nearerToFirst: SIMDMask<SIMD4<Int32>> {
      var best = (difference: -Float.infinity, first: SIMD4<Float>.zero, second: SIMD4<Float>.zero)
      for i in 0..<4 {
        let distances = errors(self[i])
        guard distances.max() > best.difference else { continue }
        var second = 0
        for j in 1..<4 where distances[j] > distances[second] { second = j }
        best = (distances[second], distances, errors(self[second]))
      }
      return best.first .<= best.second
    }

    /// The mean of the quarters that weigh 1; `weights` are 0 and 1, not all 0.
    func mean(_ weights: SIMD4<Float>) -> SIMD4<Float> {
      SIMD4((red * weights).sum(), (green * weights).sum(), (blue * weights).sum(), 0) / weights.sum()
    }
  }
}
