internal import CKernels

/// A ``PointwiseProduct`` over those inputs alone that are not zero: behind a rectifier some half of them.
///
/// Rows of sums share a list of channels and so the filters that are read, which lie in the vectors: two neighbouring
/// places, a place of two images that are alike, or a place of all cotangents behind one gate. A channel that is left
/// out would add zero, and the others come in their order, so that no sum changes by it: which product is used may depend
/// on the numbers.
struct NonzeroProduct {
  private let bank: FilterBank
  private let kernels: Kernels
  private let places: Int
  private let panels: [Panel]
  private let list: list_nonzeros
  private let take: take_marked
  private let turn: turn_places

  private static let panelVectors = 4
  /// Numbers listed together: in a core's second cache.
  private static let listed = 128 << 10
  /// Squares of places whose lists are made together: so that lines of the sums are written in longer pieces.
  private static let squares = 4

  /// Nil where the instructions have no fast lists, or places do not fill a vector.
  init?(_ bank: FilterBank, _ kernels: Kernels, places: Int) {
    guard let nonzeros = kernels.nonzeros, places >= kernels.lanes, bank.rows >= 2 * kernels.lanes,
      bank.depth >= kernels.lanes
    else { return nil }
    (list, take, turn) = nonzeros
    self.bank = bank
    self.kernels = kernels
    self.places = places
    panels = Panel.panels(of: bank.rows, kernels, vectors: Self.panelVectors)
  }

  /// The share of the channels in which one is not zero, or of a twin; every sixteenth channel is looked at.
  func share(of channels: PointwiseProduct.Channels, twin: PointwiseProduct.Channels? = nil) -> Double {
    let first = channels.gate ?? channels.x
    let second = twin.map { $0.gate ?? $0.x }
    var (found, count) = (0, 0)
    for c in stride(from: 0, to: bank.depth, by: 16) {
      found += nonzero_count(first + c * channels.step, second.map { $0 + c * channels.step }, places)
      count += places
    }
    return Double(found) / Double(count)
  }

  /// The share that lists of two neighbours have, of inputs of which a share is not zero.
  static func neighbours(_ share: Double) -> Double { share + (1 - share) / 4 }

  /// The relative cost below which it is taken: well below 1, since few channels are looked at.
  private static let limit = 0.85

  /// Whether it is faster than a product with all inputs where lists have such a share of them.
  ///
  /// To list an input costs what 13 products do, to turn an output what 9 do, and of squares that are not whole some
  /// places are met twice.
  func pays(listed share: Double) -> Bool {
    let squares = (places + kernels.lanes - 1) / kernels.lanes
    let met = Double(squares * kernels.lanes) / Double(places)
    return met * (share + 13 / Double(bank.rows) + 9 / Double(bank.depth)) < Self.limit
  }
}

// MARK: - Images

extension NonzeroProduct {
  /// What the lists are made of: the images, and how many elements apart each begins, of x and of y.
  private struct Source {
    let channels: PointwiseProduct.Channels
    var twin: PointwiseProduct.Channels?
    let count: Int
    let pitch: (x: Int, y: Int)
    /// Whether neighbouring places share a list.
    var joinsNeighbours: Bool { count == 1 }
  }

  /// y of one image, or of all that are behind one gate, each outputs×places.
  func apply(
    _ channels: PointwiseProduct.Channels, start: UnsafePointer<Float>?, rectifies: Bool,
    into y: UnsafeMutablePointer<Float>
  ) {
    let starts = starts(start)
    let pitch = (x: channels.period * bank.depth * places, y: channels.period * bank.rows * places)
    for images in balanced(channels.count, limit: kernels.tileRows) {
      let own = channels[images.lowerBound, size: bank.depth * places]
      let source = Source(channels: own, count: images.count, pitch: pitch)
      apply(source, starts, rectifies, into: y + images.lowerBound * pitch.y)
    }
  }

  /// y of two images, `pitch` elements apart.
  func apply(
    _ channels: PointwiseProduct.Channels, twin: PointwiseProduct.Channels, start: UnsafePointer<Float>?,
    rectifies: Bool, into y: UnsafeMutablePointer<Float>, pitch: Int
  ) {
    let source = Source(channels: channels, twin: twin, count: 2, pitch: (x: 0, y: pitch))
    apply(source, starts(start), rectifies, into: y)
  }

  private func apply(
    _ source: Source, _ starts: [Float], _ rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let (blocks, filters) = (blocks(images: source.count), bank.byPanel(panels))
    // Where places are too few for all threads, some outputs a thread, each with lists of its own.
    let shares = panels.shared(among: Threads.spare / blocks.count)
    let work = source.count * places * bank.depth * bank.rows / 2
    together(over: blocks.count * shares.count, work: work) { i in
      let squares = blocks[i / shares.count].map { min($0 * kernels.lanes, places - kernels.lanes) }
      withLists(images: source.count, squares: squares.count) { lists in
        fill(lists, squares, source)
        for panel in shares[i % shares.count] {
          for (s, place) in squares.enumerated() {
            multiply(
              lists, square: s, source, panel, filters: filters, starts: starts, rectifies: rectifies,
              into: y + place)
          }
        }
      }
    }
  }

