internal import Tensors

/// The Python version of CIFAR-10 and CIFAR-100, and whatever is pickled alike.
///
/// A dictionary with an array `data` and a list `labels` or `fine_labels`. It is read, never executed.
enum PickledSet {
  static func open(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> ArraySet {
    guard let pickle = Pickle(try file.readAll()) else {
      throw .array(
        file.path,
        "it is a pickle that holds more than data, which is not read; save its arrays with numpy.savez")
    }
    guard let data = ["data", "images", "x"].lazy.compactMap({ pickle[$0] }).first,
      let array = try array(data, file.path)
    else {
      throw .array(file.path, "it is a pickle without an array 'data', which CIFAR's batches have")
    }
    let pixels = try ImageArray(array, wanted: fitting.shape, file.path)
    let kind = ["labels", "fine_labels", "y"].first { pickle[$0] != nil }
    let labels = try kind.flatMap { pickle[$0] }.map { value throws(ImageError) in
      try numbers(value, file.path, count: pixels.count)
    }
    return try ArraySet(pixels, labels, classNames: names(beside: file.path, kind), file.path, fitting)
  }

  /// A NumPy array: `_reconstruct` with the state (version, shape, type, order, bytes), or, from protocol 5 on,
  /// `_frombuffer` of (bytes, type, shape, order).
  private static func array(_ value: Pickle, _ path: String) throws(ImageError) -> NPYArray? {
    guard case .call(let name, let arguments, let state) = value else { return nil }
    if name.hasSuffix("multiarray _reconstruct"), state.items.count >= 5 {
      let isByRows = state.items[3].integer == 0
      return try array(state.items[4], state.items[2], extents: state.items[1], isByRows: isByRows, path)
    }
    guard name.hasSuffix("numeric _frombuffer"), arguments.count >= 4 else { return nil }
    return try array(
      arguments[0], arguments[1], extents: arguments[2], isByRows: arguments[3].string == "C", path)
  }

  private static func array(
    _ bytes: Pickle, _ type: Pickle, extents: Pickle, isByRows: Bool, _ path: String
  ) throws(ImageError) -> NPYArray? {
    guard let bytes = bytes.octets, case .call(_, let arguments, let order) = type,
      let type = arguments.first?.string, let extents = extents.items?.map(\.integer)
    else { return nil }
    let shape = extents.compactMap { $0 }
    guard shape.count == extents.count, shape.allSatisfy({ 0...1 << 32 ~= $0 }), isByRows || shape.count < 2
    else {
      throw .array(path, "its array is in column order; save it with numpy.savez")
    }
    let orderMark = order.items.count > 1 ? order.items[1].string : nil
    guard let element = NPYElement((orderMark ?? "<") + type), shape.reduce(1.0, { $0 * Double($1) }) < 0x1p40
    else {
      throw .array(path, "its number type \(type) is not supported")
    }
    return try NPYArray(ByteSource(bytes), Shape(shape), element, path)
  }

  private static func numbers(_ value: Pickle, _ path: String, count: Int) throws(ImageError) -> [Int] {
    if let array = try array(value, path) { return try ArraySet.numbers(array, path, count: count) }
    let numbers = value.items?.map(\.integer) ?? []
    let known = numbers.compactMap { $0 }.filter { $0 >= 0 && $0 < 1_000_000 }
    guard known.count == numbers.count, known.count == count else {
      throw .labels(path, "it holds \(numbers.count) labels for \(count) images, or some are not classes")
    }
    return known
  }

  /// The names in `batches.meta` or `meta` beside it.
  private static func names(beside path: String, _ kind: String?) -> [String] {
    for (file, key) in [("batches.meta", "label_names"), ("meta", "fine_label_names")] {
      guard let meta = try? InputFile(Folder.parent(path) + file).readAll(),
        let names = Pickle(meta)?[key]?.items?.compactMap(\.string),
        (kind == "fine_labels") == (file == "meta")
      else { continue }
      return names
    }
    return []
  }
}
