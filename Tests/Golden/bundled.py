"""What each bundled network shows: accuracy and logits beside ONNX Runtime, and who fools it best.

    python bundled.py BINARY DATA [--judged 1000] [--walked 1000] [--models lenet-shapes,smooth-shapes]
                      [--radii 1.0,1.5,2.0] [--baselines gradient,singular]

The norm ξ is found for each network on training images alone: the smallest multiple of R_0.8/20 at which the published
UAP fools 0.8 of them. Everything is learnt on training images (100 for curvature and normals, `walked` for UAP) and
judged on others. A name that ends in .onnx is a file, with its profile beside it. Rates are those of v with the sign that fools more training images; random is the mean of five seeds.
S_c is the first vector of the Lanczos iteration, "ascent" what twenty gradient steps make of its first five. With
--radii those norms are taken instead, with --baselines gradient,singular other methods beside. Exit status 1 where
S_c > S_f > random or ascent ≥ UAP fails by more than the 95 % interval, or where logits differ.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime

from program import Program, arguments, bundled, cifar

CURVATURE, ASCENT, UAP, NORMALS, RANDOM = "curvature", "ascent", "uap", "normals", "random"


class Network:
    def __init__(self, a, name):
        self.program, self.model = Program(a.binary, a.threads), name
        self.path = name if name.endswith(".onnx") else bundled(name)
        self.name = os.path.basename(self.path).removesuffix(".onnx")
        with open(self.path.removesuffix(".onnx") + ".json") as file:
            self.profile = json.load(file)
        self.judged, self.walked = a.judged, a.walked
        if self.profile["dataset"] == "cifar10":
            folder = os.path.join(a.data, "cifar10")
            self.training = os.path.join(folder, "data_batch_1.bin")
            self.test = os.path.join(folder, "test_dev_5000.bin")
            self.count = 5000
        else:
            self.training, self.test, self.count = "shapes-train", "shapes", 10_000

    def accuracy(self):
        """Our accuracy, ONNX Runtime's, and the largest difference of logits relative to the largest logit."""
        found, _ = self.program("predict", self.model, "--images", self.test, "--logits")
        ours = np.array([p["logits"] for p in found["predictions"]])
        truth = np.array([p["truth"] for p in found["predictions"]])
        theirs = runtime_logits(self.path, self.normalized(self.images()))
        difference = np.abs(ours - theirs).max() / np.abs(theirs).max()
        return found["accuracy"], float(np.mean(theirs.argmax(1) == truth)), float(difference)

    def images(self):
        if self.test.endswith(".bin"):
            return cifar(self.test)[0]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.npy")
            subprocess.run([self.program.binary, "data", "export", self.test, "--output", path], check=True)
            return np.load(path)

    def normalized(self, images):
        mean, std = (np.float32(self.profile.get(key, [default])).reshape(1, -1, 1, 1)
                     for key, default in (("mean", 0), ("std", 1)))
        return (images - mean) / std

    def noise(self):
        found, _ = self.program("noise", self.model, "--images", self.training, "--range", "0..300")
        return found["radius"]

    def universal(self, method, radius, seed=1):
        images = self.walked if method in (UAP, "gradient") else 100
        options = {CURVATURE: ["--count", 100, "--step", radius], UAP: ["--passes", 3]}.get(method, [])
        if method == ASCENT:
            method, options = CURVATURE, ["--count", 100, "--step", radius, "--ascent", 20]
        found, _ = self.program(
            "universal", self.model, "--method", method, "--radius", radius, "--seed", seed, *options,
            "--images", self.training, "--range", f"0..{images}", "--validate", self.test, "--validate-range",
            f"0..{self.judged}")
        return found

    def norm(self, noise):
        """The smallest multiple of a twentieth of R_0.8 at which UAP fools 0.8 of the training images, by bisection."""
        low, high = 0, 20
        while high - low > 1:
            k = (low + high) // 2
            if self.universal(UAP, noise * k / 20)["training"]["rate"] >= 0.8:
                high = k
            else:
                low = k
        return noise * high / 20


def runtime_logits(path, images):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return np.concatenate([session.run(None, {name: images[i:i + 250]})[0] for i in range(0, len(images), 250)])


def judge(network, failed, radii, baselines):
    ours, theirs, difference = network.accuracy()
    if ours != theirs or difference > 1e-4:
        failed.append(f"{network.name}: accuracy {ours} and {theirs}, logits differ by {difference:.1e}")
    noise = network.noise()
    for radius in radii or [network.norm(noise)]:
        methods = (CURVATURE, ASCENT, UAP, NORMALS, *baselines)
        found = {method: network.universal(method, radius)["validation"] for method in methods}
        rates = {method: v["rate"] for method, v in found.items()}
        rates[RANDOM] = statistics.mean(
            network.universal(RANDOM, radius, seed)["validation"]["rate"] for seed in range(1, 6))
        low, high = found[ASCENT]["interval"]
        print(f"{network.name:16} {100 * ours:6.2f} % {difference:8.1e} {noise:7.2f} {radius:6.2f} "
              f"{rates[CURVATURE]:7.3f} {rates[ASCENT]:7.3f} [{low:.3f}, {high:.3f}] "
              + " ".join(f"{rates[m]:7.3f}" for m in (UAP, NORMALS, RANDOM, *methods[4:])), flush=True)
        if high < rates[UAP] or not rates[CURVATURE] > rates[NORMALS] > rates[RANDOM]:
            failed.append(f"{network.name}: the order ascent ≥ UAP, S_c > S_f > random does not hold: {rates}")


def main():
    a = arguments(__doc__, judged=(1000, "images that judge"), walked=(1000, "images that UAP walks through"),
                  models=("", "comma-separated names or files; all bundled ones where not said"),
                  radii=("", "norms, with commas; where UAP fools 0.8 of the training images where not said"),
                  baselines=("", "other methods of universal, with commas"))
    folder = os.path.dirname(bundled("x"))
    names = a.models.split(",") if a.models else sorted(
        name.removesuffix(".onnx") for name in os.listdir(folder) if name.endswith(".onnx"))
    baselines = [b for b in a.baselines.split(",") if b]
    print(f"{'network':16} {'accuracy':>8} {'logits':>8} {'R_0.8':>7} {'ξ':>6} {'S_c':>7} {'ascent':>7} {'95 % interval':>14} "
          f"{'UAP':>7} {'S_f':>7} {'random':>7}" + "".join(f" {m:>7}" for m in baselines))
    radii = [float(r) for r in a.radii.split(",")] if a.radii else None
    failed = []
    for name in names:
        judge(Network(a, name), failed, radii, baselines)
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
