// The C library's functions differ in the last bit between machines; these use only operations that IEEE 754
// rounds exactly, so that a picture drawn from a seed has the same bytes everywhere.

/// sin(2πt) to 1e-7, with t in turns.
func sine(turns t: Double) -> Double {
  var s = t - (t + 0.5).rounded(.down)
  if s > 0.25 { s = 0.5 - s } else if s < -0.25 { s = -0.5 - s }
  let x = 2 * Double.pi * s
  let x2 = x * x
  let tail = 1.0 / 362_880 - x2 * (1.0 / 39_916_800)
  return x * (1 - x2 * (1.0 / 6 - x2 * (1.0 / 120 - x2 * (1.0 / 5040 - x2 * tail))))
}

/// cos(2πt) to 1e-7, with t in turns.
func cosine(turns t: Double) -> Double { sine(turns: t + 0.25) }

/// The angle of (x, y) in turns, in [−½, ½], to 1e-6; 0 at the origin.
func angle(x: Double, y: Double) -> Double {
  let ax = abs(x)
  let ay = abs(y)
  let larger = max(ax, ay)
  guard larger > 0 else { return 0 }
  let q = min(ax, ay) / larger
  let q2 = q * q
  // Minimax polynomial of atan on [0, 1] (Abramowitz and Stegun 4.4.49).
  let high = 0.042_909_613_8 + q2 * (-0.016_165_736_7 + q2 * 0.002_866_225_7)
  let middle = -0.142_088_994_4 + q2 * (0.106_562_639_3 + q2 * (-0.075_289_640_0 + q2 * high))
  var a = q * (1 + q2 * (-0.333_331_452_8 + q2 * (0.199_935_508_5 + q2 * middle)))
  if ay > ax { a = Double.pi / 2 - a }
  if x < 0 { a = Double.pi - a }
  return (y < 0 ? -a : a) / (2 * Double.pi)
}

/// 0 below `low`, 1 above `high`, a cubic between.
func smoothstep(_ low: Double, _ high: Double, _ x: Double) -> Double {
  let t = min(1, max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
