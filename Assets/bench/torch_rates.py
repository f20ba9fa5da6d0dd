"""PyTorch's side of `boundaryscope bench`: the same network, the same images, the same jobs.

usage: torch_rates.py FOLDER THREADS

FOLDER holds network.json (layers in order, each with the layers it reads and where its numbers lie), numbers.f32 (all
weights) and images.f32. Every line read, `JOB COUNT RADIUS`, is answered with one line of JSON: the seconds that the
job took on the first COUNT images. The first line written says the versions. The end of the input ends it at once, in
the middle of a job too: whoever asked is gone.
"""
import json
import math
import os
import queue
import sys
import threading
import time

import torch
from torch.nn import functional as F


def load(folder, name, shape=(-1,)):
    path = os.path.join(folder, name)
    return torch.from_file(path, size=os.path.getsize(path) // 4, dtype=torch.float32).clone().reshape(shape)


class Network:
    def __init__(self, folder):
        with open(os.path.join(folder, "network.json")) as file:
            self.plan = json.load(file)
        numbers = load(folder, "numbers.f32")
        self.layers = []
        for layer in self.plan["layers"]:
            arrays = {}
            for name, place in layer.get("arrays", {}).items():
                size = math.prod(place["shape"])
                arrays[name] = numbers[place["start"]:place["start"] + size].reshape(place["shape"]).clone()
            self.layers.append((layer, arrays))
        # Images that go together; as many as were fastest.
        self.batch = self.plan["batch"]

    def __call__(self, x):
        values = [x]
        for layer, arrays in self.layers:
            values.append(self.evaluate(layer, arrays, [values[i + 1] for i in layer["inputs"]]))
        return values[-1].flatten(1)

    def evaluate(self, layer, arrays, inputs):
        kind, x = layer["kind"], inputs[0]
        if kind == "convolution":
            p = layer["padding"]
            if p[0] == p[2] and p[1] == p[3]:
                padding = p[:2]
            else:
                x, padding = F.pad(x, (p[1], p[3], p[0], p[2])), 0
            return F.conv2d(x, arrays["weights"], arrays.get("bias"), layer["strides"], padding, layer["dilations"],
                            layer["groups"])
        if kind == "dense":
            return F.linear(x, arrays["weights"], arrays.get("bias"))
        if kind == "rectifier":
            return F.relu(x)
        if kind in ("maximum", "average"):
            pool = F.max_pool2d if kind == "maximum" else F.avg_pool2d
            return pool(x, layer["kernel"], layer["strides"], layer["padding"][:2])
        if kind == "affine":
            shape = (1, -1) + (1,) * (x.dim() - 2)
            return x * arrays["scale"].reshape(shape) + arrays["shift"].reshape(shape)
        if kind == "sum":
            return inputs[0] + inputs[1]
        if kind == "mean":
            return x.mean(layer["axes"], keepdim=layer["keeps"])
        if kind == "flatten":
            return x.reshape([x.shape[0]] + layer["entry"])
        raise ValueError(kind)


def logits(net, x):
    with torch.no_grad():
        return torch.cat([net(part) for part in x.split(net.batch)])


def margin(y, own):
    """max over j ≠ k of f_j − f_k."""
    return y.scatter(1, own[:, None], -torch.inf).max(1).values - y.gather(1, own[:, None])[:, 0]


def gradients(net, x, own):
    found = []
    for part, k in zip(x.split(net.batch), own.split(net.batch)):
        part = part.clone().requires_grad_(True)
        found.append(torch.autograd.grad(margin(net(part), k).sum(), part)[0])
    return torch.cat(found)


def class_gradients(y, z):
    return torch.stack([torch.autograd.grad(y[:, k].sum(), z, retain_graph=True)[0].flatten(1)
                        for k in range(y.shape[1])], 1)


def secant(net, x, v, own, step=1.0):
    unit = v / v.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
    ahead, behind = gradients(net, x + step * unit, own), gradients(net, x - step * unit, own)
    return (ahead - behind) / (2 * step)


def exact(net, x, v, own):
    for part, along, k in zip(x.split(net.batch), v.split(net.batch), own.split(net.batch)):
        part = part.clone().requires_grad_(True)
        first = torch.autograd.grad(margin(net(part), k).sum(), part, create_graph=True)[0]
        if (first * along).sum().requires_grad:
            torch.autograd.grad((first * along).sum(), part, allow_unused=True)


def deepfool(net, x, limit=50, overshoot=0.02):
    """Batched ℓ2 DeepFool; images that are done leave the batch."""
    total = torch.zeros_like(x)
    for first in range(0, len(x), net.batch):
        own = logits(net, x[first:first + net.batch]).argmax(1)
        active = torch.arange(len(own))
        for _ in range(limit):
            rows = first + active
            z = (x[rows] + (1 + overshoot) * total[rows]).requires_grad_(True)
            y = net(z)
            stays = y.detach().argmax(1) == own[active]
            if not stays.any():
                break
            gradient, index, k = class_gradients(y, z), torch.arange(len(active)), own[active]
            gaps = (y.detach() - y.detach()[index, k, None]).abs()
            normals = gradient - gradient[index, k, None]
            lengths = normals.norm(dim=2)
            distances = gaps / lengths.clamp_min(1e-12)
            distances[index, k] = torch.inf
            nearest = distances.argmin(1)
            step = normals[index, nearest] * ((gaps[index, nearest] + 1e-4) / lengths[index, nearest] ** 2)[:, None]
            total[rows[stays]] += step[stays].view(-1, *x.shape[1:])
            active = active[stays]
    return (1 + overshoot) * total


def deepfool_singly(net, x, limit=50, overshoot=0.02, candidates=10):
    """The published algorithm for one image: returns r with its overshoot, and the linearisations it took.

    Written from its description (Moosavi-Dezfooli et al., CVPR 2016, algorithm 2): the label and the next best classes
    at the clean image; at each step the nearest of the flat boundaries between the label and another class.
    """
    with torch.no_grad():
        order = net(x)[0].argsort(descending=True)[:candidates]
    label, total, point = order[0], torch.zeros_like(x), x
    for iteration in range(limit):
        z = point.clone().requires_grad_(True)
        y = net(z)
        if y[0].argmax() != label:
            return total, iteration
        own = torch.autograd.grad(y[0, label], z, retain_graph=True)[0]
        best, step = math.inf, None
        for k in order[1:]:
            w = torch.autograd.grad(y[0, k], z, retain_graph=True)[0] - own
            gap = abs((y[0, k] - y[0, label]).item())
            distance = gap / w.norm().item()
            if distance < best:
                best, step = distance, (distance + 1e-4) * w / w.norm()
        total = total + step
        point = x + (1 + overshoot) * total
    return (1 + overshoot) * total, limit


def universal_pass(net, x, radius, crossing):
    """One pass of the published algorithm for a universal perturbation: image by image, v projected on its ball."""
    v, clean = torch.zeros_like(x[:1]), logits(net, x).argmax(1)
    for i in torch.randperm(len(x), generator=torch.Generator().manual_seed(0)).tolist():
        with torch.no_grad():
            fooled = net(x[i:i + 1] + v)[0].argmax() != clean[i]
        if not fooled:
            step, used = crossing(net, x[i:i + 1] + v)
            if used < 9:
                v = v + step
                v = v * min(1, radius / v.norm().item())
    return (logits(net, x + v).argmax(1) != clean).float().mean()


def section(net, x, side):
    n = side * side
    s, t = torch.meshgrid(torch.linspace(-2, 2, side), torch.linspace(-2, 2, side), indexing="ij")
    a, b = x[0] / x[0].norm(), x[1] / x[1].norm()
    grid = x[:1] + s.reshape(n, 1, 1, 1) * a + t.reshape(n, 1, 1, 1) * b
    return logits(net, grid)


def average_hessian(net, x, v, own):
    """One product of the average tangent-projected secant Hessian with a vector."""
    g = gradients(net, x, own).flatten(1)
    return lambda: _product(net, x, v[0].flatten(), own, g / g.norm(dim=1, keepdim=True).clamp_min(1e-12))


def _product(net, x, v, own, normal):
    along = v - (normal @ v)[:, None] * normal
    bent = secant(net, x, along.view_as(x), own).flatten(1)
    return (bent - (bent * normal).sum(1, keepdim=True) * normal).mean(0)


def job(net, name, x, v, radius, count):
    own = logits(net, x).argmax(1)
    if name == "forward":
        return lambda: logits(net, x)
    if name == "gradient":
        return lambda: gradients(net, x, own)
    if name == "secant":
        return lambda: secant(net, x, v, own)
    if name == "exact":
        return lambda: exact(net, x, v, own)
    if name == "jacobian":
        def jacobian():
            for part in x.split(net.batch):
                z = part.clone().requires_grad_(True)
                class_gradients(net(z), z)
        return jacobian
    if name == "section":
        side = math.isqrt(count)
        return lambda: section(net, x, side)
    if name == "deepfool":
        return lambda: deepfool(net, x)
    if name == "deepfool-published":
        return lambda: [deepfool_singly(net, x[i:i + 1]) for i in range(len(x))]
    if name == "universal-published":
        return lambda: universal_pass(net, x, radius, lambda f, z: deepfool_singly(f, z, limit=10))
    if name == "universal":
        return lambda: universal_pass(net, x, radius, lambda f, z: (deepfool(f, z, limit=10), 0))
    if name == "averageHessian":
        return average_hessian(net, x, v, own)
    if name == "fooling":
        return lambda: (logits(net, x + v[:1]).argmax(1) != own).float().mean()
    raise ValueError(name)


def batches(largest, count):
    """How many images may go together: the largest batch, and quarters of it down to 16."""
    sizes = [largest]
    while sizes[-1] >= 64:
        sizes.append(sizes[-1] // 4)
    return list(dict.fromkeys(min(size, count) for size in sizes))


def requests():
    lines = queue.SimpleQueue()

    def read():
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield lines.get()


def main():
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    net = Network(folder)
    shape = [-1] + net.plan["image"]
    images = load(folder, "images.f32", shape)
    directions = torch.randn(images.shape, generator=torch.Generator().manual_seed(1))
    print(json.dumps({"torch": torch.__version__, "python": sys.version.split()[0]}), flush=True)
    jobs, taken = {}, {}
    for line in requests():
        name, count, radius = line.split()
        key = (name, count)
        if key not in jobs:
            jobs[key] = job(net, name, images[:int(count)], directions[:int(count)], float(radius),
                            int(count))
            taken[key] = {size: 0.0 for size in batches(net.plan["batch"], int(count))}
        # Each size that was not tried yet, then the fastest.
        net.batch = min(taken[key], key=taken[key].get)
        start = time.perf_counter()
        jobs[key]()
        seconds = time.perf_counter() - start
        taken[key][net.batch] = min(seconds, taken[key][net.batch] or seconds)
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
