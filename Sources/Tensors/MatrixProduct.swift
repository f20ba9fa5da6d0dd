internal import COpenBLAS

/// C ← scale·op(A)·op(B) + β·C, row-major, A rows×inner and B inner×columns after transposition.
///
/// The pitches say how far apart the rows of a matrix begin as it is stored; without one it is dense.
public func multiply(
  _ a: UnsafePointer<Float>, aTransposed ta: Bool = false, aPitch: Int? = nil,
  _ b: UnsafePointer<Float>, bTransposed tb: Bool = false, bPitch: Int? = nil,
  into c: UnsafeMutablePointer<Float>, cPitch: Int? = nil, rows: Int, columns: Int, inner: Int,
  scale: Float = 1, keeping beta: Float = 0
) {
  guard rows > 0, columns > 0 else { return }
  prepareKernels()
  guard inner > 0 else {
    return clear(c, rows: rows, columns: columns, pitch: cPitch ?? columns, keeping: beta)
  }
  let (aPitch, bPitch) = (aPitch ?? (ta ? rows : inner), bPitch ?? (tb ? inner : columns))
  if rows == 1, !ta || aPitch == 1 {
    cblas_sgemv(
      CblasRowMajor, tb ? CblasNoTrans : CblasTrans, Int32(tb ? columns : inner), Int32(tb ? inner : columns),
      scale,
      b, Int32(bPitch), a, 1, beta, c, 1)
    return
  }
  cblas_sgemm(
    CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, Int32(rows),
    Int32(columns),
    Int32(inner), scale, a, Int32(aPitch), b, Int32(bPitch), beta, c, Int32(cPitch ?? columns))
}

private func clear(_ c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, pitch: Int, keeping beta: Float)
{
  for i in 0..<rows {
    for j in 0..<columns { c[i * pitch + j] *= beta }
  }
}
