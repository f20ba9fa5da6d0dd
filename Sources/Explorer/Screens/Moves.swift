internal import Drawing

extension Binding {
  /// The arrows and h j k l; the key line speaks of them once.
  static func arrows(_ label: String, shown: String = "←↑↓→", _ title: String) -> [Binding] {
    [
      Binding(
        [.up, .character("k")], shown: shown, label: label, .move(rows: -1, columns: 0), "\(title): up"),
      Binding([.down, .character("j")], .move(rows: 1, columns: 0), "\(title): down"),
      Binding([.left, .character("h")], .move(rows: 0, columns: -1), "\(title): left"),
      Binding([.right, .character("l")], .move(rows: 0, columns: 1), "\(title): right"),
    ]
  }

  /// Up and down alone.
  static func rows(_ label: String, _ title: String) -> [Binding] {
    [
      Binding(
        [.up, .character("k")], shown: "↑↓", label: label, .move(rows: -1, columns: 0), "\(title): up"),
      Binding([.down, .character("j")], .move(rows: 1, columns: 0), "\(title): down"),
    ]
  }

  static func pages(_ title: String) -> [Binding] {
    [
      Binding([.pageUp], .page(-1), "\(title): a page up"),
      Binding([.pageDown], .page(1), "\(title): a page down"),
      Binding([.home], .first, "\(title): first"),
      Binding([.end], .last, "\(title): last"),
    ]
  }
}
