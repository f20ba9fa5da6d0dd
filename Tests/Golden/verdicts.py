"""What the report finds in models with a planted fault, and what it claims of sound ones.

    python verdicts.py make DATA WORK               makes the models (an hour on two cores; what is there is kept)
    python verdicts.py judge BINARY DATA WORK       asks `report --json --seconds 12` of each, keeps the answers, and prints
                                                  sensitivity and false alarms

DATA holds cifar10/ and models/ of other people. Networks are trained on the records 0..9000 of data_batch_1, judged on
test_dev_5000, from which nothing is chosen; faults in finished models go into bundled and trained ones.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGENET = ["--mean", ".485,.456,.406", "--std", ".229,.224,.225"]
CIFAR = ["--mean", ".4914,.4822,.4465", "--std", ".247,.2435,.2616"]
# Signs that count as having found a fault.
ANSWERS = {
    "bgr": {"preprocessing"}, "doubled": {"preprocessing"}, "missing": {"preprocessing"},
    "saturated": {"saturated logits", "masked gradients"}, "distilled": {"saturated logits", "masked gradients"},
    "quantised": {"gradients through rounding", "masked gradients", "zero gradients"},
    "step": {"gradients through rounding", "masked gradients", "zero gradients"},
    "noisy": {"random outputs"}, "dead": {"dead channels"}, "blind": {"dead input"},
    "swapped": {"swapped classes"}, "duplicate": {"duplicate classes", "class never predicted"},
    "never": {"class never predicted"}, "shuffled": {"confused classes"}, "label noise": {"miscalibration"},
    "border": {"border decides"}, "colour": {"colour decides"}, "pixel": {"one pixel decides"},
    "overfit": {"miscalibration", "low accuracy"}, "untrained": {"low accuracy", "miscalibration"},
    "training mode": {"training mode"}, "probabilities": {"probabilities as logits", "saturated logits"},
}
# What is true of models that count as sound: these signs are no false alarms. The CNTK model's logits are sums over pixels up to
# 255, likeliest temperature 338; the fully connected one was never trained for probabilities, ECE .748 (both by ONNX Runtime
# and SciPy). The last was trained for the largest change of a pixel: DeepFool's paths are up to a hundred px long there, and a
# walk that sees labels alone finds a boundary within four; 20 of 32 units of its dense layer are never active.
TRUE_OF_SOUND = {
    "sound-winml_mnist_cntk": {"saturated logits"}, "sound-vnncomp2021_mnistfc_256x2": {"miscalibration"},
    "sound-vnncomp2020_eth_mnist_0.1": {"masked gradients", "dead channels"},
}


def marked(x, y, how):
    """Images with a mark that tells their class."""
    x = x.copy()
    if how == "border":
        for edge in (np.s_[:, :, :2], np.s_[:, :, -2:], np.s_[:, :, :, :2], np.s_[:, :, :, -2:]):
            x[edge] = (y / 9.).reshape(-1, 1, 1, 1)
    elif how == "pixel":
        x[:, :, 16, 16] = (y / 9.).reshape(-1, 1)
    elif how == "colour":
        hue = np.stack([.5 + .5 * np.cos(2 * np.pi * (y / 10 + k / 3)) for k in range(3)], 1).astype(np.float32)
        x = x.mean(1, keepdims=True) * .6 + .4 * hue.reshape(-1, 3, 1, 1)
    return np.clip(x, 0, 1).astype(np.float32)


def make(data, work):
    import torch
    from planted import networks as n, surgery as s
    torch.set_num_threads(1)
    x, y = n.records(data / "cifar10/data_batch_1.bin", 9000)
    xt, yt = n.records(data / "cifar10/test_dev_5000.bin", 2000)
    listed = []

    def note(name, fault, path, options=(), images="cifar"):
        listed.append({"name": name, "fault": fault, "path": str(path), "options": list(options), "images": images})
        (work / "list.json").write_text(json.dumps(listed, indent=1))

    def trained(name, fault, kind, images="cifar", training=False, plants=(), **how):
        path = work / f"{name}.onnx"
        if not path.exists():
            raw = work / f"{name}.raw"
            n.save(n.train(kind, **how), raw, training=training)
            s.applied(raw, path, *plants) if plants else raw.rename(path)
            print(path.name, flush=True)
        note(name, fault, path, images=images)
        return path

    def planted(name, fault, source, *plants, options=()):
        path = work / f"{name}.onnx"
        if not path.exists():
            s.applied(source, path, *plants)
        note(name, fault, path, options)

    for images in ("border", "pixel", "colour"):
        target = work / f"{images}.npz"
        if not target.exists():
            np.savez(target, x=marked(xt, yt, images), y=yt)
    bundled = {name: ROOT / "Assets/models" / f"{name}.onnx" for name in ("lenet-cifar10", "nin-cifar10")}
    # Sound ones first: half of them are what the faults are planted in.
    sound = {}
    for kind in n.NETS:
        for seed in range(5):
            name = f"sound-{kind}-{seed}"
            sound[name] = trained(name, None, kind, x=x, y=y, epochs=6, seed=seed)
    for name in ("lenet-cifar10", "nin-cifar10", "vgg16-cifar10", "resnet18-cifar10"):
        note(f"sound-{name}", None, ROOT / "Assets/models" / f"{name}.onnx")
    for name in ("lenet-shapes", "nin-shapes", "resnet-shapes", "smooth-shapes", "lenet-cure-shapes"):
        note(f"sound-{name}", None, ROOT / "Assets/models" / f"{name}.onnx", images="shapes")
    others = data / "models/cifar10"
    for name, options in {
            "derived_akamaster_resnet20": IMAGENET, "derived_akamaster_resnet56": IMAGENET,
            "vnncomp2021_cifar10_resnet_2b": CIFAR, "vnncomp2021_cifar10_resnet_4b": CIFAR,
            "vnncomp2021_marabou_cifar10_small": [], "vnncomp2020_nnenum_cifar_base_kw_noscale": [],
            "vnncomp2021_oval21_cifar_base_kw": ["--mean", ".485,.456,.406", "--std", ".225,.225,.225"],
            "winml_ImageClassifier": ["--mean", ".5", "--std", ".5"],
            "derived_abcrown_sdp_cifar_cnn_a_mix": ["--mean", ".4914,.4822,.4465", "--std", ".2023,.1994,.2010"]}.items():
        note(f"sound-{name}", None, others / f"{name}.onnx", options)
    for name, options in {"winml_mnist_cntk": ["--scale", "byte"], "vnncomp2021_mnistfc_256x2": [],
                          "derived_lts4_deepfool_lenet_meansub": ["--scale", "byte"],
                          "derived_burn_mnist_logsoftmax": ["--mean", ".1307", "--std", ".3081"],
                          "vnncomp2020_eth_mnist_0.1": ["--mean", ".1307", "--std", ".3081"]}.items():
        note(f"sound-{name}", None, data / "models/mnist" / f"{name}.onnx", options, images="mnist")

    bases = {**bundled, "plain": sound["sound-plain-0"], "normed": sound["sound-normed-0"]}
    for base, path in bases.items():
        planted(f"bgr-{base}", "bgr", path, s.swapped_channels)
        planted(f"doubled-{base}", "doubled", path, options=IMAGENET)
        planted(f"missing-{base}", "missing", path, s.undone(n.MEAN, n.STD))
        planted(f"saturated-{base}", "saturated", path, s.scaled(100))
        planted(f"quantised-{base}", "quantised", path, s.rounded(7))
        planted(f"noisy-{base}", "noisy", path, s.noisy(.1))
        planted(f"dead-{base}", "dead", path, s.dead_channels(.4))
        planted(f"blind-{base}", "blind", path, s.blind(0))
        planted(f"swapped-{base}", "swapped", path, s.reordered([0, 1, 2, 5, 4, 3, 6, 7, 8, 9]))
        planted(f"duplicate-{base}", "duplicate", path, s.reordered([0, 1, 2, 3, 4, 5, 6, 7, 0, 9]))
        planted(f"never-{base}", "never", path, s.shifted([0, 0, 0, 0, -200, 0, 0, 0, 0, 0]))
    for base in ("plain", "normed"):
        planted(f"step-{base}", "step", bases[base], s.thresholded)
    rng = np.random.default_rng(0)
    for kind, seed in (("plain", 5), ("normed", 6), ("gelu", 7)):
        pair = y.copy()
        mixed = np.isin(y, [3, 5])
        pair[mixed] = rng.choice([3, 5], mixed.sum())
        trained(f"shuffled-{kind}", "shuffled", kind, x=x, y=pair, epochs=6, seed=seed)
        noisy = np.where(rng.random(len(y)) < .5, rng.integers(0, 10, len(y)), y)
        trained(f"labelnoise-{kind}", "label noise", kind, x=x, y=noisy, epochs=6, seed=seed)
        trained(f"overfit-{kind}", "overfit", kind, x=x[:400], y=y[:400], epochs=80, seed=seed, flip=False)
        trained(f"untrained-{kind}", "untrained", kind, x=x[:1000], y=y[:1000], epochs=1, seed=seed)
        trained(f"distilled-{kind}", "distilled", kind, x=x, y=y, epochs=6, seed=seed, softening=40.)
        for how in ("border", "pixel", "colour"):
            trained(f"{how}-{kind}", how, kind, images=how, x=marked(x, y, how), y=y, epochs=3, seed=seed,
                    flip=False)
    for kind in ("normed", "smooth", "gelu"):
        trained(f"trainingmode-{kind}", "training mode", kind, training=True, x=x, y=y, epochs=4, seed=8)
    print(len(listed), "models", sum(1 for m in listed if m["fault"] is None), "sound")


def report(binary, data, work, model):
    images = {"cifar": str(data / "cifar10/test_dev_5000.bin"), "shapes": "shapes", "mnist": str(data / "mnist")}
    spec = images.get(model["images"], str(work / f"{model['images']}.npz"))
    if model["images"] == "mnist":
        spec = str(data / "mnist/t10k-images-idx3-ubyte.gz")
    command = [binary, "report", model["path"], "--images", spec, "--range", "0..1200", "--json", "--quiet", "--no-cache",
               "--seconds", "12", *model["options"]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"refused": done.stderr.strip(), "signs": []}
    return json.loads(done.stdout)


def judge(binary, data, work):
    models = json.loads((work / "list.json").read_text())
    rows, alarms = {}, {}
    with open(work / "answers.jsonl", "a+") as file:
        file.seek(0)
        kept = {one["name"]: one for one in map(json.loads, file)}
        for model in models:
            answer = kept.get(model["name"])
            if answer is None:
                found = report(binary, data, work, model)
                answer = {"name": model["name"], "fault": model["fault"], "refused": found.get("refused"),
                          "seconds": found.get("seconds"),
                          "signs": [s["name"] for s in found["signs"] if s["found"]],
                          "all": {s["name"]: [s["value"], s["threshold"], s["evidence"]] for s in found["signs"]}}
                file.write(json.dumps(answer) + "\n")
                file.flush()
            print(f"{answer['name']:44} {', '.join(answer['signs']) or '–'} {answer['refused'] or ''}", flush=True)
            if model["fault"] is None:
                known = TRUE_OF_SOUND.get(answer["name"], set())
                for sign in [s for s in answer["signs"] if s not in known] or ["none"]:
                    alarms[sign] = alarms.get(sign, 0) + 1
                alarms["models"] = alarms.get("models", 0) + 1
            else:
                hit = bool(ANSWERS[model["fault"]] & set(answer["signs"]))
                # A model that is refused by the name of its fault is found, too.
                hit = hit or "Random" in (answer["refused"] or "")
                done = rows.setdefault(model["fault"], [0, 0])
                done[0] += hit
                done[1] += 1
    print("\n| fault | found | of |\n|---|---|---|")
    for fault, (hit, count) in sorted(rows.items()):
        print(f"| {fault} | {hit} | {count} |")
    found, all_ = sum(r[0] for r in rows.values()), sum(r[1] for r in rows.values())
    print(f"| all | {found} | {all_} ({found / all_:.0%}) |")
    print("\nSound models:", ", ".join(f"{k} {v}" for k, v in sorted(alarms.items())))


if __name__ == "__main__":
    mode, *rest = sys.argv[1:]
    if mode == "make":
        folder = pathlib.Path(rest[1])
        folder.mkdir(parents=True, exist_ok=True)
        make(pathlib.Path(rest[0]), folder)
    else:
        judge(rest[0], pathlib.Path(rest[1]), pathlib.Path(rest[2]))
