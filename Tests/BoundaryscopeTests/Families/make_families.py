"""Writes a small classifier of each family of networks, pictures for them, and what ONNX Runtime computes.

python make_families.py    (needs onnx, onnxruntime, numpy; the seed is fixed)

All take 1×3×8×8 and tell four classes, the single logit two. Biases put boundaries among the pictures. `expected.json`
holds the logits of the first two pictures by ONNX Runtime.
"""

import json
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T, helper as h, numpy_helper as nh

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(11)
SHAPE = [1, 3, 8, 8]
pictures = (random.integers(0, 256, (24, 3, 8, 8)) / 255).astype(np.float32)


def numbers(*shape, scale=1.0):
    return (random.standard_normal(shape) * scale).astype(np.float16).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


def node(kind, inputs, outputs, **attributes):
    return h.make_node(kind, inputs.split(), outputs.split(), **attributes)


def session(proto):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(proto.SerializeToString(), options)


def proto_of(name, nodes, constants):
    graph = h.make_graph(
        nodes,
        name,
        [h.make_tensor_value_info("x", T.FLOAT, SHAPE)],
        [h.make_tensor_value_info("y", T.FLOAT, None)],
        [nh.from_array(np.asarray(a), n) for n, a in constants.items()],
    )
    return h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)


def logits(proto, x):
    run = session(proto)
    return np.stack([run.run(None, {"x": v[None]})[0].reshape(-1) for v in x])


def centred(nodes, constants):
    """A last bias that takes the mean logit away, so that no class swallows all pictures."""
    width = logits(proto_of("raw", nodes, constants), pictures).mean(0)
    nodes[-1].output[0] = "raw"
    constants["centre"] = -width.astype(np.float32).reshape(-1)
    return nodes + [node("Add", "raw centre", "y")], constants


def head(x, width, classes=4):
    scale = 3 / width**0.5
    return node("MatMul", f"{x} w_out", "y"), {"w_out": numbers(width, classes, scale=scale)}


