package import Drawing

/// A figure within a page of HTML: once for a light ground and once for a dark one, as SVG of the classes `light` and `dark`,
/// of which the page's style shows one.
package struct InlineFigure {
  private let scene: FigureScene
  /// In points, by which letters are measured.
  private let width: Double
  /// Begins the names of its parts, which no other figure of the page begins with.
  private let name: String

  package init(_ scene: FigureScene, width: Double, named name: String) {
    (self.scene, self.width, self.name) = (scene, width, name)
  }

  /// Both, their letters as high as those of a page in 11 pixels.
  package var text: String {
    let light = SheetStyle(.paper)
    return svg(light, "light") + svg(light.onDark, "dark")
  }

  private func svg(_ style: SheetStyle, _ ground: String) -> String {
    let height = scene.height(at: width, style)
    var sheet = Sheet(width: width, height: height, style: style)
    scene.draw(on: &sheet, in: sheet.bounds)
    let title = if case .titled(let title, _, _) = scene { title } else { "" }
    return SVGSheet(sheet: sheet, prefix: "\(name)-\(ground)-").inline(
      titled: title, class: ground, scale: 11 / style.fontSize)
  }
}
