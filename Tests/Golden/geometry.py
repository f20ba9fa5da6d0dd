"""Minimal perturbations, the shared curvature and a section against PyTorch in double precision.

    python geometry.py BINARY DATA [--count 100]

Perturbations: the residual |G(z)|/(‖∇G‖·‖r‖) of the boundary point z = x + r, the labels just before and behind it,
and the norm beside DeepFool's. Curvature: vᵀA(v) of the basis that was written, at those points. Section: margins,
labels and the curvature at z, in the plane rebuilt from r and v. Exit status 1 where a bound is passed.
"""
import os
import sys
import tempfile

import numpy as np
import torch

from derivatives import chosen, gradient, lenet, preprocessed, secant
from program import Preprocessing, Program, arguments, bundled, cifar
from rates import deepfool

torch.set_num_threads(1)


class Comparison:
    def __init__(self, a, folder):
        self.program = Program(a.binary, a.threads)
        self.folder = folder
        self.spec = os.path.join(a.data, "cifar10", "data_batch_1.bin")
        self.images = torch.from_numpy(cifar(self.spec, a.count)[0])
        self.failed = []

    def run(self, command, path, *options):
        out = os.path.join(self.folder, f"{command}.npy")
        found, _ = self.program(command, path, "--images", self.spec, "--range", f"0..{len(self.images)}",
                                "--output", out, *options)
        return found, out

    def bound(self, what, value, limit):
        print(f"  {what}: {value:.2e}, at most {limit:.0e}", flush=True)
        if not value <= limit:
            self.failed.append(what)

    def perturbations(self, name, net, single, path, extra):
        found, out = self.run("perturb", path, *extra)
        r, x = torch.from_numpy(np.load(out)).double(), self.images.double()
        length = r.flatten(1).norm(dim=1)
        margin = chosen(net, x, "region")
        z, slope = gradient(net, margin, x + r)
        with torch.no_grad():
            own, value = net(x).argmax(1), margin(net(z))
            before, behind = (net(x + s * r).argmax(1) for s in (0.999, 1.001))
        cosine = (slope * r).flatten(1).sum(1) / slope.flatten(1).norm(dim=1) / length
        print(f"{name}: {found['fooled']} of {found['count']} reached, mean ‖r‖ {length.mean():.4f}, "
              f"DeepFool without landing {deepfool(single, self.images).mean():.4f}")
        self.bound("residual of z", float((value.abs() / slope.flatten(1).norm(dim=1) / length).max()), 1e-4)
        self.bound("share of labels changed at 0.999 r", float((before != own).double().mean()), 0)
        self.bound("share of labels kept at 1.001 r", float((behind == own).double().mean()), 0)
        told = torch.tensor([[e["norm"], e["cosine"]] for e in found["each"]], dtype=torch.float64)
        self.bound("told norms", float((told[:, 0] / length - 1).abs().max()), 1e-5)
        self.bound("told cosines, median", float((told[:, 1] - cosine).abs().median()), 1e-4)
        return x + r

    def curvature(self, net, z, path, step, iterations):
        """z: the boundary points of the same images."""
        found, out = self.run("curvature", path, "--count", len(z), "--step", step, "--iterations", iterations,
                              "--eigenvectors", 3)
        basis = torch.from_numpy(np.load(out)).double()
        gram = basis.flatten(1) @ basis.flatten(1).T
        self.bound("basis, off orthonormal", float((gram - torch.eye(len(basis))).abs().max()), 1e-5)
        margin = chosen(net, self.images.double(), "region")
        normals = gradient(net, margin, z)[1]
        slopes = normals.flatten(1).norm(dim=1)
        normals = normals.flatten(1) / slopes[:, None]

        def operator(v):
            """Pᵢ Hᵢ Pᵢ v / ‖∇Gᵢ‖, averaged; every secant of length h along its own Pᵢ v."""
            tangents = v - (normals @ v)[:, None] * normals
            lengths = tangents.norm(dim=1)
            u = (tangents / lengths[:, None]).view_as(z)
            ahead, behind = (gradient(net, margin, z + s * step * u)[1] for s in (1, -1))
            product = (ahead - behind).flatten(1) * (lengths / (2 * step))[:, None]
            product = product - (product * normals).sum(1, keepdim=True) * normals
            return (product / slopes[:, None]).mean(0)

        expected = torch.tensor([float(v @ operator(v)) for v in basis.flatten(1)])
        told = torch.tensor(found["rayleigh"])
        print(f"  vᵀA(v) told {[round(float(t), 5) for t in told]}, PyTorch {[round(float(e), 5) for e in expected]}")
        self.bound("told Rayleigh quotients", float((told / expected - 1).abs().max()), 1e-3)

    def section(self, net, z, path):
        v = torch.randn(3, 32, 32, generator=torch.Generator().manual_seed(3)).double()
        file = os.path.join(self.folder, "v.npy")
        np.save(file, v.float().numpy())
        found, _ = self.run("section", path, "--index", 0, "--along", file, "--size", "20x20", "--format", "json")
        x = self.images[:1].double()
        r = (z[:1] - x).flatten()
        towards = r / r.norm()
        across = v.flatten() - (v.flatten() @ towards) * towards
        across = across / across.norm()
        s, t = (torch.tensor(found["axes"][k], dtype=torch.float64) for k in "st")
        places = x.flatten() + s[None, :, None] * across + t[:, None, None] * towards
        margin = chosen(net, x, "region")
        with torch.no_grad():
            y = net(places.reshape(-1, 3, 32, 32))
            own = net(x).argmax(1)
            rest = y.clone()
            rest[:, own] = -torch.inf
            expected = (rest.max(1).values - y[:, own[0]]).view(len(t), len(s))
        told = torch.tensor(found["margin"], dtype=torch.float64)
        self.bound("section, margins", float((told - expected).abs().max() / expected.abs().max()), 1e-5)
        clear = expected.abs() > 1e-4
        wrong = torch.tensor(found["label"]) != y.argmax(1).view_as(told)
        self.bound("section, share of wrong labels", float(wrong[clear].double().mean()), 0)
        at, slope = gradient(net, margin, z[:1])
        normal = slope.flatten() / slope.norm()
        u = across - (across @ normal) * normal
        u = (u / u.norm()).view(1, 3, 32, 32)
        kappa = float((u * secant(net, margin, z[:1], u, found["step"])).sum() / slope.norm())
        print(f"  curvature at z told {found['curvature']:.5f}, PyTorch {kappa:.5f}")
        self.bound("section, curvature", abs(found["curvature"] / kappa - 1), 1e-2)


def main():
    a = arguments(__doc__, count=(100, "images"))
    resnet20 = os.path.join(a.data, "models", "cifar10", "derived_akamaster_resnet20.onnx")
    N4 = Preprocessing(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    with tempfile.TemporaryDirectory() as folder:
        compare = Comparison(a, folder)
        small = bundled("lenet-cifar10")
        net = lenet(small)
        z = compare.perturbations("LeNet", net, lenet(small, torch.float32), small, [])
        compare.curvature(net, z, small, 2.4, 10)
        compare.section(net, z, small)
        compare.images = compare.images[:max(4, a.count // 4)]
        compare.perturbations("ResNet-20", preprocessed(resnet20, N4), preprocessed(resnet20, N4, torch.float32), resnet20,
                              N4.options)
    if compare.failed:
        sys.exit("beyond the bound: " + ", ".join(compare.failed))


if __name__ == "__main__":
    main()