def convolutional():
    last, w = head("flat", 64)
    nodes = [
        node("Conv", "x k1 b1", "c1", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "c1 g b m v", "n1"),
        node("Relu", "n1", "r1"),
        node("MaxPool", "r1", "p1", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "p1 k2", "c2", pads=[1, 1, 1, 1]),
        node("Relu", "c2", "r2"),
        node("AveragePool", "r2", "p2", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", "p2", "flat"),
        last,
    ]
    return nodes, w | dict(
        k1=numbers(8, 3, 3, 3, scale=0.4), b1=numbers(8, scale=0.1), g=1 + numbers(8, scale=0.1),
        b=numbers(8, scale=0.1), m=numbers(8, scale=0.1), v=np.full(8, 0.5, np.float32),
        k2=numbers(16, 8, 3, 3, scale=0.2),
    )


def normalized(x, y, width, constants):
    """Layer normalisation of the last axis, as an exporter of its primitives spells it."""
    constants |= {f"{y}_g": 1 + numbers(width, scale=0.1), f"{y}_b": numbers(width, scale=0.1)}
    return [node("LayerNormalization", f"{x} {y}_g {y}_b", y, axis=-1, epsilon=1e-6)]


def transformer():
    """Sixteen patches of 2×2, a class token joined on, one block of two heads, the token read out."""
    d, heads, tokens = 12, 2, 17
    last, constants = head("out", d)
    constants |= dict(
        k=numbers(d, 3, 2, 2, scale=0.5), columns=ints(1, d, 16), token=numbers(1, 1, d),
        position=numbers(1, tokens, d, scale=0.3), wqkv=numbers(d, 3 * d, scale=d**-0.5),
        split=ints(1, tokens, 3, heads, d // heads), scale=np.float32((d // heads) ** -0.5),
        joined=ints(1, tokens, d), wo=numbers(d, d, scale=d**-0.5), w1=numbers(d, 24, scale=d**-0.5),
        w2=numbers(24, d, scale=24**-0.5), half=np.float32(0.5), one=np.float32(1), root=np.float32(2**0.5),
        first=np.array(0),
    )
    nodes = [
        node("Conv", "x k", "patches", strides=[2, 2]),
        node("Reshape", "patches columns", "p"),
        node("Transpose", "p", "pt", perm=[0, 2, 1]),
        node("Concat", "token pt", "joint", axis=1),
        node("Add", "joint position", "t0"),
        *normalized("t0", "n0", d, constants),
        node("MatMul", "n0 wqkv", "qkv"),
        node("Reshape", "qkv split", "qkvs"),
        node("Transpose", "qkvs", "qkvt", perm=[2, 0, 3, 1, 4]),
        node("Gather", "qkvt q_index", "q", axis=0),
        node("Gather", "qkvt k_index", "key", axis=0),
        node("Gather", "qkvt v_index", "value", axis=0),
        node("Transpose", "key", "keyt", perm=[0, 1, 3, 2]),
        node("MatMul", "q keyt", "s"),
        node("Mul", "s scale", "scaled"),
        node("Softmax", "scaled", "a", axis=-1),
        node("MatMul", "a value", "av"),
        node("Transpose", "av", "avt", perm=[0, 2, 1, 3]),
        node("Reshape", "avt joined", "avj"),
        node("MatMul", "avj wo", "o"),
        node("Add", "t0 o", "t1"),
        *normalized("t1", "n1", d, constants),
        node("MatMul", "n1 w1", "m1"),
        node("Div", "m1 root", "e0"),
        node("Erf", "e0", "e1"),
        node("Add", "e1 one", "e2"),
        node("Mul", "m1 e2", "e3"),
        node("Mul", "e3 half", "gelu"),
        node("MatMul", "gelu w2", "m2"),
        node("Add", "t1 m2", "t2"),
        *normalized("t2", "n2", d, constants),
        node("Gather", "n2 first", "out", axis=1),
        last,
    ]
    return nodes, constants | dict(q_index=np.array(0), k_index=np.array(1), v_index=np.array(2))


def recurrent():
    """An LSTM that reads the rows of the picture, sequence first."""
    last, constants = head("final", 10)
    nodes = [
        node("Transpose", "x", "rows", perm=[2, 0, 1, 3]),
        node("Reshape", "rows steps", "sequence"),
        node("LSTM", "sequence wi wr bias", "all", hidden_size=10),
        node("Gather", "all last", "end", axis=0),
        node("Squeeze", "end axis", "final"),
        last,
    ]
    return nodes, constants | dict(
        steps=ints(8, 1, 24), wi=numbers(1, 40, 24, scale=0.4), wr=numbers(1, 40, 10, scale=0.3),
        bias=numbers(1, 80, scale=0.1), last=np.array(-1), axis=ints(0),
    )


def ensemble():
    """Two networks whose outputs are stacked over axis 0 and averaged."""
    nodes, constants = [node("Flatten", "x", "f")], {}
    for i in range(2):
        nodes += [node("MatMul", f"f a{i}", f"h{i}"), node("Relu", f"h{i}", f"r{i}"), node("MatMul", f"r{i} b{i}", f"z{i}")]
        constants |= {f"a{i}": numbers(192, 16, scale=0.15), f"b{i}": numbers(16, 4)}
    return nodes + [node("Concat", "z0 z1", "both", axis=0), node("ReduceMean", "both", "y", axes=[0], keepdims=1)], constants


def smooth():
    last, constants = head("t2", 16)
    nodes = [
        node("Conv", "x k", "c", strides=[2, 2]),
        node("Softplus", "c", "s"),
        node("Flatten", "s", "f"),
        node("MatMul", "f w", "m"),
        node("Tanh", "m", "t2"),
        last,
    ]
    return nodes, constants | dict(k=numbers(6, 3, 2, 2, scale=0.6), w=numbers(96, 16, scale=0.15))


def linear():
    last, constants = head("f", 192)
    return [node("Flatten", "x", "f"), last], constants


def single():
    last, constants = head("r", 16, classes=1)
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "m"), node("Relu", "m", "r"), last]
    return nodes, constants | dict(w=numbers(192, 16, scale=0.15))


def rank_one():
    """u − logsumexp(u), with the sum a vector of rank 1."""
    nodes = [
        node("Flatten", "x", "f"),
        node("MatMul", "f w", "z"),
        node("Tanh", "z", "t"),
        node("MatMul", "t v", "u"),
        node("ReduceLogSumExp", "u", "l", axes=[1], keepdims=0),
        node("Unsqueeze", "l axis", "column"),
        node("Sub", "u column", "y"),
    ]
    return nodes, dict(w=numbers(192, 12, scale=0.1), v=numbers(12, 4), axis=ints(1))


