"""Operators of exporters, of ONNX Runtime's optimiser and of quantisers, against ONNX Runtime.

    python operators.py BINARY [NAME ...]

Each case is an image of 3×8×8, the operators, and a dense layer of four scores. The program's logits of four images,
alone and together, have to be the runtime's within 1e-4 of the largest; its gradients the runtime's differences within
2e-2, unless the operators jump or round. QLinearAveragePool may round a tie the other way.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
random = np.random.default_rng(0)
IMAGES = (random.integers(0, 256, (4, 3, 8, 8)) / 255).astype(np.float32)
CASES = {}


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


def small(*shape, width=60):
    return random.integers(-width, width, shape).astype(np.int8)


def node(kind, inputs, outputs, domain="", **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), domain=domain, **attributes)


def case(name, nodes, width=192, opset=17, jumps=False, tolerance=1e-4, **constants):
    """Operators from x to z, which has so many elements."""
    CASES[name] = nodes, width, opset, jumps, tolerance, constants


def arithmetic():
    scaled = [node("Mul", "x k", "a")]
    for kind in ["Sign", "Floor", "Ceil", "Round"]:
        case(kind, scaled + [node(kind, "a", "b"), node("Add", "b x", "z")], jumps=True, k=np.float32(7.3))
    case("Mod", scaled + [node("Sub", "a m", "b"), node("Mod", "b m", "z", fmod=1)], jumps=True, k=np.float32(7.3),
         m=np.float32(1.3))
    case("CumSum", [node("CumSum", "x axis", "z", exclusive=1, reverse=1)], axis=np.array(2))
    case("CumSum of the batch", [node("CumSum", "x axis", "z")], axis=np.array(0))
    case("TopK", [node("TopK", "x k", "z i", axis=3)], 72, k=np.array([3]), jumps=True)
    case("TopK smallest", [node("TopK", "x k", "z i", axis=1, largest=0)], 128, k=np.array([2]), jumps=True)


def grids():
    affine = 1.6 * (normal(1, 2, 3) * 0.3 + np.array([[[1, 0, 0], [0, 1, 0]]], np.float32))
    for mode in ["linear", "nearest", "cubic"]:
        for padding in ["zeros", "border", "reflection"]:
            for corners in [0, 1]:
                nodes = [node("AffineGrid", "t size", "g", align_corners=corners),
                         node("GridSample", "x g", "z", mode=mode, padding_mode=padding, align_corners=corners)]
                case(f"GridSample {mode} {padding} {corners}", nodes, opset=20, t=affine, size=np.array([1, 3, 8, 8]))
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "a"), node("Add", "a b", "c"), node("Reshape", "c s", "t"),
             node("AffineGrid", "t size", "g"), node("GridSample", "x g", "z")]
    case("spatial transformer", nodes, opset=20, w=normal(192, 6) * 0.01, s=np.array([-1, 2, 3]),
         b=np.array([1, 0, 0.1, 0, 1, -0.1], np.float32), size=np.array([1, 3, 8, 8]))


def rearrangements():
    turned = node("Transpose", "x", "t", perm=[2, 3, 0, 1])
    back = node("Transpose", "g", "z", perm=[2, 3, 0, 1])
    case("GatherND transposed", [turned, node("GatherND", "t i", "g"), back], 12,
         i=np.array([[[0, 0], [0, 7]], [[7, 0], [7, -1]]]))
    case("GatherND batch_dims", [node("GatherND", "x i", "z", batch_dims=1)], 24,
         i=np.array([[[0, 1], [2, 3], [1, 1]]]))
    case("GatherElements", [node("GatherElements", "x i", "z", axis=2)], 96, i=random.integers(0, 8, (1, 3, 4, 8)))
    window = dict(kernel_shape=[40, 40], strides=[40, 40], ceil_mode=1)
    case("AveragePool beyond", [node("AveragePool", "x", "z", count_include_pad=1, **window)], 3)
    case("MaxPool beyond", [node("MaxPool", "x", "z", **window)], 3, jumps=True)
    heads = [node("Reshape", "x s", "a"), node("Transpose", "a", "b", perm=[2, 0, 3, 1, 4])]
    mixed = [node("Transpose", "k", "kt", perm=[0, 1, 3, 2]), node("MatMul", "q kt", "sc"),
             node("Softmax", "sc", "sm", axis=-1), node("MatMul", "sm v", "z")]
    gathers = [node("Gather", f"b i{n}", name, axis=0) for n, name in enumerate("qkv")]
    case("heads by Gather", heads + gathers + mixed, 64, s=np.array([0, 4, 3, 2, 8]),
         **{f"i{n}": np.array(n) for n in range(3)})
    split = [node("Split", "b", "q1 k1 v1", axis=0)] + [node("Squeeze", f"{n}1 zero", n) for n in "qkv"]
    case("heads by Split", heads + split + mixed, 64, s=np.array([0, 4, 3, 2, 8]), zero=np.array([0]))
    case("class token", [node("Reshape", "x s", "a"), node("Concat", "t a", "z", axis=1)], 195,
         s=np.array([0, 64, 3]), t=normal(1, 1, 3))


def fused():
    rows = [node("Reshape", "x s", "r"), node("Tanh", "r", "r2")]
    shape = dict(s=np.array([0, 12, 16]))
    for kind in ["Gelu", "QuickGelu"]:
        case(kind, [node(kind, "x", "z", MICROSOFT)])
    for kind in ["BiasGelu", "FastGelu"]:
        case(kind, [node("Flatten", "x", "f"), node(kind, "f b", "z", MICROSOFT)], b=normal(192))
    pads = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("FusedConv", [node("FusedConv", "x w b", "z", MICROSOFT, activation="LeakyRelu", activation_params=[0.2], **pads)],
         w=normal(3, 3, 3, 3), b=normal(3))
    case("FusedConv of a sum", [node("FusedConv", "x w b x", "z", MICROSOFT, activation="Relu", **pads)],
         w=normal(3, 3, 3, 3), b=normal(3))
    case("FusedMatMul", [node("FusedMatMul", "x w", "z", MICROSOFT, transA=1, transB=1, alpha=0.3)], w=normal(8, 8))
    case("FusedGemm", [node("Flatten", "x", "f"), node("FusedGemm", "f w b", "z", MICROSOFT, activation="Relu", transB=1)],
         30, w=normal(30, 192), b=normal(30))
    case("SkipLayerNormalization", rows + [node("SkipLayerNormalization", "r r2 g b c", "z", MICROSOFT, epsilon=1e-5)],
         g=normal(16), b=normal(16), c=normal(16), **shape)
    case("SimplifiedLayerNormalization", rows + [node("SimplifiedLayerNormalization", "r g", "z", epsilon=1e-5)],
         g=normal(16), **shape)
    for one_way in [0, 1]:
        case(f"Attention {one_way}",
             rows + [node("Attention", "r w b", "z", MICROSOFT, num_heads=4, unidirectional=one_way)],
             w=normal(16, 48) * 0.3, b=normal(48), **shape)
    case("MultiHeadAttention", rows + [node("MultiHeadAttention", "r r2 r b", "z", MICROSOFT, num_heads=4)],
         b=normal(48), **shape)
    angles = np.outer(np.arange(12), 1 / 10 ** np.arange(2)).astype(np.float32)
    for interleaved in [0, 1]:
        case(f"RotaryEmbedding {interleaved}",
             rows + [node("RotaryEmbedding", "r p c s2", "z", MICROSOFT, interleaved=interleaved)],
             p=np.arange(12)[None], c=np.cos(angles), s2=np.sin(angles), **shape)


def quantised():
    known = dict(sx=np.float32(0.0123), zx=np.uint8(17), sy=np.float32(0.021), zy=np.uint8(31))
    q, d = node("QuantizeLinear", "x sx zx", "q"), node("DequantizeLinear", "c sy zy", "z")
    case("QuantizeLinear", [q, node("DequantizeLinear", "q sx zx", "z")], jumps=True, **known)
    case("QuantizeLinear of channels",
         [node("QuantizeLinear", "x s3 z3", "q"), node("DequantizeLinear", "q s3 z3", "z")], jumps=True,
         s3=np.array([0.01, 0.02, 0.005], np.float32), z3=np.array([0, 100, -4], np.int8))
    weights = dict(w=small(5, 3, 3, 3), sw=np.array([0.01, 0.02, 0.005, 0.01, 0.03], np.float32), zw=np.zeros(5, np.int8),
                   b=random.integers(-5000, 5000, 5).astype(np.int32))
    case("QLinearConv", [q, node("QLinearConv", "q sx zx w sw zw sy zy b", "c", pads=[1, 1, 1, 1]), d], 320, jumps=True,
         **known, **weights)
    flat = [node("Flatten", "x", "f"), node("QuantizeLinear", "f sx zx", "q")]
    dense = dict(w=small(192, 20), sw=np.float32(0.01), zw=np.int8(0))
    case("QLinearMatMul", flat + [node("QLinearMatMul", "q sx zx w sw zw sy zy", "c"), d], 20, jumps=True, **known, **dense)
    turned = dict(dense, w=small(20, 192), b=random.integers(-5000, 5000, 20).astype(np.int32))
    case("QGemm", flat + [node("QGemm", "q sx zx w sw zw b sy zy", "c", MICROSOFT, transB=1), d], 20, jumps=True, **known,
         **turned)
    ranged = [node("DynamicQuantizeLinear", "x", "q s0 z0")]
    case("DynamicQuantizeLinear", ranged + [node("DequantizeLinear", "q s0 z0", "z")], jumps=True)
    floats = [node("Cast", "i", "j", to=TensorProto.FLOAT), node("Mul", "j s0", "z")]
    case("ConvInteger", ranged + [node("ConvInteger", "q w z0", "i", pads=[1, 1, 1, 1])] + floats, 320, jumps=True,
         w=weights["w"])
    case("MatMulInteger", ranged + [node("Flatten", "q", "q2"), node("MatMulInteger", "q2 w z0", "i")] + floats, 20,
         jumps=True, w=dense["w"])
    for kind, inputs, width, attributes in [
            ("Add", "q sx zx q sx zx sy zy", 192, {}), ("Mul", "q sx zx q sx zx sy zy", 192, {}),
            ("Sigmoid", "q sx zx sy zy", 192, {}), ("LeakyRelu", "q sx zx sy zy", 192, dict(alpha=0.1)),
            ("GlobalAveragePool", "q sx zx sy zy", 3, {}), ("Concat", "sy zy q sx zx q sx zx", 384, dict(axis=1)),
            ("AveragePool", "q sx zx sy zy", 48, dict(kernel_shape=[2, 2], strides=[2, 2]))]:
        case(f"QLinear{kind}", [q, node(f"QLinear{kind}", inputs, "c", MICROSOFT, **attributes), d], width, jumps=True,
             tolerance=2e-2 if kind == "AveragePool" else 1e-4, **known)


def save(path, nodes, width, opset, constants):
    constants = dict(constants, dense=np.random.default_rng(width).standard_normal((width, 4)).astype(np.float32) * 0.2)
    nodes = nodes + [node("Flatten", "z", "flat"), node("MatMul", "flat dense", "y")]
    graph = helper.make_graph(
        nodes, "case", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(a), k) for k, a in constants.items()])
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)


def program(binary, *arguments):
    done = subprocess.run([binary, *arguments, "--json", "--quiet", "--no-cache"], capture_output=True, text=True)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return json.loads(done.stdout)


def judge(binary, path, jumps):
    """The worst difference of the logits, and of the gradients along a direction."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options)
    runtime = lambda x: np.concatenate([session.run(None, {"x": v[None].astype(np.float32)})[0] for v in x])
    right = runtime(IMAGES)
    error = 0
    for file, part in [("images.npy", slice(None)), ("one.npy", slice(2, 3))]:
        found = program(binary, "predict", path, "--images", file, "--logits")["predictions"]
        difference = np.abs(np.array([p["logits"] for p in found]) - right[part]).max()
        error = max(error, difference / np.abs(right).max())
    if jumps:
        return error, 0
    program(binary, "derive", path, "--images", "images.npy", "--margin", "pair:0,1", "--order", "gradient", "--output", "g.npy")
    along = np.random.default_rng(1).standard_normal(IMAGES.shape)
    along /= np.sqrt((along ** 2).sum((1, 2, 3), keepdims=True))
    margin = lambda x: np.subtract(*runtime(x).astype(float).T[[1, 0]])
    slopes = (margin(IMAGES + 2e-3 * along) - margin(IMAGES - 2e-3 * along)) / 4e-3
    return error, np.abs(slopes - (np.load("g.npy") * along).sum((1, 2, 3))).max() / max(1e-2, np.abs(slopes).max())


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    for family in [arithmetic, grids, rearrangements, fused, quantised]:
        family()
    os.chdir(tempfile.mkdtemp())
    np.save("images.npy", IMAGES)
    np.save("one.npy", IMAGES[2:3])
    wrong = []
    for name, (nodes, width, opset, jumps, tolerance, constants) in CASES.items():
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        save("case.onnx", nodes, width, opset, constants)
        try:
            logits, gradients = judge(binary, "case.onnx", jumps)
            print(f"{name:36} logits {logits:.1e}" + ("" if jumps else f"  gradients {gradients:.1e}"))
            if logits > tolerance or gradients > 2e-2:
                wrong.append(name)
        except ValueError as error:
            print(f"{name:36} {error}")
            wrong.append(name)
    if wrong:
        sys.exit(f"{len(wrong)} of {len(CASES)} are not right: {', '.join(wrong)}")


main()
