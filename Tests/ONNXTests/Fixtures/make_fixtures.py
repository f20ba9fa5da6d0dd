"""Writes the small models of this folder, and expected.json with what onnxruntime computes on them.

python make_fixtures.py    (needs onnx, onnxruntime, numpy; the seed is fixed)
"""

import json
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T, helper as h, numpy_helper as nh

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(7)
expected = {}


def weights(name, *shape, scale=0.3):
    values = (random.standard_normal(shape) * scale).astype(np.float16).astype(np.float32)
    return nh.from_array(values, name)


def integers(name, *values):
    return nh.from_array(np.array(values, np.int64), name)


def value(name, shape, kind=T.FLOAT):
    return h.make_tensor_value_info(name, kind, shape)


def model(nodes, inputs, outputs, constants, opset, ir=8):
    graph = h.make_graph(nodes, "fixture", inputs, outputs, constants)
    return h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=ir)


def save(name, proto):
    onnx.save(proto, os.path.join(HERE, name + ".onnx"))


def record(name, proto, image, feed=lambda x: x, output=0, profile=None):
    """The output for two images in [0, 1], each given to the model alone."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options)
    x = np.round(random.random([2] + image), 3).astype(np.float32)
    key = session.get_inputs()[0].name
    outputs = [session.run(None, {key: feed(x[i : i + 1])})[output].reshape(-1) for i in range(2)]
    expected[name] = {
        "image": image,
        "input": [round(float(v), 3) for v in x.reshape(-1)],
        "logits": [float(v) for y in outputs for v in y],
        "profile": profile or {},
    }


def convnet():
    nodes = [
        h.make_node("Conv", ["x", "w1", "b1"], ["c1"], "conv1", auto_pad="SAME_UPPER", strides=[2, 2]),
        h.make_node("BatchNormalization", ["c1", "g", "b", "m", "v"], ["n1"], "norm"),
        h.make_node("Relu", ["n1"], ["r1"], "relu"),
        h.make_node("Conv", ["r1", "w2"], ["c2"], "conv2", pads=[1, 1, 1, 1], group=2),
        h.make_node("LeakyRelu", ["c2"], ["r2"], "leaky", alpha=0.125),
        h.make_node("Add", ["r1", "r2"], ["a"], "add"),
        h.make_node("MaxPool", ["a"], ["p1"], "max", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
        h.make_node("AveragePool", ["a"], ["p2"], "mean", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        h.make_node("Slice", ["p2", "from", "to", "axes"], ["s"], "slice"),
        h.make_node("Concat", ["p1", "s"], ["k"], "concat", axis=1),
        h.make_node("Flatten", ["k"], ["f"], "flatten"),
        h.make_node("Gemm", ["f", "w3", "b3"], ["logits"], "dense", transB=1, alpha=0.5),
        h.make_node("Softmax", ["logits"], ["y"], "softmax"),
    ]
    constants = [
        weights("w1", 4, 3, 3, 3), weights("b1", 4), weights("g", 4), weights("b", 4), weights("m", 4),
        nh.from_array(np.array([0.5, 1, 2, 1.5], np.float32), "v"), weights("w2", 4, 2, 3, 3),
        integers("from", 0), integers("to", 2), integers("axes", 1), weights("w3", 4, 54), weights("b3", 4),
    ]
    inputs, outputs = [value("x", ["n", 3, 9, 9])], [value("y", ["n", 4])]
    save("convnet", model(nodes, inputs, outputs, constants, 13))
    profile = {"scale": "byte", "mean": [100, 110, 120], "std": [50, 60, 70], "channels": "bgr"}
    mean, deviation = (np.array(profile[k], np.float32).reshape(1, 3, 1, 1) for k in ("mean", "std"))
    logits = model(nodes[:-1], inputs, [value("logits", ["n", 4])], constants, 13)
    record("convnet", logits, [3, 9, 9], lambda x: (x[:, ::-1] * 255 - mean) / deviation, profile=profile)


def old():
    """Opset 9: attributes that became inputs, weights among the inputs, a shape computed from the image's."""
    nodes = [
        h.make_node("Pad", ["x"], ["p"], pads=[0, 0, 1, 1, 0, 0, 1, 1], value=0.5),
        h.make_node("Conv", ["p", "w1", "b1"], ["c"]),
        h.make_node("Clip", ["c"], ["k"], min=-0.25, max=0.75),
        h.make_node("Slice", ["k"], ["s"], axes=[2], starts=[1], ends=[-1]),
        h.make_node("Shape", ["s"], ["shape"]),
        h.make_node("Constant", [], ["zero"], value=nh.from_array(np.array(0, np.int64))),
        h.make_node("Gather", ["shape", "zero"], ["batch"]),
        h.make_node("Unsqueeze", ["batch"], ["batch1"], axes=[0]),
        h.make_node("Constant", [], ["open"], value=nh.from_array(np.array([-1], np.int64))),
        h.make_node("Concat", ["batch1", "open"], ["target"], axis=0),
        h.make_node("Reshape", ["s", "target"], ["f"]),
        h.make_node("Dropout", ["f"], ["d"], ratio=0.5),
        h.make_node("MatMul", ["d", "w2"], ["m"]),
        h.make_node("Add", ["m", "b2"], ["y"]),
    ]
    constants = [weights("w1", 2, 1, 3, 3), weights("b1", 2), weights("w2", 2 * 4 * 6, 3), weights("b2", 3)]
    shapes = {c.name: list(c.dims) for c in constants}
    inputs = [value("x", [1, 1, 6, 6])] + [value(k, s) for k, s in shapes.items()]
    proto = model(nodes, inputs, [value("y", [1, 3])], constants, 9, ir=3)
    save("old", proto)
    record("old", proto, [1, 6, 6])


