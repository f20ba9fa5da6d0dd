internal import Tensors

extension Graph {
  /// The same function with its elements moved as seldom as can be, and with the batch in front wherever it can be.
  ///
  /// Transpositions, slices and reshapes in a row become one ``View``, or none where they undo each other. Operations that
  /// do not mind how many rows they work on work on N×…: so an image's values keep their places when several go
  /// together, whatever the file had made of the axis of its one image.
  func viewed() -> Graph {
    guard imageShape.rank > 0, imageShape[0] == 1, let shapes = try? outputShapes(batch: 1) else {
      return self
    }
    var views = Views(graph: self, shapes: shapes)
    for i in nodes.indices { views.visit(i) }
    let viewed = views.finished
    return (try? viewed.outputShapes(batch: 1)) == nil ? self : viewed
  }
}

/// A graph whose elements' movements are put off until somebody has to have them in place.
private struct Views {
  private let graph: Graph
  private let shapes: [Shape]
  private var plan: Graph
  private var planShapes: [Shape] = []
  /// Of each node of the graph: which value of the plan its elements are of, and where they lie in it.
  private var values: [(base: Operand, view: StridedView)] = []
  /// What was put in place: by node and shape.
  private var placed: [Place: Operand] = [:]

  private struct Place: Hashable {
    let node: Int
    let extents: [Int]
  }

  init(graph: Graph, shapes: [Shape]) {
    self.graph = graph
    self.shapes = shapes
    plan = Graph(imageShape: graph.imageShape, constants: graph.constants)
  }

  mutating func visit(_ i: Int) {
    let node = graph.nodes[i]
    if let moved = moved(i) { return values.append(moved) }
    if let output = patches(i) { return values.append((output, StridedView(shapes[i]))) }
    let isFree = isFree(node, shapes[i])
    let inputs = node.inputs.map { operand in
      let shape = shape(operand)
      return place(operand, as: isFree && shape.extents.first != 1 ? Shape([1] + shape.extents) : shape, i)
    }
    let output = append(
      isFree ? node.operation.alongLastAxis(of: shape(node.inputs[0])) : node.operation, inputs, i)
    values.append((output, StridedView(shapes[i])))
  }

  /// The plan, once all nodes were visited.
  var finished: Graph {
    var finished = self
    finished.plan.output = finished.place(graph.output, as: finished.shape(graph.output), nil)
    return finished.plan
  }

  private func shape(_ operand: Operand) -> Shape { graph.shape(of: operand, nodes: shapes, batch: 1) }

  private mutating func append(_ operation: any Operation, _ inputs: [Operand], _ i: Int?) -> Operand {
    let node = i.map { graph.nodes[$0] }
    let output = plan.append(operation, of: inputs, name: node?.name ?? "", type: node?.type ?? "")
    let own = inputs.map { plan.shape(of: $0, nodes: planShapes, batch: 1) }
    planShapes.append((try? operation.outputShape(own)) ?? Shape([]))
    return output
  }

  private func planShape(_ operand: Operand) -> Shape { plan.shape(of: operand, nodes: planShapes, batch: 1) }
}

// MARK: - Movements

extension Views {
  /// Where the elements of a node's output lie, if the node only moves elements of a value whose first extent is the batch.
  private mutating func moved(_ i: Int) -> (base: Operand, view: StridedView)? {
    let node = graph.nodes[i]
    guard let operand = node.inputs.first, node.inputs.count == 1, !isConstant(operand) else { return nil }
    let value = value(operand)
    guard planShape(value.base).extents.first == 1 else { return nil }
    if let view = view(value.view, through: node.operation, to: shapes[i]) { return (value.base, view) }
    // Not from where they lie; from where they are put in place they may.
    guard node.operation is Reshape || node.operation is View else { return nil }
    let base = place(operand, as: leading(shape(operand)), i)
    return view(StridedView(shape(operand)), through: node.operation, to: shapes[i]).map { (base, $0) }
  }

  private func view(_ view: StridedView, through operation: any Operation, to shape: Shape) -> StridedView? {
    switch operation {
    case is Reshape: return view.reshaped(to: shape.extents)
    case let transpose as Transpose: return view.transposed(transpose.permutation)
    case let slice as Slice:
      return slice.axes.reduce(view) { view, axis in
        view?.taking(slice.indices(Shape(view!.extents), axis), along: axis)
      }
    case let gather as Gather:
      let axis = gather.axis < 0 ? gather.axis + view.extents.count : gather.axis
      guard gather.indexShape.count < 2 else { return nil }
      return view.taking(gather.indices, along: axis)?.reshaped(to: shape.extents)
    case let own as View where view.isWhole(of: own.entryCount):
      var found = view
      (found.extents, found.strides, found.offset) = ([1] + own.extents, [0] + own.strides, own.offset)
      return found
    default: return nil
    }
  }

  private func isConstant(_ operand: Operand) -> Bool { if case .constant = operand { true } else { false } }

  private func value(_ operand: Operand) -> (base: Operand, view: StridedView) {
    if case .node(let j) = operand { return values[j] }
    return (operand, StridedView(shape(operand)))
  }

