"""Logits, gradients and Hessian products of the architectures that people train, against ONNX Runtime and PyTorch.

    python exactness.py BINARY [--set torchvision|timm|named|all] [--only NAME,...] [--exporters script,dynamo]
                        [--most MILLIONS] [--image SEED] [--side PIXELS] [--table FILE]

Every architecture is built with random weights from a fixed seed, given moments and scales that are not all alike,
exported by PyTorch's two exporters, and evaluated at one random image of its own size (the smallest of its weights'):

- logits of `predict --logits`: the largest difference from ONNX Runtime over the largest logit, at most 1e-4;
- the gradient of the margin of the two best classes, `derive --order gradient`: the norm of the difference from PyTorch
  in double precision over its norm, at most 1e-3, or, where a kink of the network lies within the rounding of single
  precision, twice what that rounding moves PyTorch's gradient;
- the exact Hessian product along a random direction of networks with smooth activations: the same, at most 1e-2.

One line a network, then the totals. Exit status 1 where a bound is passed or a model is refused.
"""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import onnxruntime
import torch
from torch import nn

warnings.filterwarnings("ignore")

TIMM = """
mixer_s32_224 gmlp_s16_224 resmlp_12_224 deit_tiny_patch16_224 deit3_small_patch16_224 beit_base_patch16_224
cait_xxs24_224 convit_tiny crossvit_tiny_240 dm_nfnet_f0 repvgg_a0 coatnet_nano_rw_224 efficientformer_l1
edgenext_xx_small mobilevit_xxs mobileone_s0 ghostnet_100 rexnet_100 xcit_nano_12_p16_224 poolformer_s12 pit_ti_224
levit_128s tinynet_e hrnet_w18_small dla34 dpn68 res2net50_26w_4s seresnet50 skresnet18 vovnet39a cspdarknet53
convnextv2_atto fastvit_t8 visformer_tiny volo_d1_224 twins_svt_small sequencer2d_s tresnet_m mnasnet_small
resnest14d lcnet_050 swinv2_cr_tiny_224
""".split()


class CaffeNet(nn.Module):
    """AlexNet as Caffe's reference model has it: pooling before local response normalisation, two groups."""

    def __init__(self, classes=1000):
        super().__init__()
        response = lambda: nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)
        pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 11, 4), nn.ReLU(), pool(), response(),
            nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), pool(), response(),
            nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), pool())
        self.classifier = nn.Sequential(
            nn.Flatten(), nn.Linear(9216, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes))

    def forward(self, x):
        return self.classifier(self.features(x))


def torchvision_names():
    import torchvision
    models = torchvision.models.list_models(module=torchvision.models)
    return [name for name in models if name != "googlenet_quantized"]


