"""RNN, GRU and LSTM in all their options, against ONNX Runtime.

    python recurrences.py BINARY

Random weights and sequences; `evaluate` has to give the runtime's outputs within 1e-5 of the largest. The runtime knows
no batch-first layout: there the transposed arrays have to give the same.
"""
import itertools
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
ACTIVATIONS = {
    "RNN": [None, (["Relu"], [], []), (["ScaledTanh"], [1.2], [0.7])],
    "GRU": [None, (["HardSigmoid", "LeakyRelu"], [0.3, 0.1], [0.4])],
    "LSTM": [None, (["HardSigmoid", "Softsign", "Affine"], [0.3, 0.8], [0.4, 0.1])],
}
STEPS, BATCH, INPUTS, SIZE = 5, 3, 4, 6


def cases():
    for kind, direction, optional, layout in itertools.product(
            GATES, ["forward", "reverse", "bidirectional"], [False, True], [0, 1]):
        for activations, clip in itertools.product(ACTIVATIONS[kind], [None, 0.3]):
            for flag in [0] if kind == "RNN" else [0, 1]:
                yield kind, direction, optional, layout, activations, clip, flag


def build(kind, direction, optional, layout, activations, clip, flag, random):
    """The graph with its weights inside, and the names of its outputs."""
    d, g = 2 if direction == "bidirectional" else 1, GATES[kind]
    array = lambda *shape: (0.6 * random.standard_normal(shape)).astype(np.float32)
    weights = {"w": array(d, g * SIZE, INPUTS), "r": array(d, g * SIZE, SIZE)}
    states = []
    if optional:
        weights |= {"b": array(d, 2 * g * SIZE), "lengths": np.array([5, 2, 4], np.int32)}
        states = ["h0", "c0"] if kind == "LSTM" else ["h0"]
        weights |= {s: array(d, BATCH, SIZE) for s in states}
        if kind == "LSTM":
            weights["p"] = array(d, 3 * SIZE)
    if layout:
        weights |= {s: weights[s].transpose(1, 0, 2) for s in states}
    names = ["b", "lengths", "h0", "c0", "p"]
    inputs = ["x", "w", "r"] + [n if n in weights else "" for n in names[: 5 if kind == "LSTM" else 3]]
    outputs = ["y", "h", "c"] if kind == "LSTM" else ["y", "h"]
    attributes = {"hidden_size": SIZE, "direction": direction, "layout": layout}
    if activations:
        attributes["activations"] = activations[0] * d
        attributes["activation_alpha"] = activations[1] * d
        attributes["activation_beta"] = activations[2] * d
    if clip:
        attributes["clip"] = clip
    if flag:
        attributes["linear_before_reset" if kind == "GRU" else "input_forget"] = 1
    shape = [BATCH, STEPS, INPUTS] if layout else [STEPS, BATCH, INPUTS]
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    graph = helper.make_graph(
        [helper.make_node(kind, inputs, outputs, "recurrence", **{k: v for k, v in attributes.items() if v != []})],
        "recurrence", [value("x", shape)], [value(o, None) for o in outputs],
        [onnx.numpy_helper.from_array(v.copy(), n) for n, v in weights.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), outputs


def ours(binary, model, x, outputs, folder):
    onnx.save(model, f"{folder}/m.onnx")
    np.save(f"{folder}/x.npy", x)
    command = [binary, "evaluate", f"{folder}/m.onnx", "--input", f"{folder}/x.npy", "--output", f"{folder}/out"]
    subprocess.run(command, check=True, capture_output=True)
    return [np.load(f"{folder}/out/{o}.npy") for o in outputs]


def main():
    binary = os.path.abspath(sys.argv[1])
    worst, count, bad = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases()):
            layout = case[3]
            model, outputs = build(*case, np.random.default_rng(number))
            plain, _ = build(*case[:3], 0, *case[4:], np.random.default_rng(number))
            x = np.random.default_rng(10_000 + number).standard_normal((STEPS, BATCH, INPUTS)).astype(np.float32)
            expected = onnxruntime.InferenceSession(plain.SerializeToString()).run(outputs, {"x": x})
            results = ours(binary, model, x.transpose(1, 0, 2).copy() if layout else x, outputs, folder)
            if layout:
                expected = [e.transpose(2, 0, 1, 3) if e.ndim == 4 else e.transpose(1, 0, 2) for e in expected]
            error = max(np.abs(r - e).max() / np.abs(e).max() for r, e in zip(results, expected))
            worst, count = max(worst, error), count + 1
            if not error <= 1e-5:
                bad += 1
                print(f"{error:.1e}", *case)
    print(f"{count - bad} of {count} agree, largest relative difference {worst:.1e}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