def channels_last():
    nodes = [
        h.make_node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2]),
        h.make_node("Conv", ["t", "w1"], ["c"], strides=[2, 2]),
        h.make_node("PRelu", ["c", "slopes"], ["r"]),
        h.make_node("Transpose", ["r"], ["u"], perm=[0, 2, 3, 1]),
        h.make_node("Reshape", ["u", "shape"], ["f"]),
        h.make_node("MatMul", ["f", "w2"], ["y"]),
    ]
    constants = [weights("w1", 4, 3, 3, 3), weights("slopes", 4, 1, 1), integers("shape", -1, 36), weights("w2", 36, 5)]
    proto = model(nodes, [value("x", ["n", 7, 7, 3])], [value("y", ["n", 5])], constants, 11)
    save("channels_last", proto)
    record("channels_last", proto, [3, 7, 7], lambda x: x.transpose(0, 2, 3, 1).copy())


def flat():
    nodes = [
        h.make_node("Flatten", ["x"], ["f"]),
        h.make_node("Gemm", ["f", "w1", "b1"], ["g"]),
        h.make_node("Softplus", ["g"], ["s"]),
        h.make_node("Gemm", ["w2", "s"], ["t"], transB=1),
        h.make_node("Transpose", ["t"], ["u"]),
        h.make_node("Div", ["u", "two"], ["d"]),
        h.make_node("LogSoftmax", ["d"], ["y"], axis=1),
    ]
    constants = [
        weights("w1", 27, 6), weights("b1", 6), weights("w2", 3, 6), nh.from_array(np.array(2, np.float32), "two"),
    ]
    save("flat", model(nodes, [value("x", [1, 27, 1])], [value("y", [1, 3])], constants, 13))
    logits = model(nodes[:-1], [value("x", [1, 27, 1])], [value("d", [1, 3])], constants, 13)
    record("flat", logits, [3, 3, 3], lambda x: x.reshape(1, 27, 1))


