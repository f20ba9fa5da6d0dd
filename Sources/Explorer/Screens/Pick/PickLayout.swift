internal import Drawing

/// Where the panels of the Pick screen stand.
struct PickLayout {
  var panels: [PickScreen.Panel: Rectangle] = [:]
  /// The image looked at, large; nil where there is no room.
  var details: Rectangle?

  init(_ area: Rectangle, focus: PickScreen.Panel) {
    if !area.isComfortable {
      single(area, focus)
    } else if area.columns >= 110, area.rows >= 30 {
      wide(area)
    } else {
      stacked(area)
    }
  }

  /// Only the panel with the focus; beside the images their details, where there is room.
  private mutating func single(_ area: Rectangle, _ focus: PickScreen.Panel) {
    panels[focus] = area
    guard focus == .images, area.columns >= 64 else { return }
    let (left, right) = area.split(left: area.columns / 2)
    panels[.images] = left
    details = right
  }

  /// Tables above, images below.
  private mutating func stacked(_ area: Rectangle) {
    let (top, bottom) = area.split(top: max(8, area.rows / 3))
    let (models, sets) = top.split(left: area.columns * 2 / 3)
    panels[.models] = models
    panels[.sets] = sets
    let (images, details) = bottom.split(left: area.columns - 36)
    panels[.images] = images
    self.details = details
  }

  /// Tables and the image looked at on the left, images on the right.
  private mutating func wide(_ area: Rectangle) {
    let (left, images) = area.split(left: max(58, min(80, area.columns * 2 / 5)))
    panels[.images] = images
    let (top, details) = left.split(top: area.rows - max(16, min(26, area.rows * 9 / 20)))
    let (models, sets) = top.split(top: top.rows - max(6, min(11, top.rows * 9 / 20)))
    panels[.models] = models
    panels[.sets] = sets
    self.details = details
  }
}
