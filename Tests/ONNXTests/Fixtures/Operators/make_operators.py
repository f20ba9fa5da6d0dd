"""Writes small models of operators that exporters, optimisers and quantisers write, and what onnxruntime computes on them.

python make_operators.py    (needs onnx, onnxruntime, numpy; the seeds are fixed)
"""

import json
import os
import zlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T, helper as h, numpy_helper as nh

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGE = [3, 8, 8]
MICROSOFT = "com.microsoft"
expected = {}


def node(kind, inputs, outputs, domain="", **attributes):
    return h.make_node(kind, inputs.split(), outputs.split(), domain=domain, **attributes)


def arrays(random, **shapes):
    """Rounded normal numbers for shapes, and arrays as they are."""
    return {
        name: np.round(random.standard_normal(s) * 0.3, 2).astype(np.float32) if isinstance(s, tuple) else np.asarray(s)
        for name, s in shapes.items()
    }


def model(name, nodes, width, constants, opset=17, batch="n", inputs=(), sparse=()):
    """Saves nodes from x to z followed by a dense layer, and records two images' logits."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    constants = {**arrays(random, **constants), **arrays(random, dense=(width, 4))}
    nodes = nodes + [node("Flatten", "z", "flat"), node("MatMul", "flat dense", "y")]
    graph = h.make_graph(
        nodes, name, [h.make_tensor_value_info("x", T.FLOAT, [batch] + IMAGE), *inputs],
        [h.make_tensor_value_info("y", T.FLOAT, None)], [nh.from_array(a, k) for k, a in constants.items()])
    graph.sparse_initializer.extend(sparse)
    opsets = [h.make_opsetid("", opset), h.make_opsetid(MICROSOFT, 1)]
    proto = h.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.save(proto, os.path.join(HERE, name + ".onnx"))
    record(name, proto, random, batch, [i.name for i in inputs])


def record(name, proto, random, batch, flags):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options)
    x = np.round(random.random([2] + IMAGE), 3).astype(np.float32)
    repeats = 1 if batch == "n" else batch
    feed = {flag: np.array(False) for flag in flags}
    rows = [session.run(None, {"x": np.repeat(x[i : i + 1], repeats, 0), **feed})[0][0] for i in range(2)]
    expected[name] = {
        "input": [round(float(v), 3) for v in x.reshape(-1)], "logits": [float(v) for row in rows for v in row]}


def transformer():
    nodes = [
        node("Flatten", "x", "f"), node("MatMul", "f w", "a"), node("Add", "a b", "c"), node("Reshape", "c s", "t"),
        node("AffineGrid", "t size", "g"),
        node("GridSample", "x g", "p", mode="linear", padding_mode="reflection"),
        node("GridSample", "x g", "q", mode="cubic", padding_mode="border", align_corners=1),
        node("GridSample", "x g", "r", mode="nearest"), node("Concat", "p q r", "z", axis=1),
    ]
    shapes = dict(w=(192, 6), b=np.array([1, 0.1, 0.2, -0.1, 1, 0.3], np.float32), s=np.array([-1, 2, 3]),
                  size=np.array([1, 3, 8, 8]))
    model("transformer", nodes, 576, shapes, opset=20)


def steps():
    nodes = [
        node("Mul", "x k", "a"), node("Sign", "a", "b"), node("Floor", "a", "c"), node("Ceil", "a", "d"),
        node("Round", "a", "e"), node("Mod", "a m", "f", fmod=1), node("CumSum", "a axis", "g", reverse=1),
        node("TopK", "a count", "h i", axis=2), node("Concat", "b c d e f g h", "z", axis=2),
    ]
    model("steps", nodes, 3 * 51 * 8, dict(k=np.float32(3.7), m=np.float32(0.9), axis=np.array(3), count=np.array([3])))


def picks():
    nodes = [
        node("Transpose", "x", "t", perm=[2, 3, 0, 1]), node("GatherND", "t i", "g"),
        node("Transpose", "g", "u", perm=[2, 3, 0, 1]),
        node("AveragePool", "u", "v", kernel_shape=[40, 40], strides=[40, 40], ceil_mode=1, count_include_pad=1),
        node("Reshape", "x s", "p"), node("Transpose", "p", "q", perm=[2, 0, 1, 3]), node("Gather", "q one", "r", axis=0),
        node("Reshape", "r s3", "e"), node("Concat", "token e", "w", axis=1), node("Flatten", "w", "w2"),
        node("Flatten", "v", "v2"), node("Concat", "v2 w2", "z", axis=1),
    ]
    tuples = np.array([[[0, 0], [0, 7]], [[7, 0], [7, -1]]])
    model("picks", nodes, 3 + 96 + 4, dict(
        i=tuples, s=np.array([0, 24, 2, 4]), one=np.array(1), s3=np.array([0, 24, 4]), token=(1, 1, 4)))


def fused():
    nodes = [
        node("FusedConv", "x w b", "c", MICROSOFT, activation="LeakyRelu", activation_params=[0.2], kernel_shape=[2, 2],
             strides=[2, 2]),
        node("Reshape", "c s", "r"), node("Transpose", "r", "t", perm=[0, 2, 1]),
        node("SkipLayerNormalization", "t t gamma beta bias", "n", MICROSOFT, epsilon=1e-5),
        node("Attention", "n wa ba", "a", MICROSOFT, num_heads=2), node("QuickGelu", "a", "q", MICROSOFT),
        node("FusedMatMul", "q wm", "m", MICROSOFT, transB=1, alpha=0.5), node("BiasGelu", "m bm", "z", MICROSOFT),
    ]
    model("fused", nodes, 16 * 6, dict(
        w=(8, 3, 2, 2), b=(8,), s=np.array([0, 8, 16]), gamma=(8,), beta=(8,), bias=(8,), wa=(8, 24), ba=(24,),
        wm=(6, 8), bm=(6,)))


def quantised():
    random = np.random.default_rng(5)
    nodes = [
        node("QuantizeLinear", "x sx zx", "q"),
        node("QLinearConv", "q sx zx w sw zw sc zc b", "c", pads=[1, 1, 1, 1]), node("DequantizeLinear", "c sc zc", "d"),
        node("QuantizeLinear", "d s3 z3", "e", axis=1), node("DequantizeLinear", "e s3 z3", "f", axis=1),
        node("DynamicQuantizeLinear", "f", "g sg zg"), node("Flatten", "g", "g2"),
        node("MatMulInteger", "g2 wi zg", "i"), node("Cast", "i", "j", to=T.FLOAT), node("Mul", "sg si", "sj"),
        node("Mul", "j sj", "z"),
    ]
    model("quantised", nodes, 6, dict(
        sx=np.float32(0.00392), zx=np.uint8(3), w=random.integers(-60, 60, (4, 3, 3, 3)).astype(np.int8),
        sw=np.array([0.01, 0.02, 0.005, 0.013], np.float32), zw=np.zeros(4, np.int8), sc=np.float32(0.03),
        zc=np.uint8(90), b=random.integers(-900, 900, 4).astype(np.int32),
        s3=np.array([0.05, 0.02, 0.1, 0.04], np.float32), z3=np.array([0, -10, 20, 3], np.int8),
        wi=random.integers(-60, 60, (256, 6)).astype(np.int8), si=np.float32(0.02)))


def batch():
    nodes = [
        node("Reshape", "x s", "a0"), node("Shape", "a0", "s0", end=2), node("Concat", "s0 open", "s1", axis=0),
        node("Reshape", "a0 s1", "a"), node("Concat", "token a", "b", axis=1), node("Add", "b place", "c"),
        node("Transpose", "c", "d", perm=[1, 0, 2]), node("Reshape", "d heads", "e"), node("Tanh", "e", "f"),
        node("Reshape", "f rows", "g"), node("Transpose", "g", "h", perm=[1, 0, 2]), node("Reshape", "h keep", "i"),
        node("Reshape", "i t", "z"),
    ]
    token = np.repeat(np.array([[[0.1, -0.2, 0.3]]], np.float32), 16, 0)
    model("batch", nodes, 195, dict(
        s=np.array([16, 64, 3]), token=token, place=np.repeat(np.full((1, 65, 3), 0.5, np.float32), 16, 0),
        t=np.array([16, -1]), heads=np.array([65, 48, 1]), rows=np.array([65, 16, 3]), keep=np.array([0, 39, -1]),
        open=np.array([-1])), batch=16)


def training():
    nodes = [
        node("BatchNormalization", "x g b m v", "a"), node("Dropout", "a ratio training", "z"),
    ]
    flag = h.make_tensor_value_info("training", T.BOOL, [])
    model("training", nodes, 192, dict(
        g=(3,), b=(3,), m=(3,), v=np.array([0.5, 1, 2], np.float32), ratio=np.float32(0.5)), inputs=[flag])
    # The same in training mode, which onnxruntime would compute with the batch's own moments.
    proto = onnx.load(os.path.join(HERE, "training.onnx"))
    proto.graph.node[0].attribute.append(h.make_attribute("training_mode", 1))
    proto.graph.node[0].output.extend(["m2", "v2"])
    onnx.save(proto, os.path.join(HERE, "training_mode.onnx"))
    expected["training_mode"] = expected["training"]


def sparse():
    values = nh.from_array(np.array([0.5, -1.5, 2], np.float32), "w")
    places = nh.from_array(np.array([[0, 1], [5, 0], [191, 5]]), "")
    tensor = h.make_sparse_tensor(values, places, [192, 6])
    model("sparse", [node("Flatten", "x", "f"), node("MatMul", "f w", "z")], 6, {}, sparse=[tensor])


for make in (transformer, steps, picks, fused, quantised, batch, training, sparse):
    make()
with open(os.path.join(HERE, "expected.json"), "w") as file:
    json.dump(expected, file, separators=(",", ":"), sort_keys=True)
    file.write("\n")
