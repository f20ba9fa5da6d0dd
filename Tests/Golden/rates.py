"""Images a second of the CIFAR-10 LeNet: the program and PyTorch in turn, the best of several rounds.

    python rates.py BINARY DATA --threads 2 [--rounds 3]

A rate of the program is taken from the difference between a long and a short run, so that neither its start nor the
reading of the model counts. Minimal perturbations are DeepFool's (overshoot 0.02), which the program also lands on the
boundary; their norms stand beside the rates.
"""
import os
import time

import torch

from derivatives import lenet
from program import Program, arguments, bundled, cifar


def forward(net, x):
    with torch.no_grad():
        return torch.cat([net(part) for part in x.split(256)])


def gradient(net, x):
    for part in x.split(256):
        part = part.clone().requires_grad_(True)
        y = net(part)
        own = y.detach().argmax(1, keepdim=True)
        margin = y.scatter(1, own, -torch.inf).max(1).values - y.gather(1, own)[:, 0]
        torch.autograd.grad(margin.sum(), part)


def jacobian(net, x):
    for part in x.split(256):
        part = part.clone().requires_grad_(True)
        y = net(part)
        for k in range(y.shape[1]):
            torch.autograd.grad(y[:, k].sum(), part, retain_graph=True)


def deepfool(net, x, limit=50, overshoot=0.02):
    """The ℓ2 norms of the minimal perturbations of a batch, every image stopping for itself."""
    own = forward(net, x).argmax(1)
    total, active = torch.zeros_like(x), torch.arange(len(x))
    for _ in range(limit):
        z = (x[active] + (1 + overshoot) * total[active]).requires_grad_(True)
        y = net(z)
        stays = y.detach().argmax(1) == own[active]
        if not stays.any():
            break
        rows = torch.stack([torch.autograd.grad(y[:, k].sum(), z, retain_graph=True)[0].flatten(1)
                            for k in range(y.shape[1])], 1)
        index, k = torch.arange(len(active)), own[active]
        gaps = (y.detach() - y.detach()[index, k, None]).abs()
        normals = rows - rows[index, k, None]
        lengths = normals.norm(dim=2)
        distances = gaps / lengths.clamp_min(1e-12)
        distances[index, k] = torch.inf
        nearest = distances.argmin(1)
        step = normals[index, nearest] * ((gaps[index, nearest] + 1e-4) / lengths[index, nearest] ** 2)[:, None]
        total[active[stays]] += step[stays].view(-1, *x.shape[1:])
        active = active[stays]
    return total.flatten(1).norm(dim=1)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    a = arguments(__doc__, rounds=(3, "rounds, the best of which counts"))
    threads = a.threads or os.cpu_count()
    torch.set_num_threads(threads)
    program = Program(a.binary, threads)
    spec = os.path.join(a.data, "cifar10", "test_dev_5000.bin")
    net, images = lenet(bundled("lenet-cifar10"), torch.float32), torch.from_numpy(cifar(spec)[0])

    def ours(count, command, *options):
        return program(command, "lenet-cifar10", "--images", spec, "--range", f"0..{count}", *options)

    jobs = [("forward", 100, 5000, ["predict"], forward), ("gradient", 100, 2500, ["derive"], gradient),
            ("Jacobian", 20, 500, ["derive", "--order", "jacobian"], jacobian),
            ("DeepFool", 20, 1000, ["perturb"], deepfool)]
    print(f"{threads} threads, images a second\n{'job':10} {'images':>6} {'ours':>9} {'PyTorch':>9} {'ratio':>6}")
    for name, short, long, command, torchs in jobs:
        best = [0.0, 0.0]
        for _ in range(a.rounds):
            few, many = (ours(n, *command)[1] for n in (short, long))
            best[0] = max(best[0], (long - short) / max(many - few, 1e-9))
            best[1] = max(best[1], long / seconds(lambda: torchs(net, images[:long])))
        print(f"{name:10} {long:6} {best[0]:9.0f} {best[1]:9.0f} {best[0] / best[1]:6.2f}", flush=True)
    found, _ = ours(1000, "perturb")
    norms = deepfool(net, images[:1000])
    print(f"mean ‖r‖ of 1000: ours {found['meanNorm']:.4f} on the boundary, PyTorch {norms.mean():.4f} "
          f"({1.02 * norms.mean():.4f} with the overshoot); ours fooled {found['fooled']}, "
          f"residual at most {found['maxResidual']:.1e}, mean cosine {found['meanCosine']:.4f}")


if __name__ == "__main__":
    main()
