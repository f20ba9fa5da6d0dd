extension SpectrumScreen {
  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "A",
        "The average over n boundary points of P·H·P/‖∇F‖: H the Hessian of the margin there, P the projection "
          + "onto the boundary's tangent plane. (ICLR 2018, section 5.)"),
      Definition(
        "Ritz θ",
        "The Lanczos iteration's estimate of an eigenvalue of A, in 1/px: how much the boundary bends along "
          + "that direction, on average over images. The bars show it until vᵀA(v) is known; then it becomes a "
          + "mark."),
      Definition(
        "n, m",
        "n: number of boundary points averaged over. m: number of eigenvectors found; under K_S, the dimension "
          + "of the subspace. A Lanczos step is one product of A with a vector, so n Hessian products."),
      Definition(
        "marks",
        "On the bars: the eigenvalues of compared models, found with the same settings; named in the corner."),
      Definition(
        "vᵀA(v)",
        "Rayleigh quotient of the unit eigenvector, evaluated afresh. Secant products are not additive, so it "
          + "can be half of θ: trust this one. It decides the order."),
      Definition(
        "climb",
        "A secant is not linear, so one Lanczos iteration is only a start. From its first Ritz vectors the "
          + "search climbs vᵀA(v), and the best end leads; the next four climb orthogonally to it. Above the "
          + "numbers: where the best starts of the first end, lowest and highest."),
      Definition(
        "residual",
        "‖A(v) − θv‖, evaluated afresh, with vᵀA(v) for θ after a climb; until then, ~ marks what the "
          + "iteration predicts, far too small with secants. Small beside θ means converged."),
      Definition(
        "recipe",
        "region: nearest boundary, margin of the whole region. paper: nearest boundary, margin of the two classes. "
          + "authors: one target class for all, points at x + 0.84 r, no projection."),
      Definition(
        "secant",
        "(∇F(z + hv) − ∇F(z − hv)) / 2h: mean curvature over a window of radius h. exact: the second "
          + "derivative itself, zero on piecewise linear networks. softened: exact on a copy with softplus for "
          + "rectifiers."),
      Definition(
        "K_S",
        "K_S(x) = mean over draws v of S of (Pv)ᵀH(Pv)/‖Pv‖² at z = x + r(x), divided by ‖∇F‖: the curvature "
          + "of the boundary along the subspace, for unseen images. (Figure 7a.)"),
      Definition(
        "flat",
        "Zero curvature: the boundary is a plane there. Above zero, it bends towards the images."),
      Definition(
        "density",
        "All principal curvatures of the boundary at one z: few directions bend. Found by stochastic Lanczos "
          + "quadrature: the values at the ends are eigenvalues, those between stand for many."),
      Definition(
        "scan",
        "S_c's first direction for several h or, with the authors' recipe, for every target class: vᵀA(v), and "
          + "the labels that ±v of norm ξ changes. ▸ is best on the images learnt from; unseen ones judge it. "
          + "Enter uses the row at the line."),
      Definition(
        "picture",
        "The eigenvector at norm ξ, multiplied as stated so that all but a fiftieth of its entries stay within "
          + "the colours; grey is zero, each colour channel by its sign. On tall screens its neighbours stand below the "
          + "spectrum."),
      Glossary.shared, Glossary.ascent, Glossary.curvature,
    ] + Self.sensitivity
  }
}