def tokens():
    """A small transformer: patches, attention, layer normalisation, gelu as exporters write it."""
    nodes = [
        h.make_node("Conv", ["x", "w1"], ["c"], strides=[4, 4]),
        h.make_node("Reshape", ["c", "rows"], ["r"]),
        h.make_node("Transpose", ["r"], ["t0"], perm=[0, 2, 1]),
        h.make_node("Concat", ["token", "t0"], ["t1"], axis=1),
        h.make_node("Add", ["t1", "places"], ["t2"]),
        h.make_node("LayerNormalization", ["t2", "g", "b"], ["n"]),
        h.make_node("MatMul", ["n", "wq"], ["qkv"]),
        h.make_node("Split", ["qkv", "thirds"], ["q", "k", "v"], axis=2),
        h.make_node("Transpose", ["k"], ["kt"], perm=[0, 2, 1]),
        h.make_node("MatMul", ["q", "kt"], ["s"]),
        h.make_node("Mul", ["s", "half"], ["s2"]),
        h.make_node("Softmax", ["s2"], ["a"], axis=-1),
        h.make_node("MatMul", ["a", "v"], ["o"]),
        h.make_node("Add", ["t2", "o"], ["t3"]),
        h.make_node("Div", ["t3", "root"], ["e0"]),
        h.make_node("Erf", ["e0"], ["e1"]),
        h.make_node("Add", ["e1", "one"], ["e2"]),
        h.make_node("Mul", ["t3", "e2"], ["e3"]),
        h.make_node("Mul", ["e3", "half"], ["e4"]),
        h.make_node("Gather", ["e4", "zero"], ["head"], axis=1),
        h.make_node("Gemm", ["head", "w2", "b2"], ["logits"], transB=1),
        h.make_node("ReduceMean", ["e4", "last"], ["other"], keepdims=0),
    ]
    number = lambda name, v: nh.from_array(np.array(v, np.float32), name)
    constants = [
        weights("w1", 4, 1, 4, 4), integers("rows", 0, 4, -1), weights("token", 1, 1, 4), weights("places", 1, 5, 4),
        weights("g", 4), weights("b", 4), weights("wq", 4, 12), integers("thirds", 4, 4, 4), number("half", 0.5),
        number("root", 2**0.5), number("one", 1), nh.from_array(np.array(0, np.int64), "zero"), weights("w2", 3, 4),
        weights("b2", 3), integers("last", 2),
    ]
    outputs = [value("other", ["n", 5]), value("logits", ["n", 3])]
    proto = model(nodes, [value("x", ["n", 1, 8, 8])], outputs, constants, 18)
    save("tokens", proto)
    record("tokens", proto, [1, 8, 8], output=1, profile={"output": "logits"})


def halves():
    nodes = [
        h.make_node("Conv", ["x", "w1"], ["c"]),
        h.make_node("Relu", ["c"], ["r"]),
        h.make_node("GlobalAveragePool", ["r"], ["y"]),
    ]
    w1 = weights("w1", 3, 3, 3, 3)
    record("halves", model(nodes, [value("x", [1, 3, 5, 5])], [value("y", [1, 3, 1, 1])], [w1], 8, 3), [3, 5, 5])
    half = nh.from_array(nh.to_array(w1).astype(np.float16), "w1")
    inputs, outputs = [value("x", [1, 3, 5, 5], T.FLOAT16)], [value("y", [1, 3, 1, 1], T.FLOAT16)]
    save("halves", model(nodes, inputs, outputs, [half], 8, 3))


def external():
    nodes = [h.make_node("Flatten", ["x"], ["f"]), h.make_node("Gemm", ["f", "w", "b"], ["y"])]
    constants = [weights("w", 16, 3), weights("b", 3)]
    proto = model(nodes, [value("x", ["n", 1, 4, 4])], [value("y", ["n", 3])], constants, 13)
    record("external", proto, [1, 4, 4])
    path = os.path.join(HERE, "external.data")
    if os.path.exists(path):
        os.remove(path)
    onnx.save(
        proto, os.path.join(HERE, "external.onnx"), save_as_external_data=True, location="external.data",
        size_threshold=0)
    outside = onnx.load(os.path.join(HERE, "external.onnx"), load_external_data=False)
    for name, location in [("outside", "../ONNXTests.swift"), ("absent", "absent.data")]:
        for tensor in outside.graph.initializer:
            next(e for e in tensor.external_data if e.key == "location").value = location
        save(name, outside)


