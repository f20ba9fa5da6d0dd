"""Rates on the networks that people train today, ours and the rivals' in turn.

    python modern.py BINARY [--only NAME,...] [--rounds 2] [--seconds 12] [--threads 2] [--compile] [--table FILE]

Every architecture is built with ten classes and random weights from a fixed seed, exported by PyTorch with opset 17, and
raced on seeded noise: the forward pass, the gradient of the margin of two classes, the secant product (the gradients at
two points), and the Jacobian of the ten logits. Ours is `bench FILE --json`. Rivals, with as many threads: PyTorch eager,
contiguous and channels-last, in batches of 1, 8 and 32, of which the best counts; `torch.compile` where asked; ONNX
Runtime and OpenVINO, forward alone. Each round runs ours, then each rival in a process of its own; the best of all rounds
counts, in images a second.

The table has for each job ours, the best rival with its name, and the ratio; then the share of a large product's rate that
our multiply-adds reach, and the peak memory of ours and of PyTorch in MiB. No bound: a table.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")

TORCHVISION = """resnet50 densenet121 mobilenet_v2 mobilenet_v3_large efficientnet_b0 convnext_tiny vit_b_16 swin_t
regnet_y_400mf shufflenet_v2_x1_0""".split()
TIMM = {"deit_tiny": "deit_tiny_patch16_224", "mixer_s32": "mixer_s32_224", "repvgg_a0": "repvgg_a0",
        "mobilevitv2": "mobilevitv2_050", "wide_resnet28": None, "small_vit": None}
JOBS = ["forward", "gradient", "secant", "jacobian"]
BATCHES = [1, 8, 32]


def build(name):
    import torch

    torch.manual_seed(0)
    if name == "wide_resnet28":
        model, side = wide_resnet(), 32
    elif name == "small_vit":
        import timm

        model = timm.models.vision_transformer.VisionTransformer(
            img_size=32, patch_size=4, embed_dim=192, depth=6, num_heads=3, num_classes=10)
        side = 32
    elif name in TIMM:
        import timm

        model = timm.create_model(TIMM[name], pretrained=False, num_classes=10)
        side = model.default_cfg["input_size"][1]
    else:
        import torchvision

        model, side = getattr(torchvision.models, name)(weights=None, num_classes=10), 224
    for module in model.modules():
        # Heads that begin at zero would have no gradient.
        if isinstance(module, torch.nn.Linear) and not module.weight.any():
            torch.nn.init.normal_(module.weight, std=0.05)
    return model.eval().requires_grad_(False), side


def wide_resnet(depth=28, width=10):
    """WRN-28-10 (Zagoruyko and Komodakis, BMVC 2016)."""
    from torch import nn

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.a, self.b = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
            self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            same = inputs == outputs and stride == 1
            self.skip = None if same else nn.Conv2d(inputs, outputs, 1, stride, bias=False)

        def forward(self, x):
            y = self.a(x).relu()
            z = self.second(self.b(self.first(y)).relu())
            return z + (x if self.skip is None else self.skip(y))

    layers, inputs = [nn.Conv2d(3, 16, 3, 1, 1, bias=False)], 16
    for stage in range(3):
        for i in range((depth - 4) // 6):
            outputs = 16 * width * 2**stage
            layers.append(Block(inputs, outputs, 2 if stage > 0 and i == 0 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.BatchNorm2d(inputs), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(inputs, 10))


def export(name, path):
    import torch

    torch.backends.mha.set_fastpath_enabled(False)  # has no ONNX operator
    model, side = build(name)
    torch.onnx.export(model, torch.zeros(1, 3, side, side), path, opset_version=17, dynamo=False, input_names=["x"],
                      output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})


def best(run, seconds):
    begin = time.perf_counter()
    run()
    # What takes long has little to warm up.
    enough = 1 if time.perf_counter() - begin > 1 else 2
    least, begin, count = float("inf"), time.perf_counter(), 0
    while count < enough or (time.perf_counter() - begin < seconds and count < 200):
        start = time.perf_counter()
        run()
        least = min(least, time.perf_counter() - start)
        count += 1
    return least


def torch_jobs(model, x):
    import torch

    v = torch.randn_like(x) / x[0].numel() ** 0.5
    unit = torch.eye(10)

    def forward():
        with torch.no_grad():
            model(x)

    def gradient(at=x):
        at = at.detach().requires_grad_()
        y = model(at)
        return torch.autograd.grad((y[:, 0] - y[:, 1]).sum(), at)[0]

    def secant():
        half = torch.cat([x + v, x - v])
        g = gradient(half)
        return g[: len(x)] - g[len(x):]

    def jacobian():
        at = x.detach().requires_grad_()
        y = model(at)
        for k in range(10):
            torch.autograd.grad(y, at, unit[k].expand(len(x), 10), retain_graph=k < 9)

    return {"forward": forward, "gradient": gradient, "secant": secant, "jacobian": jacobian}


def race_torch(name, threads, seconds, compiled):
    import torch

    torch.set_num_threads(threads)
    model, side = build(name)
    rates = {}
    for layout in [torch.contiguous_format] if compiled else [torch.contiguous_format, torch.channels_last]:
        placed = model.to(memory_format=layout)
        for batch in [8] if compiled else BATCHES:
            x = torch.rand(batch, 3, side, side).to(memory_format=layout)
            runs = torch_jobs(torch.compile(placed) if compiled else placed, x)
            for job in JOBS:
                if batch == 32 and job in ("secant", "jacobian"):
                    continue  # more images at once than the two smaller batches make of it
                rate = batch / best(runs[job], seconds / 24)
                rates[job] = max(rates.get(job, 0), rate)
    return {"rates": rates, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def race_onnxruntime(path, side, threads, seconds):
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options)
    xs = [numpy.random.rand(b, 3, side, side).astype("f") for b in BATCHES]
    return {"rates": {"forward": max(len(x) / best(lambda: session.run(None, {"x": x}), seconds / 12) for x in xs)}}


def race_openvino(path, side, threads, seconds):
    import numpy
    import openvino

    core = openvino.Core()
    settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
    rates = []
    for batch in BATCHES:
        model = core.read_model(path)
        model.reshape({"x": [batch, 3, side, side]})
        compiled = core.compile_model(model, "CPU", settings)
        x = numpy.random.rand(batch, 3, side, side).astype("f")
        rates.append(batch / best(lambda: compiled(x), seconds / 12))
    return {"rates": {"forward": max(rates)}}


def race_ours(binary, path, threads, seconds):
    command = [binary, "bench", path, "--json", "--quiet", "--scale", "unit", "--jobs", ",".join(JOBS), "--rounds", "3",
               "--seconds", str(max(1, seconds)), "--threads", str(threads)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        sys.exit(f"{' '.join(command)}: {answer.stderr.strip()}")
    found = json.loads(answer.stdout)
    share = max(job["share"] or 0 for job in found["jobs"].values())
    return {"rates": found["rates"], "memory": found["memory"], "share": share, "peak": found["peak"]["gflops"]}


def child(arguments):
    """One rival in a process of its own: its memory, and the cores while it runs, are its."""
    answer = subprocess.run([sys.executable, __file__, "--race", json.dumps(arguments)], capture_output=True, text=True)
    if answer.returncode:
        print(f"  {arguments['rival']}: {answer.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {"rates": {}}
    return json.loads(answer.stdout.splitlines()[-1])


def race(a):
    match a["rival"]:
        case "torch": return race_torch(a["name"], a["threads"], a["seconds"], False)
        case "torch.compile": return race_torch(a["name"], a["threads"], a["seconds"], True)
        case "onnxruntime": return race_onnxruntime(a["path"], a["side"], a["threads"], a["seconds"])
        case "openvino": return race_openvino(a["path"], a["side"], a["threads"], a["seconds"])


def merge(old, new):
    rates = {job: max(old.get("rates", {}).get(job, 0), rate) for job, rate in new["rates"].items()}
    return {**new, "rates": {**old.get("rates", {}), **rates}, "memory": max(old.get("memory", 0), new.get("memory", 0))}


def row(name, ours, rivals):
    cells = [name]
    for job in JOBS:
        found = {rival: r["rates"][job] for rival, r in rivals.items() if job in r.get("rates", {})}
        leader = max(found, key=found.get) if found else "–"
        own = ours["rates"][job]
        cells.append(f"{own:.3g} : {found.get(leader, 0):.3g} {leader} = {own / found[leader]:.2f}" if found else f"{own:.3g}")
    memory = f"{ours['memory'] / 2**20:.0f} : {rivals['torch'].get('memory', 0) / 2**20:.0f}"
    return "| " + " | ".join(cells + [f"{ours['share']:.2f}", memory]) + " |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", nargs="?")
    parser.add_argument("--only")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--table")
    parser.add_argument("--race")
    a = parser.parse_args()
    if a.race:
        return print(json.dumps(race(json.loads(a.race))))
    names = a.only.split(",") if a.only else TORCHVISION + list(TIMM)
    head = f"| | {' | '.join(JOBS)} | share | MiB |\n|---|{'---|' * (len(JOBS) + 2)}"
    lines = [head]
    print(head)
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = f"{folder}/{name}.onnx"
            subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r}); import modern; modern.export({name!r}, {path!r})"],
                           check=True, capture_output=True)
            side = 32 if name in ("wide_resnet28", "small_vit") else 224
            common = {"name": name, "path": path, "side": side, "threads": a.threads, "seconds": a.seconds}
            ours, rivals = {}, {}
            for _ in range(a.rounds):
                ours = merge(ours, race_ours(a.binary, path, a.threads, a.seconds))
                for rival in ["torch", "onnxruntime", "openvino"] + (["torch.compile"] if a.compile else []):
                    rivals[rival] = merge(rivals.get(rival, {}), child({"rival": rival, **common}))
            lines.append(row(name, ours, rivals))
            print(lines[-1], flush=True)
    if a.table:
        with open(a.table, "w") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