def depthwise():
    """A block of a mobile network: depthwise filters, hard swish, squeeze and excitation, a clamp."""
    global random
    kept, random = random, np.random.default_rng(12)  # the other families stay as they are
    last, constants = head("flat", 12)
    nodes = [
        node("Conv", "x k1", "c1", pads=[1, 1, 1, 1]),
        node("HardSwish", "c1", "h1"),
        node("Conv", "h1 k2 b2", "c2", pads=[1, 1, 1, 1], group=8),
        node("BatchNormalization", "c2 g b m v", "n2"),
        node("HardSwish", "n2", "h2"),
        node("GlobalAveragePool", "h2", "s0"),
        node("Conv", "s0 k3", "s1"),
        node("Relu", "s1", "s2"),
        node("Conv", "s2 k4", "s3"),
        node("HardSigmoid", "s3", "s4", alpha=1 / 6, beta=0.5),
        node("Mul", "h2 s4", "e"),
        node("Conv", "e k5", "c5", pads=[2, 2, 2, 2], strides=[2, 2], group=8),
        node("Clip", "c5 zero six", "l5"),
        node("Conv", "l5 k6", "c6"),
        node("GlobalAveragePool", "c6", "p6"),
        node("Flatten", "p6", "flat"),
        last,
    ]
    constants |= dict(
        k1=numbers(8, 3, 3, 3, scale=0.4), k2=numbers(8, 1, 3, 3, scale=0.6), b2=numbers(8, scale=0.2),
        g=1 + numbers(8, scale=0.1), b=numbers(8, scale=0.1), m=numbers(8, scale=0.1), v=np.full(8, 0.5, np.float32),
        k3=numbers(4, 8, 1, 1, scale=0.5), k4=numbers(8, 4, 1, 1, scale=0.8), k5=numbers(8, 1, 5, 5, scale=0.5),
        k6=numbers(12, 8, 1, 1, scale=1.5), zero=np.float32(0), six=np.float32(6),
    )
    random = kept
    return nodes, constants


def apart(seed):
    """Numbers of their own: the families before stay as they are."""
    global random
    kept, random = random, np.random.default_rng(seed)
    return kept


def standardized():
    """A picture less its mean, over its deviation: values without any axis, for one picture at a time."""
    global random
    kept = apart(13)
    last, constants = head("t", 16)
    nodes = [
        node("ReduceMean", "x", "mean", keepdims=0),
        node("Sub", "x mean", "d"),
        node("Mul", "d d", "dd"),
        node("ReduceMean", "dd", "variance", keepdims=0),
        node("Sqrt", "variance", "deviation"),
        node("Add", "deviation small", "scale"),
        node("Div", "d scale", "n"),
        node("Flatten", "n", "f"),
        node("MatMul", "f w", "m"),
        node("Tanh", "m", "t"),
        last,
    ]
    constants |= dict(small=np.float32(1e-3), w=numbers(192, 16, scale=0.1))
    random = kept
    return nodes, constants


def repeated():
    """Grey thrice, rows taken twice, and a mean spread over a plane again: one value in many places."""
    global random
    kept = apart(14)
    last, constants = head("flat", 80)
    nodes = [
        node("Conv", "x grey", "g"),
        node("Tile", "g thrice", "c"),
        node("Gather", "c rows", "r", axis=2),
        node("Conv", "r k", "c1", strides=[2, 2]),
        node("Tanh", "c1", "t"),
        node("GlobalAveragePool", "t", "p"),
        node("Resize", "p  scales", "wide", mode="nearest"),
        node("Gather", "wide same", "some", axis=3),
        node("Mul", "t some", "m"),
        node("Flatten", "m", "flat"),
        last,
    ]
    nodes[6].input[:] = ["p", "", "scales"]
    constants |= dict(
        grey=numbers(1, 3, 1, 1), thrice=ints(1, 3, 1, 1), rows=ints(0, 0, 1, 2, 4, 4, 4, 7),
        k=numbers(5, 3, 2, 2, scale=0.7), scales=np.array([1, 1, 4, 2], np.float32), same=ints(1, 1, 1, 1),
    )
    random = kept
    return nodes, constants


FAMILIES = dict(
    convolutional=(convolutional, True), transformer=(transformer, True), recurrent=(recurrent, True),
    ensemble=(ensemble, True), smooth=(smooth, True), linear=(linear, True), single=(single, True),
    rank_one=(rank_one, False), depthwise=(depthwise, True), standardized=(standardized, True),
    repeated=(repeated, True),
)


def main():
    expected = {}
    for name, (build, centre) in FAMILIES.items():
        nodes, constants = build()
        if centre:
            nodes, constants = centred(nodes, constants)
        proto = proto_of(name, nodes, constants)
        onnx.save(proto, os.path.join(HERE, name + ".onnx"))
        found = logits(proto, pictures)
        labels = found.argmax(1) if found.shape[1] > 1 else (found[:, 0] > 0).astype(int)
        expected[name] = found[:2].tolist()
        print(f"{name:14} classes of the pictures: {np.bincount(labels)}")
    np.save(os.path.join(HERE, "pictures.npy"), pictures)
    along = numbers(1, 3, 8, 8)
    np.save(os.path.join(HERE, "direction.npy"), along / np.linalg.norm(along))
    with open(os.path.join(HERE, "expected.json"), "w") as file:
        json.dump(expected, file, indent=1)


main()