def build(kind, name):
    """The network with random weights, and the side of its images."""
    torch.manual_seed(0)
    if name == "caffenet":
        return CaffeNet(), 227
    if kind == "timm":
        import timm
        model = timm.create_model(name, pretrained=False, exportable=True)
        return model, model.default_cfg.get("test_input_size", model.default_cfg["input_size"])[-1] \
            if model.default_cfg.get("fixed_input_size") is None else model.default_cfg["input_size"][-1]
    import torchvision
    extra = {"aux_logits": False, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    size = min(w.transforms().crop_size[0] for w in torchvision.models.get_model_weights(name))
    model = torchvision.models.get_model(name, weights=None, **extra)
    return model, getattr(model, "image_size", size)


def enliven(model):
    """Moments and scales as training would leave them: parameters that are all alike hide mistakes."""
    generator = torch.Generator().manual_seed(1)
    noise = lambda like: torch.randn(like.shape, generator=generator)
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.running_mean is not None:
            module.running_mean += 0.1 * noise(module.running_mean)
            module.running_var *= 1 + 0.5 * torch.rand(module.running_var.shape, generator=generator)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.numel() > 1 and (parameter == parameter.flatten()[0]).all():
                parameter += 0.1 * noise(parameter)
    return model.eval()


def export(model, image, path, exporter):
    # The old exporter leaves attention's fused kernels out.
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
        if exporter == "dynamo":
            torch.onnx.export(model, (image,), path, dynamo=True, verbose=False)
        else:
            torch.onnx.export(model, (image,), path, dynamo=False, opset_version=17)


def relative(ours, theirs):
    difference = np.linalg.norm((ours.astype(np.float64) - theirs).ravel())
    return float(difference / max(np.linalg.norm(theirs.ravel()), 1e-300))


class Reference:
    """What PyTorch computes: margin gradient in both precisions, Hessian product in double."""

    def __init__(self, model, image, direction):
        self.own, self.other = None, None
        with torch.no_grad():
            logits = model(image)[0]
        self.own, self.other = (int(i) for i in torch.topk(logits, 2).indices)
        self.model, self.image, self.direction = model, image, direction
        self.single = self.gradient(model, image)
        self.precise = self.gradient(model.double(), image.double())
        model.float()

    def margin(self, model, x):
        y = model(x)[0]
        return y[self.other] - y[self.own]

    def gradient(self, model, image):
        x = image.clone().requires_grad_(True)
        return torch.autograd.grad(self.margin(model, x), x)[0].numpy().astype(np.float64)

    def jump(self):
        """How far the gradient moves with the rounding of single precision: nothing, unless a kink is that near.

        The values of the image and of every convolution and normalisation are moved by what a sum of some hundred
        terms loses: 3e-7 of their root mean square.
        """
        generator = torch.Generator().manual_seed(4)

        def rounded(x):
            size = 3e-7 * x.detach().square().mean().sqrt()
            return x + size * torch.randn(x.shape, generator=generator, dtype=x.dtype)

        model = self.model.double()
        layers = [m for m in model.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d, nn.Linear))]
        hooks = [layer.register_forward_hook(lambda layer, given, x: rounded(x)) for layer in layers]
        jumps = [relative(self.gradient(model, rounded(self.image.double())), self.precise) for _ in range(8)]
        for hook in hooks:
            hook.remove()
        model.float()
        return max(jumps)

    def contradicts_itself(self, ours):
        """Whether differences of PyTorch's margin in double precision agree with our gradient and not with its own."""
        along = torch.from_numpy(ours.reshape(self.image.shape).astype(np.float64))
        size = float(along.norm())
        along, model = along / size, self.model.double()
        with torch.no_grad():
            ahead, behind = (self.margin(model, self.image.double() + h * along) for h in (1e-2, -1e-2))
        model.float()
        slope, own = float(ahead - behind) / 2e-2, float((self.precise * along.numpy()).sum())
        return abs(slope - size) <= 1e-3 * size and abs(slope - own) > 1e-2 * size

    def hessian_product(self):
        model = self.model.double()
        x = self.image.double().requires_grad_(True)
        try:
            with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
                gradient = torch.autograd.grad(self.margin(model, x), x, create_graph=True)[0]
                product = torch.autograd.grad((gradient * self.direction.double()).sum(), x)[0]
        finally:
            self.model.float()
        return product.numpy().astype(np.float64)


class Row:
    """One network by one exporter."""

    def __init__(self, name, exporter):
        self.name, self.exporter = name, exporter
        self.logits = self.gradient = self.kink = self.product = None
        self.problem, self.note, self.seconds = None, "ok", 0.0

    @property
    def failures(self):
        found = [self.problem] if self.problem else []
        if self.logits is not None and not self.logits <= 1e-4:
            found.append(f"logits {self.logits:.1e}")
        if self.gradient is not None and not self.gradient <= max(1e-3, 2 * self.kink):
            found.append(f"gradient {self.gradient:.1e}")
        if self.product is not None and not self.product <= 1e-2:
            found.append(f"Hessian product {self.product:.1e}")
        return found

    def __str__(self):
        show = lambda x: "–" if x is None else f"{x:.1e}"
        return (f"{self.name:28} {self.exporter:8} {show(self.logits):>8} {show(self.gradient):>9} {show(self.kink):>9} "
                f"{show(self.product):>9} {self.seconds:6.1f}  {'; '.join(self.failures) or self.note}")


# Images go in as they are: by its classes and its side the program would take a network for one of ImageNet's moments.
READING = ["--scale", "unit", "--mean", "0", "--std", "1"]


