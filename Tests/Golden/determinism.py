"""Equal bytes for equal commands, with one thread, with two, with two again and with sixteen.

    python determinism.py BINARY DATA

Compared are standard output and the array that was written. Exit status 1 where any differ.
"""
import hashlib
import os
import sys
import tempfile

import numpy as np

from program import Program, arguments

THREADS = (1, 2, 2, 16)


def main():
    a = arguments(__doc__)
    program = Program(a.binary)
    images = os.path.join(a.data, "cifar10", "test_dev_5000.bin")
    resnet20 = os.path.join(a.data, "models", "cifar10", "derived_akamaster_resnet20.onnx")
    with tempfile.TemporaryDirectory() as folder:
        v, out = os.path.join(folder, "v.npy"), os.path.join(folder, "out.npy")
        np.save(v, np.random.default_rng(1).standard_normal((3, 32, 32)).astype(np.float32))

        def some(count):
            return ["--images", images, "--range", f"0..{count}"]

        written = ["--output", out]
        commands = [
            ["predict", "lenet-cifar10", *some(300), "--logits"],
            ["predict", resnet20, *some(70), "--logits"],
            ["derive", "lenet-cifar10", *some(70), "--order", "jacobian", *written],
            ["derive", resnet20, *some(20), *written],
            ["derive", "lenet-cifar10", *some(40), "--order", "hessian", "--step", 1, "--along", v, *written],
            # Three pairs of alike images in one tile, or each in its own.
            ["derive", "resnet18-cifar10", "--images", images, "--range", "40..43", "--order", "hessian", "--step", 1,
             "--along", v, *written],
            ["derive", "lenet-cifar10", *some(8), "--order", "hessian", "--product", "softened", "--along", v, *written],
            ["perturb", "lenet-cifar10", *some(60), *written],
            ["noise", "lenet-cifar10", *some(60)],
            ["normals", "lenet-cifar10", *some(60), *written],
            ["curvature", "lenet-cifar10", *some(20), "--count", 20, "--iterations", 12, "--step", 2.4, *written],
            ["universal", "lenet-cifar10", *some(100), "--radius", 3, "--passes", 1, *written],
            ["fool", "lenet-cifar10", *some(300), "--perturbation", v, "--radius", 3],
            ["section", "lenet-cifar10", *some(5), "--index", 1, "--along", "random:3", "--size", "24x24",
             "--format", "json"],
        ]
        different = 0
        for command in commands:
            digests = []
            for threads in THREADS:
                digest = hashlib.sha256(program.bytes(*command, threads=threads))
                if out in command:
                    with open(out, "rb") as file:
                        digest.update(file.read())
                digests.append(digest.hexdigest())
            same = len(set(digests)) == 1
            different += not same
            shown = os.path.basename(command[1])
            print(f"{'same' if same else 'DIFFERENT':9} {digests[0][:16]}  {command[0]} {shown}", flush=True)
            if not same:
                print("   threads", *THREADS, *(d[:8] for d in digests))
    if different:
        sys.exit(f"{different} of {len(commands)} commands differ")


if __name__ == "__main__":
    main()
