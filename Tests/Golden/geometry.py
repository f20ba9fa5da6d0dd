"""Minimal perturbations, the shared curvature and a section against PyTorch in double precision.

    python geometry.py BINARY DATA [--count 100]

Perturbations: the residual |G(z)|/(‖∇G‖·‖r‖) of the boundary point z = x + r, the labels just before and behind it,
and the norm beside DeepFool's. Curvature: vᵀA(v) of the basis that was written, at those points. Section: margins,
labels and the normal curvature at z, in the plane rebuilt from r and v; the curvature of the drawn curve against the
boundary itself, traced in double precision over the same width, and where a network has no kinks against wᵀHw/‖ΠG‖ and the
trace's limit. Exit status 1 where a bound is passed.
"""
import os
import sys
import tempfile

import numpy as np
import torch

from derivatives import chosen, gradient, lenet, preprocessed, secant
from interpreter import Interpreter
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


class Curve:
    """The boundary of class `own` in the plane of unit vectors `across` and `towards` through x, around z = x + r."""

    def __init__(self, net, x, r, v):
        self.net, self.shape = net, x.shape
        with torch.no_grad():
            self.own = int(net(x).argmax())
        self.x, self.norm = x.flatten(), float(r.norm())
        self.towards = r.flatten() / r.norm()
        across = v.flatten().double() - (v.flatten().double() @ self.towards) * self.towards
        self.across = across / across.norm()
        self.z = self.root(lambda t: self.x + t * self.towards, 0, 1.01 * self.norm)
        _, slope = gradient(net, self.margin, (self.x + self.z * self.towards).view(self.shape))
        g = slope.flatten()
        self.slope = np.array([float(g @ self.across), float(g @ self.towards)])
        self.normal = self.slope / np.linalg.norm(self.slope)
        self.normal_cosine = float(g @ self.towards / g.norm())

    def margin(self, y):
        rest = y.clone()
        rest[:, self.own] = -torch.inf
        return rest.max(1).values - y[:, self.own]

    def values(self, places):
        with torch.no_grad():
            return self.margin(self.net(places.view(-1, *self.shape[1:])))

    def root(self, place, low, high, count=60):
        """Where the margin changes sign between an argument inside and one beyond."""
        for _ in range(count):
            middle = (low + high) / 2
            low, high = (low, middle) if float(self.values(place(middle))[0]) >= 0 else (middle, high)
        return (low + high) / 2

    def vector(self, s, t):
        return s * self.across + t * self.towards

    def fit(self, width, count=8):
        """K of y = b·x − K·(x² + y²)/2 over ± width along the tangent, and the residual's share of the sagitta."""
        n, w = self.vector(*self.normal), self.vector(self.normal[1], -self.normal[0])
        z, places = self.x + self.z * self.towards, []
        for sign in (-1, 1):
            last, before = 0.0, None
            for i in range(1, count + 1):
                x = sign * width * i / count
                guess = last if before is None else 2 * last - before
                offsets = np.array([-8, -4, -2, -1, -0.5, 0, 0.5, 1, 2, 4, 8]) * width / count + guess
                at = torch.stack([z + x * w + float(y) * n for y in offsets])
                over = (self.values(at) >= 0).numpy()
                changes = [j for j in range(len(offsets) - 1) if over[j] != over[j + 1]]
                if not changes:
                    return None
                j = min(changes, key=lambda j: abs(offsets[j] + offsets[j + 1] - 2 * guess))
                ends = (offsets[j], offsets[j + 1]) if over[j + 1] else (offsets[j + 1], offsets[j])
                before, last = last, self.root(lambda y: z + x * w + y * n, *ends)
                places.append((x, last))
        x, y = np.array(places).T
        (b, k), *_ = np.linalg.lstsq(np.stack([x, -(x * x + y * y) / 2], 1), y, rcond=None)
        return k / np.sqrt(1 + b * b)

    def limit(self):
        """wᵀHw/‖ΠG‖ by double back-propagation."""
        w = self.vector(self.normal[1], -self.normal[0]).view(self.shape)
        x = (self.x + self.z * self.towards).view(self.shape).detach().requires_grad_(True)
        g, = torch.autograd.grad(self.margin(self.net(x)).sum(), x, create_graph=True)
        h, = torch.autograd.grad((g * w).sum(), x)
        return float((h * w).sum() / np.linalg.norm(self.slope))


