"""The paper's quantities against an independent PyTorch implementation on the same weights and images.

    python paper.py BINARY DATA --oracle ORACLE.py [--count 100] [--judged 500] [--networks lenet,resnet20]

ORACLE.py offers deepfool, to_boundary, Hbar, lanczos and fooling. It looks for its own boundary points and takes its
own secants; bases and perturbations cross over as files. Compared: mean ‖r‖ on the boundary (2 %), Rayleigh quotients of
the program's directions by the oracle's operator (5 %), fooling rates of the program's vectors (0.03), the fooling rate
of the oracle's own first direction beside the program's (printed: both depend on their seeds), K_S at m = 1 (5 %), the
principal angles of two bases and the constants of theorem 1 (1e-4). Exit status 1 where a bound is passed.
"""
import importlib.util
import os
import sys
import tempfile

import numpy as np
import torch

from interpreter import Interpreter
from program import Preprocessing, Program, arguments, bundled, cifar

IMAGENET = Preprocessing("unit", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
# Where the model lies, what it wants done to pixels, and the norm: that at which UAP reaches about 0.8.
NETWORKS = {
    "lenet": (lambda data: bundled("lenet-cifar10"), Preprocessing(), 5.0),
    "resnet20": (lambda data: os.path.join(data, "models", "cifar10", "derived_akamaster_resnet20.onnx"), IMAGENET, 3.0),
}


class Comparison:
    def __init__(self, a, oracle, folder):
        self.a, self.oracle, self.folder = a, oracle, folder
        self.program = Program(a.binary, a.threads)
        self.training = os.path.join(a.data, "cifar10", "data_batch_1.bin")
        self.judged = os.path.join(a.data, "cifar10", "test_dev_5000.bin")
        self.x = torch.from_numpy(cifar(self.training, a.count)[0])
        self.y = torch.from_numpy(cifar(self.judged, a.judged)[0])
        self.failed = []

    def bound(self, what, ours, theirs, limit, relative=True):
        off = abs(ours - theirs) / (abs(theirs) if relative else 1)
        print(f"  {what:46} {ours:9.4f} {theirs:9.4f}   {'off by' if relative else 'apart'} {off:.4f}, at most {limit}",
              flush=True)
        if not off <= limit:
            self.failed.append(what)

    def path(self, name):
        return os.path.join(self.folder, f"{name}.npy")

    def run(self, command, model, images, count, *options):
        return self.program(command, model, "--images", images, "--range", f"0..{count}", *options)[0]

    def boundary(self, net, x):
        """The oracle's boundary points of x, with the labels on both sides."""
        r, k, l, _ = self.oracle.deepfool(net, x)
        reached = k != l
        z = self.oracle.to_boundary(net, x[reached], r[reached], k[reached], l[reached])
        return z, k[reached], l[reached], float((z - x[reached]).flatten(1).norm(dim=1).mean())

    def network(self, name):
        where, preprocessing, radius = NETWORKS[name]
        path = where(self.a.data)
        options = preprocessing.options if preprocessing.mean else []
        reference = Interpreter(path, torch.float32)
        mean, std = (torch.tensor(v or d, dtype=torch.float32).view(1, -1, 1, 1)
                     for v, d in ((preprocessing.mean, (0.0,)), (preprocessing.std, (1.0,))))

        def net(x):
            return reference((x - mean) / std)
        print(f"{name}, ξ = h = {radius}, {len(self.x)} points, {len(self.y)} images judged", flush=True)
        z, k, l, norm = self.boundary(net, self.x)
        found = self.run("perturb", path, self.training, len(self.x), *options)
        self.bound("mean ‖r‖", found["meanNorm"], norm, 0.02)
        self.curvature(net, path, options, radius, z, k, l)
        self.normals(net, path, options)

    def curvature(self, net, path, options, radius, z, k, l):
        a, n = self.oracle, len(self.x)
        ours = self.run("curvature", path, self.training, n, *options, "--count", n, "--step", radius,
                        "--eigenvectors", 5, "--iterations", 40, "--output", self.path("basis"))
        basis = torch.from_numpy(np.load(self.path("basis"))).flatten(1)
        operator = a.Hbar(net, z, k, l, radius, region=True)
        for i in range(5):
            self.bound(f"vᵀA(v) of direction {i + 1}", ours["rayleigh"][i], float(operator(basis[i]) @ basis[i]), 0.05)
        np.save(self.path("v"), basis[0].view(3, 32, 32).numpy())
        rate = self.run("fool", path, self.judged, len(self.y), *options, "--perturbation", self.path("v"), "--radius", radius)
        v = basis[0].view(1, 3, 32, 32)
        self.bound("fooling by direction 1", rate["rate"], a.fooling(net, self.y, radius * v), 0.03, relative=False)
        self.bound("fooling by its opposite", rate["opposite"], a.fooling(net, self.y, -radius * v), 0.03, relative=False)
        _, vectors, _ = a.lanczos(operator, basis.shape[1], 40)
        w = vectors[:, 0].view(1, 3, 32, 32)
        theirs = (a.fooling(net, self.y, radius * w) + a.fooling(net, self.y, -radius * w)) / 2
        print(f"  the oracle's own direction fools {theirs:.3f} (±), the program's {(rate['rate'] + rate['opposite']) / 2:.3f}; "
              f"|cos| {abs(float(w.flatten() @ basis[0])):.3f}")
        few = self.y[:100]
        zy, ky, ly, _ = self.boundary(net, few)
        shape = self.run("shape", path, self.judged, 100, *options, "--basis", self.path("v"), "--dimension", 1,
                         "--step", radius)["curve"][0]
        unseen = a.Hbar(net, zy, ky, ly, radius, region=True)
        tangent = basis[0] - (unseen.n @ basis[0])[:, None] * unseen.n
        each = (unseen.per_image(basis[0]) * basis[0]).sum(1) / (tangent * tangent).sum(1)
        self.bound("K_S/‖∇F‖ at m = 1, mean", shape["meanNormalised"], float(each.mean()), 0.05)
        self.bound("K_S/‖∇F‖ at m = 1, deviation", shape["deviationNormalised"], float(each.std()), 0.05)

    def normals(self, net, path, options):
        n = len(self.x)
        ours = self.run("normals", path, self.training, n, *options, "--vectors", 20, "--output", self.path("normals"))
        r, k, l, _ = self.oracle.deepfool(net, self.x)
        unit = r[k != l].flatten(1)
        values = torch.linalg.svdvals(unit / unit.norm(dim=1, keepdim=True))
        self.bound("first singular value of the normals", ours["singularValues"][0], float(values[0]), 0.02)
        angles = self.program("angles", self.path("normals"), self.path("basis"))[0]
        u, w = (np.load(self.path(p)).reshape(-1, 3072).astype(np.float64) for p in ("normals", "basis"))
        expected = np.linalg.svd(u @ w.T, compute_uv=False)
        self.bound("largest cosine of S_f and S_c", angles["cosines"][0], float(expected[0]), 1e-4)
        self.theorem(net, path, options, u)

    def theorem(self, net, path, options, u):
        delta, count = 0.2, 100
        found = self.run("bounds", path, self.judged, count, *options, "--normals", self.path("normals"), "--basis",
                         self.path("basis"), "--dimension", "20,5", "--step", 1, "--delta", delta, "--draws", 2)
        flat = found["theorem1"][0]
        printed = np.sqrt(np.e * 20) / (delta * (1 - flat["xi"])) * found["norm"]
        self.bound("theorem 1 as printed, m = 20", flat["printed"], float(printed), 1e-4)
        r, k, l, _ = self.oracle.deepfool(net, self.y[:count])
        r = r[k != l].flatten(1).double().numpy()
        shares = np.sort(np.linalg.norm(r @ u.T, axis=1) / np.linalg.norm(r, axis=1))
        xi = 1 - shares[int(np.ceil(0.05 * len(shares))) - 1]
        self.bound("ξ at m = 20", flat["xi"], float(xi), 0.02, relative=False)


def main():
    a = arguments(__doc__, oracle=("", "file of the independent implementation"), count=(100, "boundary points"),
                  judged=(500, "images judged"), networks=("lenet,resnet20", "which"))
    if not os.path.exists(a.oracle):
        sys.exit("--oracle names no file: an independent implementation is needed")
    spec = importlib.util.spec_from_file_location("oracle", a.oracle)
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(a, oracle, folder)
        for name in a.networks.split(","):
            comparison.network(name)
    if comparison.failed:
        sys.exit("out of bounds: " + "; ".join(comparison.failed))


if __name__ == "__main__":
    main()