class Comparison:
    def __init__(self, a, folder):
        self.binary, self.folder, self.a = os.path.abspath(a.binary), folder, a
        self.rows = []
        self.file = open(a.table, "a") if a.table else None
        self.say(f"{'network':28} {'exporter':8} {'logits':>8} {'gradient':>9} {'kink':>9} {'Hessian':>9} {'s':>6}")

    def say(self, line):
        print(line, flush=True)
        if self.file:
            print(line, file=self.file, flush=True)

    def program(self, *arguments):
        command = [self.binary, *map(str, arguments), *READING, "--json"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().removeprefix("boundaryscope: ")[:300])
        return json.loads(done.stdout)

    def path(self, name):
        return os.path.join(self.folder, name)

    def network(self, kind, name):
        try:
            model, size = build(kind, name)
            size = self.a.side or size
        except Exception as error:  # an architecture that this version of the library has not
            self.say(f"{name:28} cannot be built: {str(error).splitlines()[0][:120]}")
            return
        count = sum(p.numel() for p in model.parameters()) / 1e6
        if self.a.most and count > self.a.most:
            return
        model = enliven(model)
        image = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(self.a.image))
        direction = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(3))
        np.save(self.path("image.npy"), image.numpy())
        np.save(self.path("direction.npy"), direction[0].numpy())
        reference = product = None
        for exporter in self.a.exporters.split(","):
            row = Row(name, exporter)
            start = time.perf_counter()
            for old in os.listdir(self.folder):
                if old.startswith("model"):
                    os.remove(self.path(old))
            try:
                export(model, image, self.path("model.onnx"), exporter)
            except Exception as error:
                self.say(f"{name:28} {exporter:8} cannot be exported: {str(error).splitlines()[0][:100]}")
                continue
            reference = reference or Reference(model, image, direction)
            try:
                product = self.compare(row, reference, product)
            except Exception as error:
                row.problem = str(error).splitlines()[0]
            row.seconds = time.perf_counter() - start
            self.rows.append(row)
            self.say(str(row))

    def compare(self, row, reference, product):
        path, image = self.path("model.onnx"), self.path("image.npy")
        inspection = self.program("inspect", path)
        if inspection.get("problem"):
            raise RuntimeError(inspection["problem"][:300])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 2, 3
        session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
        theirs = session.run(None, {session.get_inputs()[0].name: np.load(image)})[0].ravel()
        ours = np.array(self.program("predict", path, "--images", image, "--logits", "--no-cache")
                        ["predictions"][0]["logits"])
        row.logits = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
        margin = f"pair:{reference.own},{reference.other}"
        output = self.path("derivative.npy")
        self.program("derive", path, "--images", image, "--margin", margin, "--output", output)
        row.gradient = relative(np.load(output), reference.precise)
        row.kink = relative(reference.single, reference.precise)
        if row.gradient > max(1e-3, 2 * row.kink):
            row.kink = max(row.kink, reference.jump())
            if row.failures and reference.contradicts_itself(np.load(output)):
                row.note = "PyTorch's gradient contradicts differences of its own margin, ours agrees with them"
                row.gradient = None
                return product
        if not inspection["piecewiseLinear"]:
            self.program("derive", path, "--images", image, "--margin", margin, "--order", "hessian", "--product",
                         "exact", "--along", self.path("direction.npy"), "--output", output)
            try:
                product = reference.hessian_product() if product is None else product
            except RuntimeError as error:
                if "is not implemented" not in str(error):
                    raise
                return None  # PyTorch has no second derivative of a hard sigmoid, whose kinks make the network rough
            row.product = relative(np.load(output), product)
        return product

    def total(self):
        good = [row for row in self.rows if not row.failures]
        names = {row.name for row in self.rows}
        whole = names - {row.name for row in self.rows if row.failures}
        self.say(f"{len(good)} of {len(self.rows)} exports agree: {len(whole)} of {len(names)} networks by every exporter")
        for row in self.rows:
            if row.failures:
                self.say(f"  {row.name} ({row.exporter}): {'; '.join(row.failures)}")
        return len(good) == len(self.rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--set", default="all", choices=["torchvision", "timm", "named", "all"])
    parser.add_argument("--only", default="", help="names, with commas")
    parser.add_argument("--exporters", default="script,dynamo")
    parser.add_argument("--most", type=float, default=0, help="leave out networks of more million parameters")
    parser.add_argument("--image", type=int, default=2, help="seed of the image, to leave a kink")
    parser.add_argument("--side", type=int, default=0,
                        help="images of this side: PyTorch's second derivative of efficientnet_b7 takes 20 GB at its own")
    parser.add_argument("--table", help="also append the lines to this file")
    a = parser.parse_args()
    sets = {"named": ["caffenet", "resnet152"], "torchvision": torchvision_names(), "timm": TIMM}
    wanted = set(filter(None, a.only.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(a, folder)
        for kind in sets if a.set == "all" else [a.set]:
            for name in sets[kind]:
                if not wanted or name in wanted:
                    comparison.network(kind, name)
        if not comparison.total():
            sys.exit(1)


if __name__ == "__main__":
    main()
