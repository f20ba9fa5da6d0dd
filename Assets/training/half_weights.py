"""Stores a network's weights in half precision: each float32 initializer becomes float16 followed by a Cast.

    python half_weights.py lenet.onnx ../models/lenet.onnx
    python half_weights.py lenet.onnx ../models/lenet.onnx --images test.npy

The arithmetic stays float32. Small initializers, such as means and deviations of the normalisation, stay as they are.
With --images (N x C x H x W in [0, 1], labels beside it in .labels.npy) both networks run and are compared.
"""
import argparse

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 32


def halved(model):
    graph = model.graph
    casts, kept = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < SMALLEST:
            kept.append(tensor)
            continue
        if np.abs(values).max() > np.finfo(np.float16).max:
            raise SystemExit(f"{tensor.name} exceeds the range of half precision")
        kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + ".half"))
        casts.append(helper.make_node("Cast", [tensor.name + ".half"], [tensor.name], to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    del graph.value_info[:]
    model.doc_string = ""
    onnx.checker.check_model(model)
    return model


def logits(path, images):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return np.concatenate([session.run(None, {name: images[i:i + 250]})[0] for i in range(0, len(images), 250)])


def compare(full, half, images, labels):
    a, b = logits(full, images), logits(half, images)
    lead = lambda z: np.diff(np.sort(z, 1)[:, -2:], axis=1)[:, 0]
    print(f"accuracy {np.mean(a.argmax(1) == labels):.4f} -> {np.mean(b.argmax(1) == labels):.4f} "
          f"({np.sum(a.argmax(1) != b.argmax(1))} of {len(a)} labels differ)")
    print(f"largest logit difference {np.abs(a - b).max():.2e}, relative to the largest logit "
          f"{np.abs(a - b).max() / np.abs(a).max():.2e}")
    print(f"mean lead of the first class {lead(a).mean():.4f} -> {lead(b).mean():.4f}, "
          f"mean change {np.abs(lead(a) - lead(b)).mean():.2e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--images")
    options = parser.parse_args()
    onnx.save(halved(onnx.load(options.source)), options.target)
    if options.images:
        labels = np.load(options.images.removesuffix(".npy") + ".labels.npy").astype(int)
        compare(options.source, options.target, np.load(options.images).astype(np.float32), labels)


if __name__ == "__main__":
    main()
