"""Writes small classifiers at the edge of what a classifier is, and pictures for them.

python make_degenerate.py    (needs onnx, numpy; the seed is fixed)

tied       two of four classes have the same weights, so that they tie wherever either has the largest logit
constant   the last layer's weights are zero: equal logits for all images
dead       no unit of the only ReLU is ever active, which is constant too, though no weight is zero
one_class  a softmax of one number
pixel      one grey pixel x, logits x − 1/2 and 1/2 − x: d = 1, and the boundary is at 1/2
pixels     three pixels, d = 3, smooth
not_finite a logarithm of numbers that may be negative
"""

import os

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper as nh

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(26)


def save(name, entry, nodes, constants):
    graph = h.make_graph(
        [h.make_node(kind, inputs.split(), [output], **more) for kind, inputs, output, more in nodes],
        name,
        [h.make_tensor_value_info("x", T.FLOAT, ["N", *entry])],
        [h.make_tensor_value_info("y", T.FLOAT, None)],
        [nh.from_array(np.asarray(a, np.float32), n) for n, a in constants.items()],
    )
    proto = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    onnx.save(proto, os.path.join(HERE, f"{name}.onnx"))


def layers(name, entry, w1, b1, w2, b2, between="Relu"):
    save(
        name, entry,
        [
            ("Flatten", "x", "f", {}), ("Gemm", "f w1 b1", "a", dict(transB=1)), (between, "a", "r", {}),
            ("Gemm", "r w2 b2", "y", dict(transB=1)),
        ],
        dict(w1=w1, b1=b1, w2=w2, b2=b2),
    )


def numbers(*shape, scale=1.0):
    return (random.standard_normal(shape) * scale).astype(np.float16).astype(np.float32)


def pictures(count, *entry):
    return (random.integers(0, 256, (count, *entry)) / 255).astype(np.float32)


ENTRY = (3, 8, 8)
w1, b1, w2 = numbers(4, 192, scale=0.15), numbers(4, scale=0.3), numbers(4, 4)
w1 -= w1.mean(1, keepdims=True)
twins = np.concatenate([w2[:1], w2[:3]])
some = [0.1, 0.5, 0.3, 0.2]
layers("tied", ENTRY, w1, b1, twins, [0.2, 0.2, 0.1, 0])
layers("constant", ENTRY, w1, b1, 0 * w2, some)
layers("dead", ENTRY, w1, b1 - 100, w2, some)
layers("not_finite", ENTRY, w1, b1, w2, [0, 0, 0, 0], between="Log")
save("one_class", ENTRY,
     [("Flatten", "x", "f", {}), ("Gemm", "f w b", "z", dict(transB=1)), ("Softmax", "z", "y", {})],
     dict(w=w1[:1], b=[0]))
save("pixel", (1, 1, 1), [("Flatten", "x", "f", {}), ("Gemm", "f w b", "y", dict(transB=1))],
     dict(w=[[1], [-1]], b=[-0.5, 0.5]))
layers("pixels", (3, 1, 1), numbers(6, 3, scale=2), numbers(6), numbers(3, 6), [0, 0, 0], between="Tanh")
for name, entry, count in (("pictures", ENTRY, 24), ("one", ENTRY, 1), ("none", ENTRY, 0), ("greys", (1, 1, 1), 24),
                           ("triples", (3, 1, 1), 24)):
    np.save(os.path.join(HERE, f"{name}.npy"), pictures(count, *entry))
np.save(os.path.join(HERE, "equal.npy"), np.repeat(pictures(1, *ENTRY), 24, 0))