def standardized():
    """Filters brought to mean 0 and variance 1 by a BatchNormalization in training mode, as PyTorch exports them."""
    nodes = [
        h.make_node("Reshape", ["w", "flat"], ["rows"], "flatten_filters"),
        h.make_node("BatchNormalization", ["rows", "g", "b", "m", "v"], ["s", "m1", "v1"], "standardize",
                    training_mode=1, epsilon=1e-3),
        h.make_node("Reshape", ["s", "shape"], ["filters"], "filters"),
        h.make_node("Conv", ["x", "filters"], ["c"], "conv"),
        h.make_node("Mul", ["v1", "half"], ["k"], "running"),
        h.make_node("Reshape", ["k", "column"], ["k1"], "shift"),
        h.make_node("Add", ["c", "k1"], ["a"], "add"),
        h.make_node("GlobalAveragePool", ["a"], ["p"], "pool"),
        h.make_node("Flatten", ["p"], ["y"], "logits"),
    ]
    ones = lambda name, size, v: nh.from_array(np.full(size, v, np.float32), name)
    constants = [
        weights("w", 4, 3, 3, 3), ones("g", 4, 0.5), weights("b", 4), ones("m", 4, 0.0), ones("v", 4, 1.0),
        ones("half", 1, 0.5), integers("flat", 1, 4, 27), integers("shape", 4, 3, 3, 3), integers("column", 1, 4, 1, 1),
    ]
    proto = model(nodes, [value("x", ["n", 3, 6, 6])], [value("y", ["n", 4])], constants, 15)
    save("standardized", proto)
    record("standardized", proto, [3, 6, 6])


def recurrent():
    """Rows of an image as sequences: an LSTM both ways, a GRU from the end, one forwards, and a plain recurrence."""
    def arrays(name, directions, gates, inputs, size):
        return [weights(f"w{name}", directions, gates * size, inputs), weights(f"r{name}", directions, gates * size, size),
                weights(f"b{name}", directions, 2 * gates * size)]
    nodes = [
        h.make_node("Reshape", ["x", "rows"], ["s"], "rows"),
        h.make_node("Transpose", ["s"], ["t"], "time_first", perm=[1, 0, 2]),
        h.make_node("LSTM", ["t", "wl", "rl", "bl", "", "h0", "c0", "peep"], ["l", "lh", "lc"], "lstm", hidden_size=3,
                    direction="bidirectional", clip=0.4),
        h.make_node("Transpose", ["l"], ["l1"], "sides", perm=[0, 2, 1, 3]),
        h.make_node("Reshape", ["l1", "joined"], ["l2"], "join"),
        h.make_node("GRU", ["l2", "wg", "rg", "bg"], ["g", "gh"], "gru", hidden_size=4, direction="reverse",
                    linear_before_reset=1),
        h.make_node("Squeeze", ["g", "one"], ["g1"], "squeeze"),
        h.make_node("GRU", ["g1", "wk", "rk", "bk"], ["k", "kh"], "gate", hidden_size=4,
                    activations=["HardSigmoid", "Softsign"], activation_alpha=[0.3], activation_beta=[0.4]),
        h.make_node("Squeeze", ["k", "one"], ["k1"], "squeeze1"),
        h.make_node("RNN", ["k1", "wr", "rr", "br", "lengths"], ["r", "rh"], "rnn", hidden_size=3, direction="bidirectional",
                    activations=["Tanh", "Elu"], activation_alpha=[0.5]),
        h.make_node("Concat", ["gh", "kh"], ["states"], "states", axis=2),
        h.make_node("Concat", ["lc", "lh"], ["cells"], "cells", axis=2),
        h.make_node("Reshape", ["r", "all"], ["r1"], "all_steps"),
        h.make_node("Reshape", ["states", "all"], ["r2"], "all_states"),
        h.make_node("Reshape", ["cells", "all"], ["r3"], "all_cells"),
        h.make_node("Reshape", ["rh", "all"], ["r4"], "last"),
        h.make_node("Concat", ["r1", "r2", "r3", "r4"], ["y"], "scores", axis=1),
    ]
    constants = [
        integers("rows", 2, 5, 4), integers("joined", 5, 2, 6), integers("one", 1), integers("all", 1, -1),
        *arrays("l", 2, 4, 4, 3), weights("h0", 2, 2, 3), weights("c0", 2, 2, 3), weights("peep", 2, 9),
        *arrays("g", 1, 3, 6, 4), *arrays("k", 1, 3, 4, 4), *arrays("r", 2, 1, 4, 3),
        nh.from_array(np.array([5, 3], np.int32), "lengths"),
    ]
    proto = model(nodes, [value("x", [1, 1, 10, 4])], [value("y", [1, None])], constants, 14)
    save("recurrent", proto)
    record("recurrent", proto, [1, 10, 4])


