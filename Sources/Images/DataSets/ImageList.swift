internal import Tensors

/// A list of files with their classes, or of pixels: CSV, TSV, or a path and a class a line.
enum ImageList {
  private static let labelNames: Set<String> = [
    "label", "labels", "class", "classes", "class_name", "classname", "class_id", "category", "target",
    "species",
    "breed", "y",
  ]

  /// - Returns: nil where the file is no such list.
  static func open(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> (any DataSet)? {
    guard file.size < 1 << 28 else { return nil }
    let text = PlainText.decode(try file.readAll())
    guard !text.contains("\0"), let table = TextTable(text, isHeader: isHeader), !table.rows.isEmpty else {
      return nil
    }
    if let pixels = try pixels(table, file.path, fitting) { return pixels }
    return try files(table, file.path, fitting)
  }

  /// A first row is a header where it has no number and no name of a file, and the next row has one.
  private static func isHeader(_ first: [String], _ second: [String]?) -> Bool {
    func isData(_ field: String) -> Bool {
      Double(field) != nil || PictureFormat.isNamed(field) || field.contains("/")
    }
    if first.contains(where: isData) { return false }
    return second?.contains(where: isData) ?? false || first.contains { labelNames.contains($0.lowercased()) }
  }

  // MARK: - Files

  private static func files(_ table: TextTable, _ path: String, _ fitting: Fitting) throws(ImageError)
    -> PictureFolder?
  {
    let folder = Folder.parent(path)
    guard let (column, place) = fileColumn(table, folder, path) else {
      guard let named = table.rows[0].first(where: PictureFormat.isNamed) else { return nil }
      if named.hasPrefix("/") { throw .noPictures(path, hint: " that are there: \(named) is missing") }
      throw .noPictures(
        path,
        hint: " that are there: \(named) is not in \(folder.isEmpty ? "the present folder" : folder), nor in "
          + "images, train, test or data beside the list")
    }
    let (classes, labels, labelling, remark) = classes(table, besides: column)
    let pictures = zip(table.rows, labels).map { row, label in (place(row[column]), label) }
    return PictureFolder(
      path, in: .folder(folder), pictures: pictures, classes: classes, labelling: labelling, fitting: fitting,
      remarks: remark.map { [$0] } ?? [])
  }

  /// The column of files, and where a file of it lies from the list's folder.
  private static func fileColumn(_ table: TextTable, _ folder: String, _ path: String)
    -> (column: Int, place: (String) -> String)?
  {
    let stem = Folder.lastComponent(path).prefix { $0 != "." }
    for row in table.rows.prefix(8) {
      for (column, field) in row.enumerated() where !field.isEmpty {
        for base in ["", "images/", "\(stem)/", "\(stem)_images/", "train/", "test/", "data/"] {
          for suffix in ["", ".jpg", ".png", ".jpeg", ".JPEG", ".bmp", ".tif"] {
            let file = base + field + suffix
            guard Folder.isFile(file.hasPrefix("/") ? file : folder + file) else { continue }
            return (column, { base + $0 + suffix })
          }
        }
      }
    }
    return nil
  }

  private typealias Classes = (names: [String], labels: [Int?], labelling: Labelling, remark: String?)

  private static func classes(_ table: TextTable, besides file: Int) -> Classes {
    let others = table.rows[0].indices.filter { $0 != file }
    let unknown: [Int?] = table.rows.map { _ in nil }
    if others.isEmpty { return ([], unknown, .none, nil) }
    if let column = table.column(labelNames) ?? (others.count == 1 ? others[0] : nil) {
      return numbers(table.rows.map { $0[column] })
    }
    if let labels = oneHot(table, others) { return (others.map { table.header[$0] }, labels, .names, nil) }
    let columns = table.header.isEmpty ? "\(others.count + 1) columns" : table.header.joined(separator: ", ")
    return ([], unknown, .none, "it is not clear which column holds the classes (\(columns)): name it label")
  }

  private static func numbers(_ fields: [String]) -> Classes {
    let numbers = fields.map { Int($0) }
    if zip(fields, numbers).allSatisfy({ $0.isEmpty || ($1.map { (0..<1_000_000).contains($0) } ?? false) }) {
      return ([], numbers, .numbers, nil)
    }
    let names = Set(fields.filter { !$0.isEmpty }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return (names, fields.map { place[$0] }, .names, nil)
  }

  /// The class of each row of zeros with a one, whose column names it.
  private static func oneHot(_ table: TextTable, _ columns: [Int]) -> [Int?]? {
    guard columns.count > 1, !table.header.isEmpty else { return nil }
    let labels = table.rows.map { row -> Int? in
      let values = columns.map { Double(row[$0]) }
      guard values.allSatisfy({ $0 == 0 || $0 == 1 }), values.count(where: { $0 == 1 }) == 1 else {
        return nil
      }
      return values.firstIndex(of: 1)
    }
    return labels.contains(nil) ? nil : labels
  }

  // MARK: - Pixels

  /// Rows of a class and pixels, as MNIST is often handed on; nil where the rows are other things.
  private static func pixels(_ table: TextTable, _ path: String, _ fitting: Fitting) throws(ImageError)
    -> ArraySet?
  {
    guard let width = table.rows.first?.count, width > 16, let first = table.rows.first,
      first.allSatisfy({ Double($0) != nil })
    else { return nil }
    let label = table.column(labelNames) ?? (isImage(width - 1, fitting) ? 0 : nil)
    var (numbers, labels): ([Float], [Int]) = ([], [])
    for (n, row) in table.rows.enumerated() {
      for (column, field) in row.enumerated() {
        guard let value = Float(field) else {
          throw .array(path, "row \(n + 1) holds '\(field)' among its pixels")
        }
        if column == label { labels.append(Int(exactly: value) ?? -1) } else { numbers.append(value) }
      }
    }
    let shape: Shape = [table.rows.count, label == nil ? width : width - 1]
    guard let type = NPYElement("<f4") else { return nil }
    let bytes = numbers.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    let array = try NPYArray(ByteSource(bytes), shape, type, path)
    guard labels.allSatisfy({ $0 >= 0 }) else { throw .labels(path, "classes are whole numbers from 0") }
    return try ArraySet(
      try ImageArray(array, wanted: fitting.shape, path), label == nil ? nil : labels, path, fitting)
  }

  /// Whether so many numbers are an image, and one more is not.
  private static func isImage(_ count: Int, _ fitting: Fitting) -> Bool {
    if let wanted = fitting.shape { return count == wanted.count || count == wanted[1] * wanted[2] }
    let side = Int(saturating: Double(count).squareRoot().rounded())
    return side * side == count || count == 3072
  }
}
