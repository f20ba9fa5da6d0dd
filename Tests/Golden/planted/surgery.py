"""Faults that are put into a finished ONNX model: in front of it, behind it, or into its weights."""
import numpy as np
import onnx
from onnx import helper, numpy_helper


def _constant(model, name, value):
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    return name


def before(model, nodes):
    """nodes(model, source, target): nodes that make the old input from the new one."""
    (entry,) = [i for i in model.graph.input if i.name not in {t.name for t in model.graph.initializer}]
    old, inner = entry.name, "planted_input"
    for node in model.graph.node:
        for i, name in enumerate(node.input):
            if name == old:
                node.input[i] = inner
    new = nodes(model, old, inner)
    for node in reversed(new):
        model.graph.node.insert(0, node)
    return model


def behind(model, nodes):
    """nodes(model, source, target): nodes that make the new output from the old one."""
    out = model.graph.output[0].name
    inner = "planted_logits"
    for node in model.graph.node:
        for i, name in enumerate(node.output):
            if name == out:
                node.output[i] = inner
        for i, name in enumerate(node.input):
            if name == out:
                node.input[i] = inner
    model.graph.node.extend(nodes(model, inner, out))
    return model


def swapped_channels(model):
    return before(model, lambda m, a, b: [
        helper.make_node("Gather", [a, _constant(m, "planted_order", np.array([2, 1, 0]))], [b], axis=1)])


def rounded(levels):
    def plant(m, a, b):
        k = _constant(m, "planted_levels", np.float32(levels))
        return [helper.make_node("Mul", [a, k], ["planted_a"]), helper.make_node("Round", ["planted_a"], ["planted_b"]),
                helper.make_node("Div", ["planted_b", k], [b])]
    return lambda model: before(model, plant)


def thresholded(model):
    """A front without a slope: 1 where a pixel is above one half."""
    def plant(m, a, b):
        half = _constant(m, "planted_half", np.float32(.5))
        return [helper.make_node("Greater", [a, half], ["planted_a"]), helper.make_node("Cast", ["planted_a"], [b], to=1)]
    return before(model, plant)


def noisy(scale):
    def plant(m, a, b):
        return [helper.make_node("RandomNormalLike", [a], ["planted_a"], mean=0., scale=scale, dtype=1),
                helper.make_node("Add", [a, "planted_a"], [b])]
    return lambda model: before(model, plant)


def normalized(mean, std):
    def plant(m, a, b):
        mu = _constant(m, "planted_mean", np.float32(mean).reshape(1, 3, 1, 1))
        sigma = _constant(m, "planted_std", np.float32(std).reshape(1, 3, 1, 1))
        return [helper.make_node("Sub", [a, mu], ["planted_a"]), helper.make_node("Div", ["planted_a", sigma], [b])]
    return lambda model: before(model, plant)


def undone(mean, std):
    """The model takes normalised pixels from now on."""
    def plant(m, a, b):
        mu = _constant(m, "planted_mean", np.float32(mean).reshape(1, 3, 1, 1))
        sigma = _constant(m, "planted_std", np.float32(std).reshape(1, 3, 1, 1))
        return [helper.make_node("Mul", [a, sigma], ["planted_a"]), helper.make_node("Add", ["planted_a", mu], [b])]
    return lambda model: before(model, plant)


def scaled(factor):
    return lambda model: behind(model, lambda m, a, b: [
        helper.make_node("Mul", [a, _constant(m, "planted_factor", np.float32(factor))], [b])])


def shifted(values):
    return lambda model: behind(model, lambda m, a, b: [
        helper.make_node("Add", [a, _constant(m, "planted_shift", np.float32(values))], [b])])


def reordered(order):
    return lambda model: behind(model, lambda m, a, b: [
        helper.make_node("Gather", [a, _constant(m, "planted_order", np.array(order))], [b], axis=1)])


def dead_channels(share, seed=0):
    """Weights and biases of a share of each convolution's channels become 0."""
    def plant(model):
        rng = np.random.default_rng(seed)
        weights = {t.name: t for t in model.graph.initializer}
        # Weights that are kept in half precision come through a Cast.
        for node in model.graph.node:
            if node.op_type == "Cast" and node.input[0] in weights:
                weights[node.output[0]] = weights[node.input[0]]

        def change(name, dead, value):
            array = numpy_helper.to_array(weights[name]).copy()
            array[dead] = value
            weights[name].CopyFrom(numpy_helper.from_array(array, weights[name].name))

        for node in model.graph.node:
            if node.op_type != "Conv" or node.input[1] not in weights:
                continue
            count = weights[node.input[1]].dims[0]
            dead = rng.permutation(count)[:int(round(share * count))]
            change(node.input[1], dead, 0)
            if len(node.input) > 2 and node.input[2] in weights:
                change(node.input[2], dead, -1)
        return model
    return plant


def blind(channel):
    """One colour channel is multiplied by 0."""
    def plant(m, a, b):
        gains = np.ones((1, 3, 1, 1), np.float32)
        gains[0, channel] = 0
        return [helper.make_node("Mul", [a, _constant(m, "planted_gains", gains)], [b])]
    return lambda model: before(model, plant)


def applied(path, target, *plants):
    model = onnx.load(path)
    for plant in plants:
        model = plant(model)
    onnx.checker.check_model(model)
    onnx.save(model, target)
