"""Which universal fools most at small norms: rates against the norm, the number of images, the method.

    python norms.py BINARY DATA RESULTS [--only NETWORK,...] [--methods a,b] [--norms .05,.1,.15,.2] [--images 20,100,1000]
                    [--samples 3] [--threads N] [--table]

Norms are shares of R, the norm at which random noise changes 80 % of the labels of the first 500 training images. Each sample of n images are
others of the training file; rates are of the first 1,000 images of test_dev_5000, from which nothing is chosen (the
sign is that which fools more training images). Every run adds a line to RESULTS, and what is there is not run again.
--table prints means over samples, with the lowest and the highest, of +v and of −v, beside ceilings and R.

Methods: even and logistic (10,000 gradients, mirrored and ±3 px shifted images); gradient (10,000, clipped cross-entropy, plain images);
gradient+ (the same over varied images); uap (five passes at most, some 5·n·(1 + 10) gradients); sc (h = ξ, 100 points at most,
590 gradients a point); sc+ (100 points of varied images); sf (a gradient a boundary point); random.
"""
import argparse
import json
import os
import statistics
import sys

from program import Preprocessing, Program

IMAGENET = Preprocessing(mean=(.485, .456, .406), std=(.229, .224, .225))
OWN = {"derived_akamaster_resnet20": IMAGENET, "derived_akamaster_resnet56": IMAGENET}
METHODS = {
    "even": ["--method", "even"], "logistic": ["--method", "logistic"],
    "gradient": ["--method", "gradient", "--gradients", 10000],
    "gradient+": ["--method", "gradient", "--gradients", 10000, "--augment", "shift:3"],
    "uap": ["--method", "uap"], "sc": ["--method", "curvature"],
    "sc+": ["--method", "curvature", "--augment", "shift:3"], "sf": ["--method", "normals"],
    "random": ["--method", "random"],
}


def parsed():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("binary")
    p.add_argument("data")
    p.add_argument("results")
    for name, default in (("only", "lenet-cifar10"), ("methods", ",".join(METHODS)), ("norms", ".05,.1,.15,.2"),
                          ("images", "20,100,1000")):
        p.add_argument(f"--{name}", default=default)
    p.add_argument("--samples", type=int, default=3)
    p.add_argument("--threads", type=int)
    p.add_argument("--table", action="store_true")
    return p.parse_args()


def known(path):
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return {tuple(one["key"]): one for one in map(json.loads, file)}


def model(name, data):
    if name not in OWN:
        return [name]
    return [os.path.join(data, "models", "cifar10", f"{name}.onnx"), *OWN[name].options]


def sets(name, data, first, count):
    """Training images and those that judge."""
    if name.endswith("shapes"):
        return ["--images", "shapes-train", "--range", f"{first}..{first + count}",
                "--validate", "shapes", "--validate-range", "0..1000"]
    folder = os.path.join(data, "cifar10")
    return ["--images", os.path.join(folder, "data_batch_1.bin"), "--range", f"{first}..{first + count}",
            "--validate", os.path.join(folder, "test_dev_5000.bin"), "--validate-range", "0..1000"]


def run(a, program, results):
    for name in a.only.split(","):
        key = (name, "R", 0, 0, 0)
        if key not in results:
            noise, _ = program("noise", *model(name, a.data), *sets(name, a.data, 0, 500)[:4])
            keep(a, results, {"key": key, "radius": noise["radius"]})
        radius = results[key]["radius"]
        wanted = [(name, method, float(share), int(count), sample) for sample in range(a.samples)
                  for share in a.norms.split(",") for count in a.images.split(",") for method in a.methods.split(",")]
        for key in wanted:
            _, method, share, count, sample = key
            if key in results or (method == "sc" and count == 1000) or (method == "random" and count != 20):
                continue
            count = min(count, 100) if method == "sc" else count
            found, seconds = program("universal", *model(name, a.data), *sets(name, a.data, 1000 * sample, count),
                                     "--radius", share * radius, "--seed", sample + 1, *METHODS[method])
            judged = found["validation"]
            keep(a, results, {"key": key, "rate": judged["rate"], "opposite": judged["opposite"],
                              "ceiling": judged["ceiling"], "seconds": round(seconds, 1)})
            print(*key, judged["rate"], judged["opposite"], round(seconds, 1), flush=True)


def keep(a, results, one):
    results[tuple(one["key"])] = one
    with open(a.results, "a") as file:
        file.write(json.dumps(one) + "\n")


def table(a, results):
    for name in dict.fromkeys(key[0] for key in results):
        own = {k: v for k, v in results.items() if k[0] == name and k[1] != "R"}
        print(f"\n{name}, R = {results[name, 'R', 0, 0, 0]['radius']:.2f} px\n")
        shares, counts = (sorted({k[i] for k in own}) for i in (2, 3))
        print("| method | images |" + "".join(f" ξ = {s:g} R |" for s in shares))
        print("| --- | ---: |" + " ---: |" * len(shares))
        for method in METHODS:
            for count in counts:
                cells = [cell([v for k, v in own.items() if k[1:4] == (method, share, count)]) for share in shares]
                if any(cells):
                    print(f"| {method} | {count} |" + "".join(f" {c} |" for c in cells))


def cell(runs):
    if not runs:
        return ""
    rates = [100 * r["rate"] for r in runs]
    spread = f" ({min(rates):.0f}–{max(rates):.0f})" if len(runs) > 1 else ""
    return f"{statistics.mean(rates):.1f}{spread} / {statistics.mean(100 * r['opposite'] for r in runs):.1f}"


def main():
    a = parsed()
    results = known(a.results)
    if not a.table:
        run(a, Program(a.binary, a.threads), results)
    table(a, results)


if __name__ == "__main__":
    sys.exit(main())