  /// A number for each output, and zeros up to whole panels; empty for none.
  private func starts(_ start: UnsafePointer<Float>?) -> [Float] {
    guard let start else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: bank.rows))
      + [Float](repeating: 0, count: Self.panelVectors * kernels.lanes)
  }

  /// Squares of places; the last one begins earlier where it would not be whole.
  private func blocks(images: Int) -> [Range<Int>] {
    let squares = (places + kernels.lanes - 1) / kernels.lanes
    let near = Self.listed / (kernels.lanes * bank.depth * images)
    return balanced(squares, limit: max(1, min(Threads.share(of: squares), near, Self.squares)))
  }
}

// MARK: - Lists

extension NonzeroProduct {
  /// What is not zero at the places of some squares: the lists, and the values, square by square.
  ///
  /// Values lie by place and image, as they are listed.
  private struct Lists {
    let values: UnsafeMutablePointer<Float>
    let channels: UnsafeMutablePointer<Int32>
    let runs: UnsafeMutablePointer<Int>
    let marks: UnsafeMutablePointer<UInt16>
    let sums: UnsafeMutablePointer<Float>
  }

  /// Elements of a list: those of a vector more are written.
  private var room: Int { (bank.depth + 2 * kernels.lanes - 1) / kernels.lanes * kernels.lanes }

  private func withLists(images: Int, squares: Int, _ body: (Lists) -> Void) {
    let lanes = kernels.lanes
    let (values, lists) = (squares * lanes * images * room, squares * lanes * room)
    withScratch(values + lists + squares * room + images * lanes * Self.panelVectors * lanes) { scratch in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * squares * lanes) { runs in
        let (listed, marks) = (scratch + values, scratch + values + lists)
        listed.withMemoryRebound(to: Int32.self, capacity: lists) { channels in
          marks.withMemoryRebound(to: UInt16.self, capacity: squares * room) { marked in
            body(
              Lists(
                values: scratch, channels: channels, runs: runs.baseAddress!, marks: marked,
                sums: marks + squares * room))
          }
        }
      }
    }
  }

  /// Lists what is not zero at the places of these squares.
  private func fill(_ lists: Lists, _ squares: [Int], _ source: Source) {
    let channels = source.channels
    var own = nonzeros()
    (own.step, own.channels, own.room) = (channels.step, bank.depth, room)
    (own.listed, own.runs, own.square_count) = (lists.channels, lists.runs, squares.count)
    squares.withUnsafeBufferPointer { squares in
      own.squares = squares.baseAddress
      if source.joinsNeighbours {
        (own.x, own.gate, own.together, own.values) = (channels.x, channels.gate, 2, lists.values)
        return list(&own)
      }
      if let twin = source.twin {
        (own.x, own.gate, own.other, own.other_gate) = (channels.x, channels.gate, twin.x, twin.gate)
        own.values = lists.values
        return list(&own)
      }
      (own.x, own.gate, own.together, own.marks) = (channels.gate, channels.gate, 1, lists.marks)
      list(&own)
      for n in 0..<source.count {
        (own.x, own.values) = (channels.x + n * source.pitch.x, lists.values + n * room)
        take(&own, source.count * room)
      }
    }
  }

  /// The outputs of a panel at the places of a square, from its lists.
  private func multiply(
    _ lists: Lists, square: Int, _ source: Source, _ panel: Panel, filters: FilterArray, starts: [Float],
    rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let (lanes, size) = (kernels.lanes, kernels.lanes * panel.width)
    var own = gathering()
    own.a = UnsafePointer(lists.values + square * lanes * source.count * room)
    own.steps = UnsafePointer(lists.channels + square * lanes * room)
    own.runs = UnsafePointer(lists.runs + 2 * square * lanes)
    (own.step_list, own.run_count, own.b_step) = (room, 1, panel.width)
    own.rectifies = rectifies ? 1 : 0
    (own.a_pitch, own.list_count) = (room, source.joinsNeighbours ? lanes / 2 : lanes)
    (own.a_list, own.c_list, own.pitch) =
      source.joinsNeighbours
      ? (2 * room, 2 * panel.width, panel.width) : (source.count * room, panel.width, size)
    sum(&own, rows: source.joinsNeighbours ? 2 : source.count, panel, filters, starts, into: lists.sums)
    for n in 0..<source.count {
      turn(
        lists.sums + n * size, panel.width, panel.rows.count,
        y + n * source.pitch.y + panel.rows.lowerBound * places, places)
    }
  }

  /// All vectors of a panel.
  private func sum(
    _ own: inout gathering, rows: Int, _ panel: Panel, _ filters: FilterArray, _ starts: [Float],
    into sums: UnsafeMutablePointer<Float>
  ) {
    filters.withUnsafeBufferPointer { filters in
      starts.withUnsafeBufferPointer { starts in
        var v = 0
        while v < panel.width / kernels.lanes {
          let form = kernels.form(rows: rows, vectors: panel.width / kernels.lanes - v)
          own.b = filters.baseAddress! + panel.start * bank.depth + v * kernels.lanes
          own.start = starts.isEmpty ? nil : starts.baseAddress! + panel.rows.lowerBound + v * kernels.lanes
          own.c = sums + v * kernels.lanes
          form.gathers[rows - 1](&own)
          v += form.vectors
        }
      }
    }
  }
}
