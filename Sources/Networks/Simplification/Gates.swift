internal import Tensors

/// Products of a value with a function of itself: GELU in both its forms, SiLU, Mish and hard swish as exporters write
/// them in parts.
extension Simplification {
  /// What of one operand an expression is: factor·operand, with all factors and shifts that stand between.
  private struct Line {
    var scale: Float = 1
    var shift: Float = 0
    var operand: Operand
  }

  /// How far numbers of a file may be from those of a definition: they are rounded, some to half precision.
  private static let tolerance: Float = 1e-4

  private static func isClose(_ a: Float, _ b: Float) -> Bool { abs(a - b) <= tolerance * max(1e-30, abs(b)) }

  /// A product, or a product times a number, that is a known function of one value becomes that function.
  mutating func recognizeGate(_ i: Int) {
    guard let product = product(i) else { return }
    for (factor, gate) in [(product.first, product.second), (product.second, product.first)] {
      for x in lines(factor) where x.shift == 0 {
        let scale = product.scale * x.scale
        if let (function, share) = function(of: x.operand, lines(gate).last!), Self.isClose(scale * share, 1)
        {
          graph.nodes[i].operation = Elementwise(function)
          return read([x.operand], at: i)
        }
        if let swish = hardSwish(of: x.operand, lines(gate).last!, scale) {
          graph.nodes[i].operation = swish
          return read([x.operand], at: i)
        }
      }
    }
  }

  /// scale·first·second, where node i is that of two values of its own shape.
  private func product(_ i: Int) -> (scale: Float, first: Operand, second: Operand)? {
    var (scale, node) = (Float(1), graph.nodes[i])
    if let affine = node.operation as? Affine, affine.shift == 0, case .node(let j) = node.inputs[0],
      readers[j] == 1
    {
      (scale, node) = (affine.scale, graph.nodes[j])
    }
    guard node.operation is Multiplication, node.inputs.allSatisfy({ shape($0) == shapes[i] }) else {
      return nil
    }
    return (scale, node.inputs[0], node.inputs[1])
  }

  /// The operand itself, and those behind what only scales and shifts it, the nearer first.
  private func lines(_ operand: Operand) -> [Line] {
    var lines = [Line(operand: operand)]
    while case .node(let j) = lines.last!.operand, let affine = graph.nodes[j].operation as? Affine {
      let line = lines.last!
      lines.append(
        Line(
          scale: line.scale * affine.scale, shift: line.shift + line.scale * affine.shift,
          operand: graph.nodes[j].inputs[0]))
    }
    return lines
  }

  /// The factor c, where the operand is c·x.
  private func factor(_ operand: Operand, of x: Operand) -> Float? {
    lines(operand).first { $0.operand == x && $0.shift == 0 }?.scale
  }

  /// The function φ for which x·gate is φ(x)/share.
  private func function(of x: Operand, _ gate: Line) -> (ScalarFunction, share: Float)? {
    guard case .node(let j) = gate.operand, let inner = graph.nodes[j].operation as? Elementwise else {
      return nil
    }
    let argument = graph.nodes[j].inputs[0]
    let isHalved = Self.isClose(gate.shift, gate.scale)
    switch inner.function {
    case .erf where isHalved:
      return factor(argument, of: x).map { Self.isClose($0, 0.707_106_77) } == true
        ? (.gelu, 2 * gate.scale) : nil
    case .tanh where isHalved: return isCubic(argument, of: x) ? (.geluTanh, 2 * gate.scale) : nil
    case .tanh where gate.shift == 0: return isSoftplus(argument, of: x) ? (.mish, gate.scale) : nil
    case .sigmoid where gate.shift == 0: return factor(argument, of: x) == 1 ? (.silu, gate.scale) : nil
    default: return nil
    }
  }

  /// scale·x·gate, where the gate is a line of x between 0 and what the scale makes 1.
  private func hardSwish(of x: Operand, _ gate: Line, _ scale: Float) -> HardSwish? {
    guard gate.shift == 0, case .node(let j) = gate.operand, let clamp = graph.nodes[j].operation as? Clamp,
      clamp.lower == 0, let upper = clamp.upper, Self.isClose(scale * gate.scale * upper, 1)
    else { return nil }
    return lines(graph.nodes[j].inputs[0]).first { $0.operand == x }.map {
      HardSwish(alpha: $0.scale / upper, beta: $0.shift / upper)
    }
  }

  private func isSoftplus(_ operand: Operand, of x: Operand) -> Bool {
    guard case .node(let j) = operand, let inner = graph.nodes[j].operation as? Elementwise else {
      return false
    }
    return inner.function == .softplus(beta: 1) && graph.nodes[j].inputs == [x]
  }

  /// Whether it is √(2/π)·(x + 0.044715·x³).
  private func isCubic(_ operand: Operand, of x: Operand) -> Bool {
    let argument = lines(operand).last!
    guard case .node(let j) = argument.operand, graph.nodes[j].operation is Addition, argument.shift == 0,
      Self.isClose(argument.scale, 0.797_884_56)
    else { return false }
    let terms = graph.nodes[j].inputs
    return [(terms[0], terms[1]), (terms[1], terms[0])].contains { linear, cubic in
      let cube = lines(cubic).last!
      return factor(linear, of: x) == 1 && cube.shift == 0 && Self.isClose(cube.scale, 0.044715)
        && isPower(3, cube.operand, of: x)
    }
  }

  /// Whether it is x to the n-th power, by an exponent or as a product.
  func isPower(_ n: Int, _ operand: Operand, of x: Operand) -> Bool {
    if n == 1 { return operand == x }
    guard case .node(let j) = operand else { return false }
    let node = graph.nodes[j]
    if let inner = node.operation as? Elementwise {
      return inner.function == .power(Float(n)) && node.inputs == [x]
    }
    guard node.operation is Multiplication else { return false }
    let (a, b) = (node.inputs[0], node.inputs[1])
    return (a == x && isPower(n - 1, b, of: x)) || (b == x && isPower(n - 1, a, of: x))
  }
}