  private func leading(_ shape: Shape) -> Shape {
    shape.extents.first == 1 ? shape : Shape([1] + shape.extents)
  }

  /// A value of the graph in place, as a value of the plan; the shape is its own, or that behind an extent of 1.
  private mutating func place(_ operand: Operand, as shape: Shape, _ i: Int?) -> Operand {
    if isConstant(operand) { return operand }
    let value = value(operand)
    if planShape(value.base) == shape, value.view.isWhole(of: shape.count) { return value.base }
    let place = operand.node.map { Place(node: $0, extents: shape.extents) }
    if let place, let found = placed[place] { return found }
    let found = moved(value, to: shape, i)
    if let place { placed[place] = found }
    return found
  }

  private mutating func moved(
    _ value: (base: Operand, view: StridedView), to shape: Shape, _ i: Int?
  ) -> Operand {
    let base = planShape(value.base)
    if value.view.isWhole(of: base.count) {
      return append(
        shape.extents.first == 1 && base.extents.first == 1
          ? Reshape(entry: Array(shape.extents.dropFirst())) : Reshape(exactly: shape), [value.base], i)
    }
    let front = leading(shape)
    let view = value.view.reshaped(to: front.extents)!  // extents of 1 have any stride
    let entries = append(
      View(
        extents: Array(front.extents.dropFirst()), strides: Array(view.strides.dropFirst()),
        offset: view.offset,
        entryCount: base.entry.count), [value.base], i)
    return front == shape ? entries : append(Reshape(exactly: shape), [entries], i)
  }
}

// MARK: - Patches

extension Views {
  /// A convolution whose patches neither overlap nor leave anything out, as a product at every place with the patch's
  /// elements as its channels.
  private mutating func patches(_ i: Int) -> Operand? {
    guard let layer = graph.nodes[i].operation as? Convolution, layer.groups == 1,
      let patches = layer.window.patches(of: shape(graph.nodes[i].inputs[0]))
    else { return nil }
    let input = place(graph.nodes[i].inputs[0], as: shape(graph.nodes[i].inputs[0]), i)
    let (outputs, size) = (layer.weights.shape[0], layer.weights.shape.entry.count)
    let taken = append(patches, [input], i)
    let channels = append(Reshape(entry: [size] + shapes[i].extents.suffix(2)), [taken], i)
    let product = Convolution(
      weights: layer.weights.reshaped(to: [outputs, size, 1, 1]), bias: layer.bias,
      window: Window(kernel: [1, 1]))
    return append(product, [channels], i)
  }
}

extension Window {
  /// The patches of an image, channel by channel and tap by tap, each for all places; nil where they overlap or leave
  /// something out, and where they are of one element.
  fileprivate func patches(of image: Shape) -> View? {
    guard image.rank == 4, count > 1, kernel == strides, dilations == [1, 1], before == [0, 0],
      after == [0, 0],
      image[2] % kernel[0] == 0, image[3] % kernel[1] == 0
    else { return nil }
    let (height, width) = (image[2], image[3])
    return View(
      extents: [image[1], kernel[0], kernel[1], height / kernel[0], width / kernel[1]],
      strides: [height * width, width, 1, kernel[0] * width, kernel[1]], offset: 0,
      entryCount: image.entry.count)
  }
}

// MARK: - Operations on any number of rows

extension Views {
  /// Whether the node does the same when an extent of 1 stands before those of all its inputs that are no constants.
  private func isFree(_ node: Node, _ shape: Shape) -> Bool {
    let inputs = node.inputs.map(self.shape)
    let values = node.inputs.indices.filter { !isConstant(node.inputs[$0]) }
    guard values.allSatisfy({ inputs[$0].rank > 0 }) else { return false }
    switch node.operation {
    case is any PointwiseOperation, is Rectifier, is Affine: return !(node.operation is ParametricRectifier)
    case is Dense: return true
    case let softmax as Softmax: return softmax.axis == -1 || softmax.axis == shape.rank - 1
    case let layer as LayerNormalization:
      return layer.axis == -1 || layer.axis == shape.rank - 1
    case is MatrixProduct, is DotProductAttention:
      return values.count == inputs.count && Set(inputs.map { Array($0.extents.dropLast(2)) }).count == 1
        && shape.rank > 2
    case is Addition, is Subtraction, is Multiplication, is Division:
      return inputs.indices.allSatisfy {
        values.contains($0) ? inputs[$0] == shape : inputs[$0].rank <= shape.rank
      }
    default: return false
    }
  }
}

extension Operation {
  /// The same operation with its axis, which is the last of such an input, counted from the end.
  fileprivate func alongLastAxis(of shape: Shape) -> any Operation {
    switch self {
    case is Softmax: Softmax(axis: -1)
    case let layer as LayerNormalization:
      LayerNormalization(axis: -1, scale: layer.scale, bias: layer.bias, epsilon: layer.epsilon)
    default: self
    }
  }
}

extension Operand {
  fileprivate var node: Int? { if case .node(let i) = self { i } else { nil } }
}