def patches():
    """Patches that are weighted and summed where they lie, as outlook attention does it."""
    nodes = [
        h.make_node("Reshape", ["x", "columns"], ["c"], "columns"),
        h.make_node("Col2Im", ["c", "image", "block"], ["f"], "fold", pads=[1, 0, 0, 1], strides=[2, 1], dilations=[1, 2]),
        h.make_node("Relu", ["f"], ["r"], "relu"),
        h.make_node("Flatten", ["r"], ["y"], "flatten"),
    ]
    # 2 channels of 3×2 patches at 2×4 places of a 4×5 image
    constants = [integers("columns", 1, 12, 8), integers("image", 4, 5), integers("block", 3, 2)]
    proto = model(nodes, [value("x", [1, 3, 8, 4])], [value("y", [1, 40])], constants, 18)
    save("patches", proto)
    record("patches", proto, [3, 8, 4])


def refused():
    """Models that are no classifiers of images, each for one reason."""
    x, y = [value("x", [1, 3, 4, 4])], [value("y", [1, 48])]
    flatten = h.make_node("Flatten", ["x"], ["f"], "flatten")
    relu = h.make_node("Relu", ["f"], ["y"], "relu")
    save("missing_operators", model(
        [flatten, h.make_node("BitwiseNot", ["f"], ["h"], "first"), h.make_node("BitwiseNot", ["h"], ["i"], "second"),
         h.make_node("Bernoulli", ["i"], ["y"], "third")], x, y, [], 18))
    save("cycle", model(
        [flatten, h.make_node("Add", ["f", "b"], ["a"], "first"), h.make_node("Relu", ["a"], ["b"], "second"),
         h.make_node("Relu", ["b"], ["y"], "third")], x, y, [], 13))
    save("unknown_value", model([flatten, h.make_node("Add", ["f", "nowhere"], ["y"], "add")], x, y, [], 13))
    save("image_output", model([h.make_node("Relu", ["x"], ["y"], "relu")], x, [value("y", [1, 3, 4, 4])], [], 13))
    save("one_number", model(
        [flatten, h.make_node("ReduceSum", ["f"], ["y"], "sum")], x, [value("y", [1, 1])], [], 13))
    save("constant_output", model(
        [h.make_node("Constant", [], ["y"], "constant", value=weights("", 1, 5))], x, [value("y", [1, 5])], [], 13))
    save("takes_tokens", model(
        [h.make_node("Cast", ["x"], ["y"], "cast", to=T.FLOAT)], [value("x", [1, 48], T.INT64)], y, [], 13))
    save("two_inputs", model(
        [flatten, h.make_node("Add", ["f", "z"], ["y"], "add")], x + [value("z", [1, 48])], y, [], 13))
    save("free_size", model(
        [h.make_node("GlobalAveragePool", ["x"], ["y"], "pool")], [value("x", ["n", 3, "h", "w"])],
        [value("y", ["n", 3, 1, 1])], [], 13))
    save("opset_5", model([flatten, relu], x, y, [], 5))
    bad = nh.from_array(np.array([[1, np.nan]] * 48, np.float32), "w")
    save("not_a_number", model(
        [flatten, h.make_node("MatMul", ["f", "w"], ["y"], "dense")], x, [value("y", [1, 2])], [bad], 13))
    short = weights("w", 48, 2)
    short.raw_data = short.raw_data[:-8]
    save("short_tensor", model(
        [flatten, h.make_node("MatMul", ["f", "w"], ["y"], "dense")], x, [value("y", [1, 2])], [short], 13))
    huge = weights("w", 48, 2)
    del huge.dims[:]
    huge.dims.extend([1 << 40, 1 << 40])
    save("huge_tensor", model(
        [flatten, h.make_node("MatMul", ["f", "w"], ["y"], "dense")], x, [value("y", [1, 2])], [huge], 13))
    save("wrong_filters", model(
        [h.make_node("Conv", ["x", "w"], ["c"], "conv"), h.make_node("Flatten", ["c"], ["y"])], x,
        [value("y", [1, 8])], [weights("w", 2, 5, 3, 3)], 13))


for make in (convnet, old, channels_last, flat, tokens, halves, external, refused, standardized, recurrent, patches):
    make()
with open(os.path.join(HERE, "expected.json"), "w") as file:
    json.dump(expected, file, indent=None, separators=(",", ":"), sort_keys=True)
    file.write("\n")
