internal import Drawing

/// Definitions that several screens share.
enum Glossary {
  static let label = Definition(
    "k(x)",
    "The estimated label of image x: the class with the largest logit, argmax f(x). Only accuracies use the "
      + "ground truth.")
  static let perturbation = Definition(
    "r, ‖r‖",
    "The shortest perturbation found that takes x across the boundary: DeepFool (Moosavi-Dezfooli et al., CVPR "
      + "2016), then 40 steps along the boundary towards x (gradient projection, Rosen 1961; beyond a billion "
      + "multiply-adds only where cos(r, ∇G) < 0.9), then a bisection that lands exactly on the boundary. ‖r‖ "
      + "is its Euclidean length in pixel units. Small means fragile.")
  static let cosine = Definition(
    "cos(r, ∇G)",
    "The cosine of the angle between r and the boundary normal where r lands: 1 where r is the true normal; "
      + "0.1 to 0.9 is usual for deep networks.")
  static let margin = Definition(
    "margin G",
    "G(z) = max over j ≠ k of f_j(z) − f_k(z), in logits: negative where the label of x still wins, zero on "
      + "the boundary, positive beyond it.")
  static let curvature = Definition(
    "κ",
    "Curvature of the boundary along a unit tangent v: κ = vᵀHv / ‖∇F‖, in 1/px; 1/κ is the radius of the "
      + "osculating circle. Positive: the boundary bends towards x, so both +v and −v help to fool.")
  static let universal = Definition(
    "UAP",
    "Universal adversarial perturbation: one vector v of norm ξ that changes the labels of many images, found "
      + "by the published algorithm (Moosavi-Dezfooli et al., CVPR 2017).")
  static let shared = Definition(
    "S_c",
    "Span of the eigenvectors with the largest eigenvalues of the averaged Hessian of the boundary: the "
      + "directions in which it bends towards many images at once (ICLR 2018, section 5).")
  static let ascent = Definition(
    "ascent",
    "20 gradient steps on the sphere from each of the first 5 vectors of S_c. They climb the mean, over the n "
      + "points and both signs, of log σ(F(z ± h·Pv) / (h‖∇F‖)): how far v carries the points over the "
      + "boundary at distance h; log ½ = −0.69 where it is flat. The best end becomes S_c 1; the others are "
      + "made orthogonal to it. A secant is not linear, so the top of its Lanczos iteration is not yet that "
      + "direction. Off unless u switches it on.")
  static let normals = Definition(
    "S_f",
    "Span of the first left singular vectors of the matrix of unit perturbations r(x)/‖r(x)‖: directions that "
      + "many normals share.")

  /// The numbers of the header.
  static func general(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "ξ",
        "Norm ‖v‖ of a universal perturbation in pixel units; unless set, a fifth of the random-noise norm R. "
          + "Now ξ = \(Number.short(workspace.parameters.radius)) px\(workspace.radiusRemark)."),
      Definition(
        "h",
        "Radius in pixel units over which secant Hessian products average the curvature: "
          + "(∇F(z + hv) − ∇F(z − hv)) / 2h. It equals ξ unless set."),
      Definition(
        "R",
        "Random-noise norm: the smallest norm at which directions drawn uniformly from the sphere change 80 % of the "
          + "labels, measured on the first 100 images."),
      Definition("seed", "The same seed gives the same random numbers, and so the same results."),
      Definition(
        "px",
        "Pixel units: pixels run from 0 to 1, and norms are Euclidean over all pixels and colours; 1/255 is one "
          + "grey level of one value."),
    ]
  }
}