def curves(compare, name, net, path, images, product, count):
    """planeCurvature of the first images along random directions, with the boundary traced in double precision."""
    out = os.path.join(compare.folder, "r.npy")
    compare.program("perturb", path, *images.options, "--range", f"0..{count}", "--output", out)
    r, rows = torch.from_numpy(np.load(out)).double(), []
    for i in range(count):
        v = torch.randn(3, 32, 32, generator=torch.Generator().manual_seed(100 + i))
        file = os.path.join(compare.folder, "v.npy")
        np.save(file, v.numpy())
        found, _ = compare.program("section", path, *images.options, "--index", i, "--along", file, "--size", "2x2",
                                   "--format", "json", *product)
        curve = Curve(net, images.tensor[i:i + 1].double(), r[i:i + 1], v)
        told, width = found["planeCurvature"], found["planeStep"]
        if told is None:
            continue
        exact = curve.limit() if width is None else curve.fit(width)
        near = curve.fit(0.02 * curve.norm) if width is None else exact
        if exact is None or near is None:
            continue
        rows.append((told, exact, near, curve.norm, abs(found["cosine"] - curve.normal_cosine), found["curvature"]))
    told, exact, near, norm, cosine, normal = np.array(rows).T
    print(f"{name}: κ of {len(rows)} drawn curves at z, told, in double precision, and of the normal section: "
          + "; ".join(f"{a:.3f} {b:.3f} {c:.3f}" for a, b, c in zip(told[:6], exact, normal)))
    # A curvature is told to a share of itself, or to a share of 1/‖r‖, beyond which nothing is seen.
    compare.bound(f"{name}, κ of the curve", float((np.abs(told - exact) / np.maximum(np.abs(exact), 0.1 / norm)).max()), 2e-2)
    compare.bound(f"{name}, κ of the curve near z", float((np.abs(exact - near) / np.maximum(np.abs(exact), 0.1 / norm)).max()), 5e-2)
    compare.bound(f"{name}, cos(r, ∇G)", float(np.median(cosine)), 1e-3)


class Images:
    """Images, and the options that name them."""

    def __init__(self, options, tensor):
        self.options, self.tensor = options, tensor


def main():
    a = arguments(__doc__, count=(100, "images"), curves=(12, "drawn curves of each network"))
    resnet20 = os.path.join(a.data, "models", "cifar10", "derived_akamaster_resnet20.onnx")
    N4 = Preprocessing(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    with tempfile.TemporaryDirectory() as folder:
        compare = Comparison(a, folder)
        small = bundled("lenet-cifar10")
        net = lenet(small)
        z = compare.perturbations("LeNet", net, lenet(small, torch.float32), small, [])
        compare.curvature(net, z, small, 2.4, 10)
        compare.section(net, z, small)
        records = Images(["--images", compare.spec], compare.images)
        curves(compare, "LeNet", net, small, records, ["--product", "secant", "--step", "2.4"], a.curves)
        smooth = bundled("smooth-shapes")
        curves(compare, "smooth", Interpreter(smooth), smooth, records, ["--product", "exact"], a.curves)
        curves(compare, "smooth, fitted", Interpreter(smooth), smooth, records, ["--product", "secant", "--step", "1"],
               a.curves)
        compare.images = compare.images[:max(4, a.count // 4)]
        compare.perturbations("ResNet-20", preprocessed(resnet20, N4), preprocessed(resnet20, N4, torch.float32), resnet20,
                              N4.options)
    if compare.failed:
        sys.exit("beyond the bound: " + ", ".join(compare.failed))


if __name__ == "__main__":
    main()
